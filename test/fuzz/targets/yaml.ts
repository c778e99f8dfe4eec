import { readYaml } from '../../../src/collect/settings/yaml.ts';
import type { DocumentNode } from '../../../src/model/settings.ts';
import type { Random } from '../../oracle/random.ts';
import { withAccidents } from '../accidents.ts';
import { hostileText } from '../hostile-text.ts';
import { type FuzzTarget, tried } from '../target.ts';

const signs = [
  '\n',
  '\t',
  '  ',
  ': ',
  '- ',
  '? ',
  '| ',
  '>-\n',
  '*a',
  '&a ',
  '<<: *a',
  '!!binary ',
  '!<x> ',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '#',
  '0o17',
  '1_000',
  '.inf',
  'yes',
  '2026-01-01',
  '~',
  '__proto__: {polluted: true}',
  'constructor: 1',
  '\\x41',
  '\ufeff',
];

/** More nodes than the reader's budget has no reading. */
const mostNodes = 1_000_001;

/** YAML and JSON by both dialects: read, or told where the fault is; never more nodes than the budget. */
export const yaml: FuzzTarget = {
  name: 'yaml',
  mostMilliseconds: 5000,
  inputs: 8000,
  prepare() {
    return Promise.resolve((random) => {
      const text = withAccidents(valueOf(random, 0, ''), signs, random);
      return tried(text, async () => {
        const reading = await readYaml({ path: 'a.yaml', text }, random.pick(['1.1', '1.2']));
        if (reading.ok) countNodes(reading.documents, text);
        else if (reading.error === '') throw new Error('a refusal without a reason');
        if (Object.hasOwn(Object.prototype, 'polluted'))
          throw new Error('a key became a prototype');
      });
    });
  },
};

/** Every place is in the text, or in the line behind it, where a block scalar without content begins. */
function countNodes(documents: readonly DocumentNode[], text: string): void {
  const lines = text.split(/\r\n|\r|\n/).length;
  const unseen = [...documents];
  for (let seen = 0; unseen.length > 0; seen += 1) {
    if (seen > mostNodes) throw new Error('more nodes than the budget');
    const node = unseen.pop();
    if (node === undefined) continue;
    if ((node.location.line ?? 1) > lines + 1) throw new Error('a place behind the end');
    if (node.kind === 'list') unseen.push(...node.items);
    if (node.kind === 'map') unseen.push(...node.entries.map(({ value }) => value));
  }
}

/** A value in one of YAML's ways of writing it, anchors and aliases among them. */
function valueOf(random: Random, depth: number, indent: string): string {
  const anchor = random.pick(['', '', '', '&a ', '&b ']);
  const inner = `${indent}  `;
  const items = Array.from({ length: 1 + random.below(3) }, () => random);
  switch (depth > 4 ? 0 : random.below(6)) {
    case 1:
      return `${anchor}\n${items.map((one) => `${inner}- ${valueOf(one, depth + 1, inner)}\n`).join('')}`;
    case 2:
    case 3:
      return `${anchor}\n${items.map((one) => `${inner}${keyOf(one)}: ${valueOf(one, depth + 1, inner)}\n`).join('')}`;
    case 4:
      return `${anchor}[${items.map((one) => valueOf(one, 5, inner)).join(', ')}]`;
    case 5:
      return `|\n${inner}${hostileText(random).replaceAll(/[\r\n]/g, ' ')}\n`;
    default:
      return `${anchor}${random.pick(['etcd', '"a b"', "'x'", '3.5', 'true', '*a', '*b', '', 'https://10.0.0.1:2379'])}`;
  }
}

function keyOf(random: Random): string {
  return random.pick([
    'name',
    'cert-file',
    'command',
    'kind',
    '"__proto__"',
    'constructor',
    '<<',
    '1',
  ]);
}

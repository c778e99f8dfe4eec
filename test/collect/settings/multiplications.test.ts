import { expect, test } from 'vitest';
import { boundedContext } from '../../../src/collect/settings/bounded-context.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

/** What the files come to: members, the length of all that is said of them, and what was not read. */
async function readAll(files: Readonly<Record<string, string>>) {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  const find = (deployed: string) => texts.find(({ path }) => path === deployed);
  const { members, notUnderstood } = await readSettings(texts, { find });
  const reasons = new Set(notUnderstood.map(({ reason }) => reason));
  return { members, length: JSON.stringify(members).length, reasons: [...reasons] };
}

const unit = (...lines: readonly string[]): string => `[Service]\n${lines.join('\n')}\n`;
const compose = (lines: string): string =>
  `services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.21\n${lines}`;
const doubling = Array.from(
  { length: 40 },
  (_, index) => `A${index + 1}=$A${index}$A${index}\n`,
).join('');
const start = 'ExecStart=/usr/bin/etcd --name ';

test.each([
  [
    'variables of an env_file that double from line to line',
    {
      'compose.yml': compose('    env_file: e.env\n    command: etcd\n'),
      'e.env': `A0=xxxxxxxx\n${doubling}ETCD_NAME=$A40\n`,
    },
  ],
  [
    'a long variable of `.env` in a word many times',
    {
      'compose.yml': compose(`    command: ["etcd", "--name=${'${A}'.repeat(5000)}"]\n`),
      '.env': `A=${'x'.repeat(50_000)}\n`,
    },
  ],
  [
    'a long variable of a unit in a word many times',
    {
      'etcd.service': unit(`Environment=A=${'x'.repeat(50_000)}`, `${start}${'${A}'.repeat(5000)}`),
    },
  ],
  [
    'a variable of many words as a word many times',
    {
      'etcd.service': unit(
        `Environment="A=${'x '.repeat(25_000)}"`,
        `${start}${'$A '.repeat(3000)}`,
      ),
    },
  ],
  [
    'many commands with many variables each',
    {
      'etcd.service': unit(
        'Type=oneshot',
        ...Array.from({ length: 1000 }, (_, index) => `Environment=A${index}=b`),
        ...Array.from({ length: 400 }, () => `${start}a`),
      ),
    },
  ],
])('%s: bounded, and said', { timeout: 60_000 }, async (_, files) => {
  const { length, reasons } = await readAll(files);

  expect(length).toBeLessThan(100_000_000);
  expect(reasons).not.toEqual([]);
});

test.each([
  [
    'EnvironmentFile',
    'etcd.service',
    (names: readonly string[]) =>
      unit(...names.map((name) => `EnvironmentFile=${name}`), `${start}a`),
  ],
  [
    'env_file',
    'compose.yml',
    (names: readonly string[]) =>
      compose(`    env_file: [${names.join(', ')}]\n    command: etcd\n`),
  ],
  [
    'quadlet',
    'etcd.container',
    (names: readonly string[]) =>
      `[Container]\nImage=quay.io/coreos/etcd:v3.5.21\n${names.map((name) => `EnvironmentFile=${name}\n`).join('')}Exec=etcd\n`,
  ],
] as const)(
  '%s: files that are named again and again are read once, and what is read last counts',
  async (_, name, text) => {
    const files = { 'a.env': 'ETCD_NAME=a\nETCD_LOG_LEVEL=info\n', 'b.env': 'ETCD_NAME=b\n' };
    const again = Array.from({ length: 2000 }, () => ['a.env', 'b.env']).flat();
    const many = await readAll({ [name]: text([...again, 'a.env']), ...files });
    const once = await readAll({ [name]: text(['b.env', 'a.env']), ...files });
    const valuesOf = ({ members }: typeof once) =>
      members.flatMap(({ sources }) =>
        sources.flatMap((source) =>
          source.kind === 'environment'
            ? source.variables.map(({ name: key, value }) => [key, value])
            : [],
        ),
      );

    expect(valuesOf(many)).toEqual(valuesOf(once));
    expect(valuesOf(many)).toContainEqual(['ETCD_NAME', 'a']);
  },
);

test('files that are named again lead to 64 MiB and no more, which is said of who names them', () => {
  const file = { path: 'e.env', text: 'x'.repeat(1024 * 1024) };
  const { context, exceeded } = boundedContext({ find: () => file });
  const found = Array.from({ length: 100 }, () => context.find('e.env', 'etcd.service'));

  expect(found.filter((each) => each !== undefined)).toHaveLength(65);
  expect(exceeded()).toEqual([
    { path: 'etcd.service', reason: 'names other files so often that not all of them are read' },
  ]);
});

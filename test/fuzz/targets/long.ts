import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { createHttpAnswerReader } from '../../../src/collect/wire/http-answer.ts';
import { readMetrics } from '../../../src/collect/probes/page-metrics.ts';
import { logExplainer } from '../../../src/diagnoses/explain-log.ts';
import { InputError } from '../../../src/input-error.ts';
import { publicText } from '../../../src/model/public-text.ts';
import { incidentText } from '../../../src/report/explanation.ts';
import { plainPaint } from '../../../src/report/style.ts';
import { logs } from '../../docs/logs.ts';
import type { Random } from '../../oracle/random.ts';
import { type Directory, directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { isViolation } from '../violation.ts';
import { settingsSamples } from '../settings-samples.ts';
import { type FuzzTarget, tried } from '../target.ts';

const mostCharacters = 100_000;

/** A piece of a sound input, up to 100 kB of it: what costs more than a line costs for each line shows itself. */
export const long: FuzzTarget = {
  name: 'long',
  mostMilliseconds: 8000,
  inputs: 12,
  async prepare() {
    const set = await directoryWith({});
    const { certificatePem } = await issueAuthority({ commonName: 'ca' });
    const files = [...settingsSamples, ['ca.pem', certificatePem] as const];
    return (random) => {
      const [name, sample] = random.pick(files);
      const [text, attempt] = random.pick<() => readonly [string, () => Promise<void> | void]>([
        () => attemptOn(stretched(sample, random), (all) => readAsFile(set, name, all)),
        () => attemptOn(stretched(sample, random), (all) => readAsFile(set, name, all)),
        () => attemptOn(stretched(random.pick(Object.values(logs)), random), explain),
        () => attemptOn(stretched(metrics, random), readAnswer),
      ])();
      return tried(text, attempt, (error) => error instanceof InputError || isViolation(error));
    };
  },
};

const metrics =
  'HTTP/1.1 200 OK\r\nServer: x\r\n\r\ngo_info{version="go1.23.8"} 1\netcd_network_active_peers{Local="a",Remote="b"} 1\n';

function attemptOn(text: string, attempt: (text: string) => Promise<void> | void) {
  return [text, () => attempt(text)] as const;
}

/** One piece, or one line with a number of its own in each copy. */
function stretched(text: string, random: Random): string {
  const lines = text.split(/(?<=\n)/);
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  const from = random.below(line.length + 1);
  const piece = random.below(2) === 0 ? line : line.slice(from, from + 1 + random.below(20));
  const count = Math.floor(mostCharacters / Math.max(piece.length + 4, 8));
  const copies = Array.from({ length: count }, (_, index) => piece.replace(/\d|$/, String(index)));
  const repeated = random.below(2) === 0 ? piece.repeat(count) : copies.join('');
  return [...lines.slice(0, at), repeated, ...lines.slice(at)].join('');
}

async function readAsFile(set: Directory, name: string, text: string): Promise<void> {
  await mkdir(dirname(set.at(name)), { recursive: true });
  await writeFile(set.at(name), text);
  try {
    judge(await collect({ paths: [set.path], maps: [] }));
  } finally {
    await rm(set.at(name));
  }
}

function explain(text: string): void {
  const explainer = logExplainer();
  for (const line of text.split('\n')) explainer.add(publicText(line));
  incidentText(explainer.incident(), { width: 80, paint: plainPaint });
}

function readAnswer(text: string): void {
  const reader = createHttpAnswerReader();
  const answer = reader.push(Buffer.from(text)) ?? reader.end();
  if (answer !== undefined) readMetrics(answer.body.toString('utf8'));
}

import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import {
  compareWithGo,
  type Comparison,
  describeDifference,
  readLimbo,
  readVerdicts,
} from '../test/pki/limbo/compare.ts';

/**
 * Compares our verification with what real Go said of an x509-limbo file.
 *
 *     npm run conformance -- [FILE.json[.gz]] [--verdicts GO.json[.gz]]...
 */
const defaults = '../shared/limbo';

const { file, verdicts } = readArguments(process.argv.slice(2));
const files = verdicts.length > 0 ? verdicts : await listVerdicts();
const limbo = readLimbo(await readJson(file ?? `${defaults}/limbo.json.gz`));

const totals = { verdicts: [0, 0], texts: [0, 0], parses: [0, 0] };
for (const path of files) {
  const comparison = compareWithGo(limbo, readVerdicts(await readJson(path)));
  add(comparison);
  print(`${comparison.go}: ${summary(comparison)}`);
  for (const difference of comparison.differences) print(describeDifference(difference));
}
print(summary(totals));
const isEqual = Object.values(totals).every(([equal, all]) => equal === all && all !== 0);
process.exitCode = isEqual ? 0 : 1;

function readArguments(given: readonly string[]): {
  readonly file?: string;
  readonly verdicts: readonly string[];
} {
  const rest = [...given];
  const found: string[] = [];
  let path: string | undefined;
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === '--verdicts') found.push(rest.shift() ?? usage());
    else if (next.startsWith('--verdicts=')) found.push(next.slice('--verdicts='.length));
    else if (next.startsWith('-') || path !== undefined) usage();
    else path = next;
  }
  return { verdicts: found, ...(path !== undefined && { file: path }) };
}

function usage(): never {
  process.stderr.write(
    'usage: npm run conformance -- [FILE.json[.gz]] [--verdicts GO.json[.gz]]...\n',
  );
  process.exit(2);
}

async function listVerdicts(): Promise<readonly string[]> {
  const folder = `${defaults}/go-verdicts`;
  const names = await readdir(folder);
  return names.toSorted().map((name) => `${folder}/${name}`);
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return JSON.parse((isPacked ? gunzipSync(bytes) : bytes).toString('utf8'));
}

function add(comparison: Comparison): void {
  for (const kind of ['verdicts', 'texts', 'parses'] as const) {
    totals[kind] = totals[kind].map((value, index) => value + (comparison[kind][index] ?? 0));
  }
}

function summary(counts: Record<'verdicts' | 'texts' | 'parses', readonly number[]>): string {
  return (['verdicts', 'texts', 'parses'] as const)
    .map((kind) => `${kind} ${counts[kind][0]} of ${counts[kind][1]}`)
    .join(', ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

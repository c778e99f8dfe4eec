import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import {
  compareWithGo,
  type Comparison,
  describeDifference,
  readLimbo,
  readVerdicts,
  usualMoment,
  type Verdicts,
} from '../test/pki/limbo/compare.ts';
import { verdictsOf } from '../test/pki/limbo/ask.ts';

/**
 * Compares our verification with what real Go said of an x509-limbo file.
 *
 *     npm run conformance -- [FILE.json[.gz]] [--verdicts GO.json[.gz]]... [--go RELEASE]...
 *
 * With --go the release itself is asked. Without either, what was recorded of nine releases counts, and
 * those of the other minor releases are asked.
 */
const defaults = '../shared/limbo';

/** The newest patch releases of the minor releases of which nothing was recorded. */
const others = ['1.12.17', '1.13.15', '1.14.15', '1.16.15', '1.17.13', '1.18.10', '1.20.14'];

const { file, verdicts, releases } = readArguments(process.argv.slice(2));
const isAll = verdicts.length + releases.length === 0;
const files = isAll ? await listVerdicts() : verdicts;
const limbo = readLimbo(JSON.parse(await readText(file ?? `${defaults}/limbo.json.gz`)));

const totals = { verdicts: [0, 0], texts: [0, 0], parses: [0, 0] };
for (const path of files) compare(readVerdicts(JSON.parse(await readText(path))));
for (const release of isAll ? others : releases) {
  compare(await verdictsOf(release, limbo, usualMoment));
}
print(summary(totals));
const isEqual = Object.values(totals).every(([equal, all]) => equal === all && all !== 0);
process.exitCode = isEqual ? 0 : 1;

function compare(recorded: Verdicts): void {
  const comparison = compareWithGo(limbo, recorded);
  add(comparison);
  print(`${comparison.go}: ${summary(comparison)}`);
  for (const difference of comparison.differences) print(describeDifference(difference));
}

function readArguments(given: readonly string[]): {
  readonly file?: string;
  readonly verdicts: readonly string[];
  readonly releases: readonly string[];
} {
  const rest = [...given];
  const found: string[] = [];
  const asked: string[] = [];
  let path: string | undefined;
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === '--verdicts') found.push(rest.shift() ?? usage());
    else if (next.startsWith('--verdicts=')) found.push(next.slice('--verdicts='.length));
    else if (next === '--go') asked.push(rest.shift() ?? usage());
    else if (next.startsWith('-') || path !== undefined) usage();
    else path = next;
  }
  return { verdicts: found, releases: asked, ...(path !== undefined && { file: path }) };
}

function usage(): never {
  process.stderr.write(
    'usage: npm run conformance -- [FILE.json[.gz]] [--verdicts GO.json[.gz]]... [--go RELEASE]...\n',
  );
  process.exit(2);
}

async function listVerdicts(): Promise<readonly string[]> {
  const folder = `${defaults}/go-verdicts`;
  const names = await readdir(folder);
  return names.toSorted().map((name) => `${folder}/${name}`);
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
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

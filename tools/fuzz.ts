import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Random } from '../test/oracle/random.ts';
import { FuzzFinding, type FuzzTarget } from '../test/fuzz/target.ts';
import { targets } from '../test/fuzz/targets/index.ts';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, only: { type: 'string' } },
  allowPositionals: true,
});
const seconds = Number(positionals[0] ?? 60);
const seed = Number(values.seed);
const chosen = targets.filter(({ name }) => values.only === undefined || values.only === name);
if (!(seconds > 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
  process.stderr.write(
    `usage: npm run fuzz -- [SECONDS] [--seed NUMBER] [--only ${targets.map(({ name }) => name).join('|')}]` +
      '\n',
  );
  process.exit(2);
}

let findings = 0;
say(`seed ${seed}, ${seconds} s for ${chosen.length} targets\n`);
say('target         inputs  per minute  slowest ms  heap MiB  findings');
for (const target of chosen) findings += await fuzz(target, (seconds * 1000) / chosen.length);
process.exitCode = findings === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Tries inputs until the time is over. Inputs follow from the seed alone; how many there are, from the machine. */
async function fuzz(target: FuzzTarget, milliseconds: number): Promise<number> {
  const tryInput = await target.prepare();
  const seen = new Set<string>();
  const state = { inputs: 0, slowest: 0, heap: 0 };
  const begin = performance.now();
  while (performance.now() - begin < milliseconds) {
    const input = seed * 1_000_003 + state.inputs;
    const start = process.cpuUsage();
    try {
      await tryInput(new Random(input));
    } catch (error) {
      await report(target, input, error, seen);
    }
    const { user, system } = process.cpuUsage(start);
    const took = (user + system) / 1000;
    if (took > target.mostMilliseconds)
      await report(target, input, new Error(`it took ${Math.round(took)} ms of CPU time`), seen);
    state.inputs += 1;
    state.slowest = Math.max(state.slowest, took);
    state.heap = Math.max(state.heap, process.memoryUsage().heapUsed);
  }
  const minutes = (performance.now() - begin) / 60_000;
  say(
    [
      target.name.padEnd(12),
      String(state.inputs).padStart(8),
      String(Math.round(state.inputs / minutes)).padStart(11),
      state.slowest.toFixed(0).padStart(11),
      (state.heap / 2 ** 20).toFixed(0).padStart(9),
      String(seen.size).padStart(9),
    ].join(' '),
  );
  return seen.size;
}

/** Each place is told once: the first input that leads there is kept. */
async function report(
  target: FuzzTarget,
  input: number,
  error: unknown,
  seen: Set<string>,
): Promise<void> {
  const cause = error instanceof FuzzFinding && error.cause instanceof Error ? error.cause : error;
  const trace = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  const place =
    trace.split('\n').filter((line) => /^\s+at .*\/src\//.test(line))[0] ??
    trace.split('\n')[0] ??
    '';
  if (seen.has(place)) return;
  seen.add(place);
  await mkdir('.cache/fuzz', { recursive: true });
  const file = `.cache/fuzz/${target.name}-${input}.txt`;
  // An input that only took too long has no text here; what an earlier finding kept of it stays.
  if (error instanceof FuzzFinding) await writeFile(file, error.input);
  say(
    `\n${target.name}, input ${input}${error instanceof FuzzFinding ? `, kept in ${file}` : ''}\n${trace.split('\n').slice(0, 6).join('\n')}\n`,
  );
}

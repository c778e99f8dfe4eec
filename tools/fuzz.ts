import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Random } from '../test/oracle/random.ts';
import { FuzzFinding, type FuzzTarget, mostGrowth } from '../test/fuzz/target.ts';
import { readWaiting } from '../test/fuzz/readers.ts';
import { targets } from '../test/fuzz/targets/index.ts';

const { values, positionals } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    inputs: { type: 'string' },
  },
  allowPositionals: true,
});
const [seconds, seed, inputs] = [positionals[0], values.seed, values.inputs].map(Number);
const chosen = targets.filter(({ name }) => values.only === undefined || values.only === name);
const isWrong = [
  positionals[0] !== undefined && !(Number(seconds) > 0),
  values.inputs !== undefined && !(Number(inputs) > 0),
  !Number.isSafeInteger(seed),
  chosen.length === 0,
];
if (isWrong.includes(true)) {
  process.stderr.write(
    `usage: npm run fuzz -- [SECONDS] [--inputs NUMBER] [--seed NUMBER] [--only ${targets.map(({ name }) => name).join('|')}]` +
      '\n',
  );
  process.exit(2);
}

let findings = 0;
say(`seed ${values.seed}, ${chosen.length} targets`);
say('target         inputs  per minute  slowest ms  heap MiB  findings');
for (const target of chosen) findings += await fuzz(target, untilEnd(target));
process.exitCode = findings === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Whether to try one more. Without SECONDS the number of inputs is fixed, so that the same program has the same
 * findings on every machine; with SECONDS it is what the machine manages.
 */
function untilEnd(target: FuzzTarget): (tried: number) => boolean {
  const begin = performance.now();
  if (values.inputs !== undefined) return (tried) => tried < Number(inputs);
  if (positionals[0] === undefined) return (tried) => tried < target.inputs;
  const milliseconds = (Number(seconds) * 1000) / chosen.length;
  return () => performance.now() - begin < milliseconds;
}

/** Tries inputs, which follow from the seed alone. */
async function fuzz(target: FuzzTarget, goesOn: (tried: number) => boolean): Promise<number> {
  const tryInput = await target.prepare();
  const seen = new Set<string>();
  const state = { inputs: 0, slowest: 0, heap: 0 };
  const begin = performance.now();
  for (; goesOn(state.inputs); state.inputs += 1) {
    const input = Number(seed) * 1_000_003 + state.inputs;
    const start = { cpu: process.cpuUsage(), heap: heapBytes() };
    try {
      const length = await tryInput(new Random(input));
      const growth = heapBytes() - start.heap;
      if (growth > mostGrowth(length)) {
        const text = `the heap grew by ${mebibytes(growth)} MiB for ${length} characters`;
        await report(target, input, new Error(text), seen);
      }
    } catch (error) {
      await report(target, input, error, seen);
    }
    const { user, system } = process.cpuUsage(start.cpu);
    const took = (user + system) / 1000;
    if (took > target.mostMilliseconds)
      await report(target, input, new Error(`it took ${Math.round(took)} ms of CPU time`), seen);
    state.slowest = Math.max(state.slowest, took);
    state.heap = Math.max(state.heap, heapBytes());
  }
  try {
    await readWaiting();
  } catch (error) {
    await report(target, state.inputs, error, seen);
  }
  const minutes = (performance.now() - begin) / 60_000;
  say(
    [
      target.name.padEnd(12),
      String(state.inputs).padStart(8),
      String(Math.round(state.inputs / minutes)).padStart(11),
      state.slowest.toFixed(0).padStart(11),
      mebibytes(state.heap).padStart(9),
      String(seen.size).padStart(9),
    ].join(' '),
  );
  return seen.size;
}

function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** Each place is reported once: the first input that leads there is kept. */
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

import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** A command as it would be typed, without a shell between. */
export type CommandLine = readonly [string, ...string[]];

/** What is measured runs without CAs of the machine: to read them costs Node 20 about 85 ms at every start. */
export const environment = {
  ...process.env,
  NODE_EXTRA_CA_CERTS: undefined,
  SSL_CERT_FILE: undefined,
  SSL_CERT_DIR: undefined,
  NO_COLOR: '1',
};

/** CPU time, user and system, of the commands run one after another, in milliseconds. */
export function cpuTime(commands: readonly CommandLine[]): number {
  const lines = commands.map((words) => words.map(quoted).join(' ')).join('\n');
  const script = `TIMEFORMAT='%3U %3S'; time { ${lines}\n} > /dev/null 2> /dev/null`;
  const { error, stderr } = spawnSync('bash', ['-c', script], {
    env: environment,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
  return (user + system) * 1000;
}

/** A command that keeps compiled code in a directory; nowhere when that is empty. */
export function keeping(where: string, command: CommandLine): CommandLine {
  return ['env', `ETCD_TLS_AUDIT_CODE_CACHE=${where}`, ...command];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A value with its budget: at most, or at least, what was set. */
export function againstBudget(
  value: number,
  unit: string,
  goal: { readonly atMost: number } | { readonly atLeast: number },
): string {
  const isMet = 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
  const [words, limit] =
    'atMost' in goal ? ['at most', goal.atMost] : (['at least', goal.atLeast] as const);
  const digits = limit < 10 ? 2 : 0;
  return `${value.toFixed(digits)}${unit} (goal: ${words} ${limit}${unit}, ${isMet ? 'met' : 'MISSED'})`;
}

/** Something to measure: returns its CPU time in milliseconds. */
export interface Subject {
  readonly name: string;
  readonly run: () => number;
}

/** Medians of several things measured in turn, so that a busy moment hits all of them alike. */
export function mediansInTurn(rounds: number, subjects: readonly Subject[]): readonly number[] {
  const samples = subjects.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { run }] of subjects.entries()) {
      const sample = run();
      // The first round warms the caches of the file system.
      if (round > 0) samples[index]?.push(sample);
    }
  }
  return samples.map(median);
}

/** One line of a table of results. */
export function showRow(name: string, milliseconds: number, remark = ''): void {
  process.stdout.write(
    `  ${name.padEnd(46)}${milliseconds.toFixed(0).padStart(8)} ms  ${remark}\n`,
  );
}

/** Where and with what it was measured. */
export function showMachine(title: string): void {
  const [cpu] = cpus();
  process.stdout.write(
    `${title}\n  Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${new Date().toISOString().slice(0, 10)}\n`,
  );
}

/** CPU seconds and peak memory of a process. */
export interface Usage {
  readonly seconds: number;
  readonly megabytes: number;
}

const tell =
  'process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write(`\\n${(u.userCPUTime+u.systemCPUTime)/1e6} ${u.maxRSS/1024}\\n`)})';

/** Parameters with which a Node process reports its usage on stderr at its end. */
export const tellUsage: readonly string[] = [
  '--import',
  `data:text/javascript,${encodeURIComponent(tell)}`,
];

/** What a process reported of itself. */
export function usageIn(stderr: string): Usage {
  const [seconds = Number.NaN, megabytes = Number.NaN] =
    stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { seconds, megabytes };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

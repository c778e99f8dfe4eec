import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDirectory } from './directory.ts';
import { againstBudget, environment, showRow, tellUsage, type Usage, usageIn } from './measure.ts';

const lines = 400_000;

/** What the lines of a log are, and how they differ from one another. */
const logs: readonly (readonly [string, (index: number) => string])[] = [
  [
    'rejections and information in turn',
    (index) =>
      index % 2 === 0
        ? `{"level":"warn","ts":"2026-11-28T13:50:18.${100_000 + index}Z","caller":"embed/config_logging.go:170","msg":"rejected connection on client endpoint","remote-addr":"10.0.0.${index % 250}:${20_000 + (index % 40_000)}","server-name":"","error":"remote error: tls: bad certificate"}`
        : `{"level":"info","ts":"2026-11-28T13:50:18.460070Z","caller":"mvcc/index.go:214","msg":"compact tree index","revision":${index}}`,
  ],
  [
    'names that an attacker chooses',
    (index) =>
      `{"level":"warn","ts":"2026-11-28T13:50:18.460070Z","caller":"embed/config_logging.go:170","msg":"rejected connection on client endpoint","remote-addr":"10.0.0.1:20000","server-name":"${(index * 7919).toString(36)}.example","error":"EOF"}`,
  ],
];

/** `explain` on long logs, and on lines of 16 kB: how many a second, in how much memory? */
export async function benchExplain(): Promise<void> {
  await withDirectory(async (directory) => {
    process.stdout.write('\nexplain on long logs\n');
    for (const [name, line] of logs) {
      const text = Array.from({ length: lines }, (_, index) => line(index)).join('\n');
      await showLog(join(directory, 'log'), name, { text, count: lines });
    }
    await showLengths(join(directory, 'log'));
  });
}

interface Log {
  readonly text: string;
  readonly count: number;
}

/** Linear in the length of lines: as many bytes a second in lines of 16 kB as in lines of 4 kB, half of it at least. */
async function showLengths(file: string): Promise<void> {
  const rates: number[] = [];
  for (const kilobytes of [4, 16]) {
    const filling = 'a/x.'.repeat(250 * kilobytes);
    const long = Array.from({ length: 32_000 / kilobytes }, (_, index) => `${index}${filling}`);
    const { seconds, megabytes } = await explained(file, long.join('\n'));
    const rate = (long.length * filling.length) / 1e6 / seconds;
    rates.push(rate);
    const ratio = rate / (rates[0] ?? rate);
    const goal = againstBudget(ratio, ' × the rate of 4 kB', { atLeast: 0.5 });
    showRow(
      `${kilobytes} kB lines of other programs`,
      seconds * 1000,
      `${rate.toFixed(0)} MB a second, ${goal}, ${megabytes.toFixed(0)} MB`,
    );
  }
}

async function explained(file: string, text: string): Promise<Usage> {
  await writeFile(file, text);
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: environment } as const;
  const parameters = [...tellUsage, 'dist/cli/main.js', 'explain', file];
  return usageIn(spawnSync('node', parameters, options).stderr);
}

async function showLog(file: string, name: string, { text, count }: Log): Promise<void> {
  const { seconds, megabytes } = await explained(file, text);
  const rate = Math.round(count / seconds);
  showRow(
    name,
    seconds * 1000,
    `${againstBudget(rate, ' lines a second', { atLeast: 150_000 })}, ${megabytes.toFixed(0)} MB`,
  );
}

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDirectory } from './directory.ts';
import { besideGoal, environment, showRow, tellUsage, usageIn } from './measure.ts';

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
    const long = Array.from({ length: 2000 }, (_, index) => `${index}${'a/x.'.repeat(4000)}`);
    await showLog(join(directory, 'log'), '16 kB lines of other programs', {
      text: long.join('\n'),
      count: long.length,
    });
  });
}

interface Log {
  readonly text: string;
  readonly count: number;
}

async function showLog(file: string, name: string, { text, count }: Log): Promise<void> {
  await writeFile(file, text);
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: environment } as const;
  const parameters = [...tellUsage, 'dist/cli/main.js', 'explain', file];
  const { seconds, megabytes } = usageIn(spawnSync('node', parameters, options).stderr);
  const rate = Math.round(count / seconds);
  showRow(
    name,
    seconds * 1000,
    `${besideGoal(rate, ' lines a second', { atLeast: 150_000 })}, ${megabytes.toFixed(0)} MB`,
  );
}

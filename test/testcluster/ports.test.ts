import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { reservePorts } from '../../testcluster/ports.ts';
import { directoryWith } from '../support/directory.ts';

const module = new URL('../../testcluster/ports.ts', import.meta.url).href;

/** Below those that other tests reserve at the same time. Two processes that choose so many blindly meet in about 60. */
const range = { first: 5000, end: 9000 };
const many = 500;

/** What another process does with ports of its own choice. */
const others = {
  'reserved by another process': `await reservePorts(${many}, range)`,
  'listened on by a process that reserved nothing': `
    await Promise.all(
      Array.from({ length: ${many} }, async () => {
        const server = createServer();
        const isOpen = new Promise((resolve) => {
          server.on('error', listen).once('listening', () => resolve(server.address().port));
        });
        function listen() {
          server.listen(range.first + Math.floor(Math.random() * (range.end - range.first)), '127.0.0.1');
        }
        listen();
        return await isOpen;
      }),
    )`,
} as const;

test.each(Object.entries(others))('a port that is %s is not given', async (_, expression) => {
  await using directory = await directoryWith({
    'other.ts': `
      import { createServer } from 'node:net';
      import { reservePorts } from '${module}';
      const range = ${JSON.stringify(range)};
      async function main() {
        process.send?.(${expression});
        process.once('message', () => process.exit());
      }
      void main();
    `,
  });
  const tsx = import.meta.resolve('tsx');
  const other = fork(directory.at('other.ts'), { execArgv: ['--import', tsx] });
  const theirs = await portsOf(other);
  const ours = await reservePorts(many, range);
  const ended = once(other, 'exit');
  other.send('end');
  await ended;

  expect(new Set([...theirs, ...ours]).size).toBe(2 * many);
});

async function portsOf(process: ChildProcess): Promise<readonly number[]> {
  return await new Promise((resolve) => {
    process.once('message', (ports) => resolve(Array.isArray(ports) ? ports.map(Number) : []));
  });
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../testcluster/lock.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lock-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

test('lets one in at a time', async () => {
  const path = join(directory, 'lock');
  const events: string[] = [];
  const enter = async (name: string) =>
    withLock(path, async () => {
      events.push(`${name} in`);
      await turn();
      events.push(`${name} out`);
    });
  await Promise.all([enter('one'), enter('two')]);

  expect(events.map((event) => event.split(' ')[1])).toEqual(['in', 'out', 'in', 'out']);
});

test('is released when what it guards fails', async () => {
  const path = join(directory, 'lock');
  const failing = withLock(path, async () => Promise.reject(new Error('no')));

  await expect(failing).rejects.toThrow('no');
  await expect(withLock(path, async () => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('is taken over from a process that is no more', async () => {
  const path = join(directory, 'lock');
  // No kernel hands out a process id this high
  await writeFile(path, '99999999');

  await expect(withLock(path, async () => Promise.resolve('taken'))).resolves.toBe('taken');
});

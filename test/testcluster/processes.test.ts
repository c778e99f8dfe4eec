import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMissing } from '../support/missing.ts';
import { endProcess, isRunning, startProcess, until } from '../../testcluster/processes.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'processes-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const start = async (script: string, environment: Readonly<Record<string, string>> = {}) =>
  startProcess(['/bin/sh', '-c', script], join(directory, 'log'), environment);

test('a process that sleeps runs until it is ended', async () => {
  const started = await start('exec sleep 60', { PATH: process.env['PATH'] ?? '' });
  expect(await isRunning(started)).toBe(true);
  await endProcess(started);
  expect(await isRunning(started)).toBe(false);
});

test('a process that has ended runs no more, and a later one with its id is another', async () => {
  const started = await start('echo done');
  expect(await until(async () => !(await isRunning(started)), 5000)).toBe(true);
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('done\n');
  expect(await isRunning({ id: process.pid, startedAt: 'another time' })).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'whether a process runs is known without ps, which small systems do not have',
  async () => {
    const path = process.env['PATH'];
    const started = await start('exec sleep 60', { PATH: path ?? '' });
    try {
      process.env['PATH'] = '/nowhere';
      expect(await isRunning(started)).toBe(true);
    } finally {
      process.env['PATH'] = path;
      await endProcess(started);
    }
  },
);

test.runIf(process.platform === 'linux' && !isMissing('python3'))(
  'a process runs as long as one of its threads does',
  async () => {
    const script =
      'import ctypes, threading, time\n' +
      'threading.Thread(target=lambda: time.sleep(60)).start()\n' +
      'ctypes.CDLL(None).pthread_exit(None)\n';
    const started = await startProcess(['python3', '-c', script], join(directory, 'log'), {
      PATH: process.env['PATH'] ?? '',
    });
    const state = async () =>
      /\) (\w)/.exec(await readFile(`/proc/${started.id}/stat`, 'utf8'))?.[1] ?? '';
    expect(await until(async () => (await state()) === 'Z', 10_000)).toBe(true);

    expect(await isRunning(started)).toBe(true);
    await endProcess(started);
    expect(await isRunning(started)).toBe(false);
  },
);

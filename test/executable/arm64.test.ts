import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { run } from '../../testcluster/run.ts';
import { commandFor } from '../../tools/executable/node.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';
import { cacheProbe, codeCacheOf } from './code-cache.ts';
import { builds, builtExecutable } from './executables.ts';

skipWithout('arm64');

test('on arm64 it says what it says here, from code that was compiled when it was built', async () => {
  const options = ['--arch', 'arm64', '--output', builds()];
  await promisify(execFile)('npx', ['tsx', 'tools/executable/main.ts', ...options]);
  await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
  const set = directory.at('seed');
  await writeCertSet(set, { settings: 'seed' });
  const environment = { NODE_OPTIONS: `--require ${directory.at('probe.cjs')}` };
  const [emulator = '', ...args] = commandFor('arm64', builtExecutable('arm64'));
  const at = ['check', set, '--at', '2026-12-01'];
  const there = await run(emulator, [...args, ...at], { environment });
  const here = await run(builtExecutable(), at);

  expect(here.stdout).toContain('[client-port-admits-anonymous]');
  expect({ code: there.code, stdout: there.stdout }).toEqual({ code: 1, stdout: here.stdout });
  const { taken, rejected } = codeCacheOf(there.stderr);
  expect(rejected).toEqual([]);
  expect(taken).toContain('run.js');
});

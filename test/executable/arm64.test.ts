import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { run } from '../../testcluster/run.ts';
import { version } from '../../src/version.ts';
import { commandFor } from '../../tools/executable/node.ts';
import { executableOf } from '../../tools/executable/output.ts';
import { directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';
import { cacheProbe, codeCacheOf } from './code-cache.ts';
import { builds, builtExecutable } from './executables.ts';

skipWithout('arm64');

beforeAll(async () => {
  if (isMissing('arm64')) return;
  const options = ['--arch', 'arm64', '--output', builds()];
  await promisify(execFile)('npx', ['tsx', 'tools/executable/main.ts', ...options]);
}, 600_000);

test('on arm64 it says what it says here, from code that was compiled when it was built', async () => {
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

test('deb and rpm for arm64 say so, and hold a program that runs there', async ({ skip }) => {
  skip(isMissing('go') || isMissing('packaging'));
  await using directory = await directoryWith({});
  const name = executableOf('arm64');
  for (const end of ['', '.NOTICES.txt']) {
    await copyFile(`${builtExecutable('arm64')}${end}`, directory.at(`${name}${end}`));
  }
  const packing = ['tsx', 'tools/packages/main.ts', '--output', directory.path];
  await promisify(execFile)('npx', packing);
  const deb = directory.at(`etcd-tls-audit_${version}_arm64.deb`);
  const rpm = directory.at(`etcd-tls-audit-${version}-1.aarch64.rpm`);
  await run('dpkg-deb', ['--extract', deb, directory.at('unpacked')]);
  const installed = commandFor('arm64', directory.at('unpacked/usr/bin/etcd-tls-audit'));
  const [emulator = '', ...args] = installed;

  expect((await run('dpkg-deb', ['--field', deb, 'Architecture'])).stdout).toBe('arm64\n');
  expect((await run('rpm', ['-qp', '--qf', '%{ARCH}', rpm])).stdout).toBe('aarch64');
  expect((await run(emulator, [...args, '--version'])).stdout).toBe(`${version}\n`);
});

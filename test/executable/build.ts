import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Builds the executable once for all tests that run it. */
export async function setup(): Promise<() => Promise<void>> {
  const directory = await mkdtemp(resolve('.cache', 'executable-'));
  const command = ['tsx', 'tools/executable/main.ts', '--output', directory];
  execFileSync('npx', command, { stdio: ['ignore', 'ignore', 'inherit'] });
  process.env['ETCD_TLS_AUDIT_EXECUTABLES'] = directory;
  return () => rm(directory, { recursive: true, force: true });
}

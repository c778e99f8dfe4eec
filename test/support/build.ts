import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Builds the program once for all tests that run it, inside the repository, because that is where
 * its packages are found. The build of the package itself stays as it is.
 */
export async function setup(): Promise<() => Promise<void>> {
  await mkdir('.cache', { recursive: true });
  const directory = await mkdtemp(resolve('.cache', 'build-'));
  try {
    execFileSync('npx', ['tsc', '-p', '.', '--outDir', directory], { stdio: 'pipe' });
  } catch (error) {
    // The compiler writes what it can; type errors are what `npm run typecheck` tells.
    if (!existsSync(join(directory, 'cli', 'main.js'))) throw error;
  }
  execFileSync('npx', ['tsx', 'tools/bundle.ts', directory], { stdio: 'pipe' });
  process.env['ETCD_TLS_AUDIT_BUILD'] = directory;
  return () => rm(directory, { recursive: true, force: true });
}

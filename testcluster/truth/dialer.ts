import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownToolchain } from '../binaries/go-toolchains.ts';
import { withLock } from '../lock.ts';
import { run } from '../run.ts';

const sources = join(import.meta.dirname, '..', 'dialer');
const directory = join(import.meta.dirname, '..', '..', '.cache', 'dialer');

let built: Promise<string> | undefined;

/** The program of testcluster/dialer, built once for each process; Go keeps what has not changed. */
export function dialerProgram(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  await mkdir(directory, { recursive: true });
  const program = join(directory, 'dialer');
  const go = await ownToolchain();
  const settings = { GOWORK: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
  const environment = { ...go.environment, ...settings, GOTOOLCHAIN: 'local' };
  const { code, stderr } = await withLock(join(directory, 'lock'), () =>
    run(go.program, ['build', '-o', program, '.'], { cwd: sources, environment }),
  );
  if (code !== 0) throw new Error(`the dialer does not build: ${stderr.trim()}`);
  return program;
}

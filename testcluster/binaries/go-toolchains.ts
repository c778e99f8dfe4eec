import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { run } from '../run.ts';
import { cacheDirectory } from './cache.ts';
import { fetchFromDebian } from './debian.ts';

/** A release of Go that can be called. */
export interface Toolchain {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Debian's suites that have a release. The module proxy has those from 1.21 on. */
const suites: Readonly<Record<string, string>> = {
  '1.15': 'bullseye',
  '1.19': 'bookworm',
  '1.24': 'trixie',
};

/** The release that tests compare with, of which every table of crypto/tls and every build setting is known. */
export const comparedGo = '1.26.8';

let own: Promise<Toolchain> | undefined;

/**
 * The Go of this machine. Where it is older than 1.21, which cannot fetch the release that a module asks for
 * (https://go.dev/doc/toolchain), and where there is none: Debian's 1.24, unpacked below .cache.
 */
export function ownToolchain(): Promise<Toolchain> {
  own ??= findOwn().catch((error: unknown) => {
    // It may be installed in the meantime.
    own = undefined;
    throw error;
  });
  return own;
}

async function findOwn(): Promise<Toolchain> {
  const { stdout } = await run('go', ['env', 'GOVERSION']);
  const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
  return minor >= 21 ? { program: 'go', environment: {} } : fromDebian('1.24', 'trixie', 'auto');
}

/**
 * A release of Go: from Debian where only the minor release is named, such as `1.19`; exactly the one named,
 * such as `1.23.7`, from the module proxy.
 */
export async function goToolchain(release: string): Promise<Toolchain> {
  const suite = suites[release];
  if (suite !== undefined) return fromDebian(release, suite, 'local');
  const { program } = await ownToolchain();
  return { program, environment: { GOTOOLCHAIN: `go${release}` } };
}

async function fromDebian(
  release: string,
  suite: string,
  choice: 'auto' | 'local',
): Promise<Toolchain> {
  const directory = join(cacheDirectory, `go-${release}`);
  const root = join(directory, 'root', 'usr', 'lib', `go-${release}`);
  const program = join(root, 'bin', 'go');
  await mkdir(directory, { recursive: true });
  await withLock(join(directory, 'lock'), async () => {
    if (await isThere(program)) return;
    await fetchFromDebian(suite, directory, [`golang-${release}-go`, `golang-${release}-src`]);
  });
  return { program, environment: { GOROOT: root, GOTOOLCHAIN: choice } };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

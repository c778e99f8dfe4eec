import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { fetchFromDebian } from './debian.ts';

/** A release of Go that can be called. */
export interface Toolchain {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The Go of this machine. */
export const ownToolchain: Toolchain = { program: 'go', environment: {} };

/** Debian's suites that have a release which the module proxy does not: it begins with 1.21. */
const suites: Readonly<Record<string, string>> = { '1.15': 'bullseye', '1.19': 'bookworm' };

/**
 * A release of Go: from Debian where only the minor release is named, such as `1.19`; exactly the one named,
 * such as `1.23.7`, from the module proxy.
 */
export async function goToolchain(release: string, cache: string): Promise<Toolchain> {
  const suite = suites[release];
  if (suite === undefined) {
    return { program: 'go', environment: { GOTOOLCHAIN: `go${release}` } };
  }
  const directory = join(cache, `go-${release}`);
  const root = join(directory, 'root', 'usr', 'lib', `go-${release}`);
  const program = join(root, 'bin', 'go');
  await mkdir(directory, { recursive: true });
  await withLock(join(directory, 'lock'), async () => {
    if (await isThere(program)) return;
    await fetchFromDebian(suite, directory, [`golang-${release}-go`, `golang-${release}-src`]);
  });
  return { program, environment: { GOROOT: root, GOTOOLCHAIN: 'local' } };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

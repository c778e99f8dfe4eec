import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A directory of its own that is gone at the end of the test. */
export interface Directory extends AsyncDisposable {
  readonly path: string;
  /** The path of a file in it. */
  at(name: string): string;
}

/** Writes files into a new directory; names may have directories in them. */
export async function directoryWith(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content, { mode: 0o600 });
  }
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Ended, run } from '../../testcluster/run.ts';

/** A root file system that holds the C and C++ libraries that a program is linked to, `/tmp`, and nothing else. */
export interface Root extends AsyncDisposable {
  readonly path: string;
  /** Copies a file or a directory to a path in it. */
  place(from: string, to: string): Promise<void>;
  /** Runs a program of it, as if there were nothing else in the world. */
  run(...command: readonly string[]): Promise<Ended>;
}

export async function emptyRoot(program: string): Promise<Root> {
  const path = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-root-'));
  await mkdir(join(path, 'tmp'), { mode: 0o1777 });
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
  for (const [library] of linked.matchAll(/(?<=\s)\/\S+(?= \(0x)/g)) {
    await mkdir(dirname(join(path, library)), { recursive: true });
    await copyFile(library, join(path, library));
  }
  return {
    path,
    place: async (from, to) => {
      await mkdir(dirname(join(path, to)), { recursive: true });
      await cp(from, join(path, to), { recursive: true });
    },
    run: (...command) => run('chroot', [path, ...command]),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

import type { Stats } from 'node:fs';
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { InputError } from '../../input-error.ts';
import { errorCode, systemWords } from './system-words.ts';

/** A file that was found, before it is opened. */
export interface FoundFile {
  /** As the operator would type it. */
  readonly path: string;
  /** Whether the operator named the file itself, rather than a directory above it. */
  readonly named: boolean;
  readonly size: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkTarget?: string;
  /** Set when the file cannot even be looked at: the reason in the operating system's words. */
  readonly unreadable?: string;
}

/** Deeper than any certificate directory that was seen in the field. */
const deepest = 12;

const skippedDirectories = new Set(['node_modules', '.git']);

/**
 * All files under the given paths, each once, in order of their paths.
 *
 * A path that does not exist is the operator's mistake and throws; what is wrong further down is told
 * by file. Links are followed, and no directory is entered twice.
 */
export async function findFiles(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const walk: Walk = { found: new Map(), entered: new Set() };
  for (const path of paths) await visitNamed(normalize(path), walk);
  return [...walk.found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface Walk {
  readonly found: Map<string, FoundFile>;
  /** Device and inode of every directory entered. */
  readonly entered: Set<string>;
}

async function visitNamed(path: string, walk: Walk): Promise<void> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return await enter(path, stats, { ...walk, depth: 0, named: true });
    walk.found.set(path, describe(path, stats, { named: true, linkTarget: await linkOf(path) }));
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): unknown {
  if (error instanceof InputError) return error;
  const code = errorCode(error);
  if (code === 'ENOENT') {
    return new InputError('PATH_MISSING', `there is no ${path}`, {
      hint: 'check the path; it is taken relative to the current directory',
      cause: error,
    });
  }
  const hints: Readonly<Record<string, string>> = {
    EACCES: 'run as a user who may read it',
    ELOOP: 'the symbolic links lead in a circle; name the file they should lead to',
    ENOTDIR: 'a part of the path is a file',
  };
  const hint = hints[code];
  return new InputError('FILE_UNREADABLE', `cannot read ${path}: ${systemWords(error)}`, {
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

interface Descent extends Walk {
  readonly depth: number;
  readonly named: boolean;
}

async function enter(directory: string, stats: Stats, descent: Descent): Promise<void> {
  const identity = `${stats.dev}:${stats.ino}`;
  if (descent.entered.has(identity) || descent.depth > deepest) return;
  descent.entered.add(identity);

  for (const name of await namesIn(directory, descent)) {
    if (skippedDirectories.has(name) || name.startsWith('..')) continue;
    await visit(join(directory, name), descent);
  }
}

/** A directory that may not be listed is one unreadable thing among others, unless it was named. */
async function namesIn(directory: string, { named, found }: Descent): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if (named) throw error;
    found.set(directory, {
      path: directory,
      named: false,
      size: 0,
      unreadable: systemWords(error),
    });
    return [];
  }
}

async function visit(path: string, descent: Descent): Promise<void> {
  const linkTarget = await linkOf(path);
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      await enter(path, stats, { ...descent, depth: descent.depth + 1, named: false });
    } else if (stats.isFile() && !descent.found.has(path)) {
      descent.found.set(path, describe(path, stats, { named: false, linkTarget }));
    }
  } catch (error) {
    const unreadable = systemWords(error);
    descent.found.set(path, {
      path,
      named: false,
      size: 0,
      unreadable,
      ...(linkTarget !== undefined && { linkTarget }),
    });
  }
}

async function linkOf(path: string): Promise<string | undefined> {
  const own = await lstat(path).catch(() => undefined);
  return own?.isSymbolicLink() === true ? await readlink(path) : undefined;
}

function describe(
  path: string,
  { size, mode, uid, gid }: Stats,
  { named, linkTarget }: { readonly named: boolean; readonly linkTarget: string | undefined },
): FoundFile {
  return {
    path,
    named,
    size,
    mode: mode & 0o7777,
    uid,
    gid,
    ...(linkTarget !== undefined && { linkTarget }),
  };
}

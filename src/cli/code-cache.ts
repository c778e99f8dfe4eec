import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Script } from 'node:vm';
import type { Store } from './bundle-loader.ts';
import { exitCodes } from './exit-code.ts';
import { type Files, pack, unpack } from './packed.ts';

/** The user who runs the program: what decides where compiled code is kept. */
export interface User {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent where the platform has no user numbers. */
  readonly uid: number | undefined;
}

/** What V8 compiled in earlier runs of the same command. */
export interface CodeCache extends Pick<Store, 'compiled' | 'onScript'> {
  /** Keeps what was compiled in this run, unless all of it came from the cache. */
  keep(exitCode: number): void;
  /** Why the directory that was asked for is not used. */
  readonly complaint?: string;
}

/** Where the compiled code of a start may be. */
interface Start {
  /** The entry of the bundle, whose name identifies its contents. */
  readonly entry: string;
  readonly command: string | undefined;
  /** The directory of the bundle. */
  readonly program: string;
}

/**
 * The compiled program is kept between runs: compiling takes half of a start. Code that is loaded from there
 * is run: the directory is the user's own and closed to others, never below a shared temporary directory. What
 * was compiled when the program was built is next to the program, and as trusted as the program.
 */
export function openCodeCache({ entry, command, program }: Start): CodeCache {
  const built = () => unpack(read(join(program, compiledName('check'))), entry);
  const user = { environment: process.env, uid: process.getuid?.() };
  const directory = codeCacheDirectory(user);
  if (directory === undefined || !isOwn(directory, user)) {
    const isAskedFor = Boolean(user.environment[variable]);
    return { ...onlyBuilt(built()), ...(isAskedFor && { complaint: notUsed }) };
  }

  const file = join(directory, compiledName(command));
  const own = unpack(read(file), entry);
  const kept = own.size > 0 ? own : built();
  const scripts = new Map<string, Script>();
  return {
    compiled: (chunk) => kept.get(chunk),
    onScript: (chunk, script) => scripts.set(chunk, script),
    keep(exitCode) {
      const isNew = [...scripts].some(
        ([chunk, { cachedDataRejected }]) => cachedDataRejected !== false || !kept.has(chunk),
      );
      // A mistake in the command line ends before most of the code has run.
      if (!isNew || exitCode === exitCodes.badInput) return;
      const compiled = [...scripts].map(
        ([chunk, script]) => [chunk, script.createCachedData()] as const,
      );
      write(file, pack(entry, new Map([...kept, ...compiled])));
    },
  };
}

const variable = 'ETCD_TLS_AUDIT_CODE_CACHE';

const notUsed = `the directory of ${variable} is not used: give the absolute path of a directory that you own, with mode 0700`;

function onlyBuilt(built: Files): CodeCache {
  return { compiled: (chunk) => built.get(chunk), keep: () => undefined };
}

/** Another command compiles other functions, another V8 takes none of them. */
function compiledName(command = ''): string {
  const name = /^[a-z]{1,20}$/.exec(command)?.[0] ?? 'none';
  return `${name}-${process.versions.v8}-${process.arch}`;
}

/** ETCD_TLS_AUDIT_CODE_CACHE, else the user's cache directory; root, who runs what others left, has to ask for it. */
export function codeCacheDirectory({ environment, uid }: User): string | undefined {
  const { [variable]: configured, XDG_CACHE_HOME: cache = '', HOME: home = '' } = environment;
  if (configured !== undefined) return isAbsolute(configured) ? configured : undefined;
  if (uid === 0) return undefined;
  if (isAbsolute(cache)) return join(cache, 'etcd-tls-audit');
  return isAbsolute(home) ? join(home, '.cache', 'etcd-tls-audit') : undefined;
}

/** Makes the directory where there is none; without one, or with another's, the program starts as ever. */
export function isOwn(directory: string, { uid }: User): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const found = lstatSync(directory);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Whole or not at all; a full disk costs the next start its head start, and no more. */
function write(file: string, content: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch {
    return;
  }
}

import { lstatSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { isAbsolute, join } from 'node:path';

/** Who runs the program, as far as it decides where compiled code is kept. */
export interface User {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absent where the platform has no user numbers. */
  readonly uid: number | undefined;
}

/**
 * Lets Node keep the compiled program between runs where it can (22.8 and later). Code that is loaded from there
 * is run: the directory is the user's own and closed to others, never below a shared temporary directory.
 */
export function keepCompiledCode(): void {
  if (!('enableCompileCache' in module) || typeof module.enableCompileCache !== 'function') return;
  const user = { environment: process.env, uid: process.getuid?.() };
  const directory = codeCacheDirectory(user);
  if (directory !== undefined && isOwn(directory, user)) module.enableCompileCache(directory);
}

/** ETCD_TLS_AUDIT_CODE_CACHE, else the user's cache directory; root, who runs what others left, has to ask for it. */
export function codeCacheDirectory({ environment, uid }: User): string | undefined {
  const {
    ETCD_TLS_AUDIT_CODE_CACHE: told,
    XDG_CACHE_HOME: cache = '',
    HOME: home = '',
  } = environment;
  if (told !== undefined) return isAbsolute(told) ? told : undefined;
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

import type { Unreadable } from '../../model/files.ts';
import { table } from '../../model/table.ts';

/** What the operating system calls an error, as Go prints it: errno 13 is `permission denied`. */
const words = table<string>({
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EIO: 'input/output error',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EROFS: 'read-only file system',
  EFBIG: 'file too large',
  ENOTSUP: 'not a regular file',
  ETIMEDOUT: 'no data arrived within 5 seconds',
  EAGAIN: 'no data available',
  ETXTBSY: 'text file busy',
  ENXIO: 'no such device or address',
});

const kinds = table<Unreadable['kind']>({
  EACCES: 'denied',
  EPERM: 'denied',
  ENOENT: 'missing',
  ENOTDIR: 'not-a-directory',
  EISDIR: 'directory',
  ELOOP: 'link-loop',
  EFBIG: 'too-large',
  ENOTSUP: 'not-regular',
});

/** The reason of a failed file operation, without the path and without our own stack. */
export function systemWords(error: unknown): string {
  const code = errorCode(error);
  return words[code] ?? code;
}

/** Why a file cannot be read. */
export function whyUnreadable(error: unknown): Unreadable {
  return { kind: kinds[errorCode(error)] ?? 'other', text: systemWords(error) };
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

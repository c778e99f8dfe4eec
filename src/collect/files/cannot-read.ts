import { type Stats, statSync } from 'node:fs';
import { InputError } from '../../input-error.ts';
import { table } from '../../model/table.ts';
import { errorCode, systemWords } from './system-words.ts';

const hints = table<string>({
  EACCES: 'run as a user who may read it',
  EISDIR: 'name a file, not a directory',
  ELOOP: 'the symbolic links form a loop; give the file that they should point to',
  ENOTDIR: 'a part of the path is a file',
  ETIMEDOUT: 'check the command that writes to the pipe',
});

/** The error about a file or directory that the operator named. */
export function cannotRead(path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = errorCode(error);
  if (code === 'ENOENT') {
    return new InputError('PATH_MISSING', `${path} does not exist`, {
      hint: /^https?:\/\//.test(path)
        ? 'endpoints are not paths: give them to `verify` with --endpoints, or to `certs`'
        : 'check the path; a relative path starts at the current directory',
      cause: error,
    });
  }
  return new InputError('FILE_UNREADABLE', `cannot read ${path}: ${systemWords(error)}`, {
    hint: hints[code] ?? 'check the path, and whether the file can be read there',
    cause: error,
  });
}

/** A file that is read in pieces, which a pipe cannot be. */
export function regularFile(path: string): string {
  return fileOf(path, (stats) => stats.isFile());
}

/** A file, or a pipe as the shell makes them for `<(command)`. */
export function fileOrPipe(path: string): string {
  return fileOf(path, (stats) => stats.isFile() || stats.isFIFO());
}

function fileOf(path: string, isRead: (stats: Stats) => boolean): string {
  const stats = statOf(path);
  if (isRead(stats)) return path;
  const kind = stats.isDirectory() ? 'directory' : stats.isFIFO() ? 'pipe' : 'device';
  throw new InputError('FILE_UNREADABLE', `${path} is a ${kind}`, {
    hint: kind === 'pipe' ? 'write its content to a file and name that' : 'name a file',
  });
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

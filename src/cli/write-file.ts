import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, systemWords } from '../collect/files/system-words.ts';
import { InputError } from '../input-error.ts';

/** Who may read a new file: evidence describes a whole cluster, so only its owner; for reports umask decides. */
export type Readers = 'owner' | 'umask';

/**
 * Writes a file that readers never see half of: under an unpredictable name in the same directory, then
 * renamed. What is replaced keeps its mode. Devices and pipes are written to, as tee does; a link to a file
 * is refused, since its owner may be another user.
 */
export async function writeWhole(
  file: string,
  text: string,
  readers: Readers = 'umask',
): Promise<void> {
  try {
    const kind = await kindOf(file);
    if (kind.is === 'link') {
      throw new InputError(
        'FILE_UNREADABLE',
        `${file} is a symbolic link and was not overwritten`,
        {
          hint: 'give the target of the link, or remove the link',
        },
      );
    }
    if (kind.is === 'stream') await pour(file, text);
    else
      await replace(
        file,
        text,
        kind.mode ?? (readers === 'owner' ? 0o600 : 0o666 & ~process.umask()),
      );
  } catch (error) {
    throw error instanceof InputError ? error : cannotWrite(file, error);
  }
}

interface Kind {
  readonly is: 'link' | 'stream' | 'file';
  /** Of the file that is there already. */
  readonly mode?: number;
}

/** The names under which a process reaches what it has open; links by construction. */
const ownStreams = /^\/dev\/(?:stdout|stderr|fd\/\d+)$|^\/proc\/self\/fd\/\d+$/;

async function kindOf(file: string): Promise<Kind> {
  const own = await statOrNothing(lstat(file));
  if (own === undefined) return { is: 'file' };
  if (!own.isSymbolicLink()) return isStream(own) ? { is: 'stream' } : regular(own);
  if (ownStreams.test(file)) return { is: 'stream' };
  const target = await statOrNothing(stat(file));
  return { is: target !== undefined && isStream(target) ? 'stream' : 'link' };
}

function regular(stats: Stats): Kind {
  if (stats.isDirectory()) throw Object.assign(new Error('directory'), { code: 'EISDIR' });
  return { is: 'file', mode: stats.mode & 0o777 };
}

function isStream(stats: Stats): boolean {
  return stats.isCharacterDevice() || stats.isBlockDevice() || stats.isFIFO() || stats.isSocket();
}

async function statOrNothing(asked: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Sockets cannot be opened by such a name. */
const standardOutput = /^\/dev\/(?:stdout|fd\/1)$|^\/proc\/self\/fd\/1$/;

async function pour(file: string, text: string): Promise<void> {
  if (standardOutput.test(file)) {
    process.stdout.write(text);
    return;
  }
  await using handle = await disposable(open(file, constants.O_WRONLY));
  await handle.value.writeFile(text);
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const name = `.${basename(file).slice(0, 64)}.${randomBytes(12).toString('hex')}`;
  const draft = join(dirname(file), name);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    await using handle = await disposable(
      open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600),
    );
    await handle.value.writeFile(text);
    await handle.value.chmod(mode);
    await handle.value.sync();
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function disposable(opening: Promise<FileHandle>) {
  const value = await opening;
  return { value, [Symbol.asyncDispose]: () => value.close() };
}

function cannotWrite(file: string, error: unknown): InputError {
  return new InputError('FILE_UNREADABLE', `cannot write ${file}: ${systemWords(error)}`, {
    hint: 'check that the directory exists, is writable and has free space',
    cause: error,
  });
}

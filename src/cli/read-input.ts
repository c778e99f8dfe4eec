import { createReadStream } from 'node:fs';
import { InputError, namedPath } from '../input-error.ts';
import { table } from '../model/table.ts';

/** Largest file that the operator names and we read whole, in bytes. */
const mostBytes = 256 * 1024 * 1024;

/** The text of a file that the operator named; an `InputError` with the reason where it cannot be had. */
export async function readText(file: string): Promise<string> {
  try {
    // Counted while it is read: pipes and files of the kernel have no size.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of createReadStream(namedPath(file))) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > mostBytes) {
        throw new InputError('FILE_TOO_LARGE', `${file} is larger than ${mostBytes} bytes`, {
          hint: 'check that this is the right file',
        });
      }
      chunks.push(bytes);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What is printed about a file that the operator named. */
export function unreadable(file: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const hints = table<string>({
    ENOENT: 'check the path',
    EACCES: 'run as a user who may read it',
    EISDIR: 'name a file, not a directory',
  });
  const hint = hints[code];
  return new InputError('FILE_UNREADABLE', `cannot read ${file} (${code})`, {
    ...(hint !== undefined && { hint }),
    cause: error,
  });
}

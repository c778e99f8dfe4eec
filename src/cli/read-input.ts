import { createReadStream } from 'node:fs';
import { cannotRead } from '../collect/files/cannot-read.ts';
import { InputError, namedPath } from '../input-error.ts';
import { chunksOf } from './waiting.ts';

/** Largest file that the operator names and we read whole, in bytes. */
const mostBytes = 256 * 1024 * 1024;

/** The text of a file that the operator named; an `InputError` with the reason where it cannot be had. */
export async function readText(file: string): Promise<string> {
  try {
    // Counted while it is read: pipes and files of the kernel have no size.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of chunksOf(file, createReadStream(namedPath(file)))) {
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
    throw cannotRead(file, error);
  }
}

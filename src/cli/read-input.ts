import { createReadStream } from 'node:fs';
import { cannotRead } from '../collect/files/cannot-read.ts';
import { InputError, namedPath } from '../input-error.ts';
import { tell } from './standard-error.ts';

/** Largest file that the operator names and we read whole, in bytes. */
const mostBytes = 256 * 1024 * 1024;

/** How long a pipe may give nothing before the operator is told. */
const patienceMilliseconds = 2000;

/** The text of a file that the operator named; an `InputError` with the reason where it cannot be had. */
export async function readText(file: string): Promise<string> {
  // Opening a pipe waits for its writer, for ever where there is none.
  const waiting = setTimeout(() => {
    tell(`etcd-tls-audit: waiting for ${file}, which gives nothing yet`);
  }, patienceMilliseconds);
  try {
    // Counted while it is read: pipes and files of the kernel have no size.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of createReadStream(namedPath(file))) {
      clearTimeout(waiting);
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
  } finally {
    clearTimeout(waiting);
  }
}

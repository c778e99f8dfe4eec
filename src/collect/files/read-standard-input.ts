import { InputError } from '../../input-error.ts';
import type { FileContent } from './read-files.ts';

/** What standard input is called in reports. */
const path = 'stdin';

const mostBytes = 64 * 1024 * 1024;

/** Everything that standard input holds. */
export async function readStandardInput(): Promise<FileContent> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > mostBytes) {
      throw new InputError('FILE_TOO_LARGE', 'standard input is larger than 64 MiB', {
        hint: 'pipe the output of `kubectl get secret -o json` or one PEM file',
      });
    }
    chunks.push(bytes);
  }
  return { path, named: true, bytes: Buffer.concat(chunks) };
}

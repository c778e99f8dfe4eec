import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { namedPath } from '../input-error.ts';
import { unreadable } from './read-input.ts';

/** What is kept of a line without end: its head, and its tail, where the reason often is. */
const kept = { head: 12_000, tail: 4000 };

/** The lines of a file, or of standard input for `-`, as they come, in batches. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const input: AsyncIterable<Buffer | string> =
    file === '-' ? process.stdin : createReadStream(namedPath(file));
  const decoder = new StringDecoder('utf8');
  let pending = '';
  try {
    for await (const chunk of input) {
      const lines = (pending + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split(
        /\r?\n/,
      );
      pending = bounded(lines.pop() ?? '');
      if (lines.length > 0) yield lines;
    }
    pending += decoder.end();
    if (pending !== '') yield [pending];
  } catch (error) {
    throw unreadable(file, error);
  }
}

function bounded(line: string): string {
  const { head, tail } = kept;
  return line.length <= 2 * (head + tail) ? line : `${line.slice(0, head)} … ${line.slice(-tail)}`;
}

import { createReadStream } from 'node:fs';
import { namedPath } from '../input-error.ts';
import { unreadable } from './read-input.ts';

/** What is kept of a line without end: its head, and its tail, where the reason often is. */
const kept = { head: 12_000, tail: 4000 };

/** The lines of a file, or of standard input for `-`, as they come, in batches. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const input: AsyncIterable<Buffer | string> =
    file === '-' ? process.stdin : createReadStream(namedPath(file));
  let decoder: TextDecoder | undefined;
  let pending = '';
  try {
    for await (const chunk of input) {
      decoder ??= typeof chunk === 'string' ? undefined : new TextDecoder(encodingOf(chunk));
      const text = typeof chunk === 'string' ? chunk : decoder?.decode(chunk, { stream: true });
      const lines = (pending + (text ?? '')).split(lineEnd);
      pending = bounded(lines.pop() ?? '');
      if (lines.length > 0) yield lines;
    }
    pending += decoder?.decode() ?? '';
    if (pending !== '') yield [pending.replace(/\r$/, '')];
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Terminals and old tools end lines with a carriage return alone. */
export const lineEnd = /\r\n|\n|\r(?!$)/;

/** PowerShell writes what it redirects as UTF-16, with a byte order mark; every log begins with an ASCII character. */
function encodingOf([first, second]: Buffer): string {
  // A log that was emptied while a process writes it begins with many zeros.
  if (first === second) return 'utf-8';
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || first === 0 ? 'utf-16be' : 'utf-8';
}

function bounded(line: string): string {
  const { head, tail } = kept;
  return line.length <= 2 * (head + tail) ? line : `${line.slice(0, head)} … ${line.slice(-tail)}`;
}

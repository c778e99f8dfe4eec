import { createReadStream } from 'node:fs';
import { namedPath } from '../input-error.ts';
import { cannotRead } from '../collect/files/cannot-read.ts';
import { demandText } from './log-format.ts';
import { chunksOf } from './waiting.ts';

/** What is kept of a line without end: its head, and its tail, where the reason often is. */
const kept = { head: 12_000, tail: 4000 };

/** The lines of a file, or of standard input for `-`, as they come, in batches. */
export async function* readLines(file: string): AsyncGenerator<readonly string[]> {
  const input: AsyncIterable<Buffer | string> =
    file === '-' ? process.stdin : createReadStream(namedPath(file));
  const name = file === '-' ? 'standard input' : file;
  const reader = textReader(file);
  let pending = '';
  try {
    for await (const chunk of chunksOf(name, input)) {
      const lines = (pending + reader.read(chunk)).split(lineEnd);
      pending = bounded(lines.pop() ?? '');
      if (lines.length > 0) yield lines;
    }
    pending += reader.rest();
    if (pending !== '') yield [pending.replace(/\r$/, '')];
  } catch (error) {
    throw cannotRead(file, error);
  }
}

/** Text of chunks, in the encoding that the first of them shows. */
function textReader(file: string) {
  let decoder: TextDecoder | undefined;
  return {
    read(chunk: Buffer | string): string {
      if (typeof chunk === 'string') return chunk;
      decoder ??= decoderOf(chunk, file);
      return decoder.decode(chunk, { stream: true });
    },
    rest: () => decoder?.decode() ?? '',
  };
}

function decoderOf(beginning: Buffer, file: string): TextDecoder {
  demandText(file, beginning);
  return new TextDecoder(encodingOf(beginning));
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

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { unreadable } from './read-input.ts';

/** The lines of a file, or of standard input for `-`, as they come. */
export async function* readLines(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) yield line;
  } catch (error) {
    throw unreadable(file, error);
  }
}

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Certificates and keys have a few KiB. */
const scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * The content of a file. For small files it is valid until the next call only: a buffer for each of
 * ten thousand files keeps the garbage collector busier than everything else.
 */
export function readBytesOf(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const length = fill(descriptor);
    if (length < scratch.length) return scratch.subarray(0, length);
    // From here on it reads what follows, also where the file is a pipe.
    return Buffer.concat([scratch, readFileSync(descriptor)]);
  } finally {
    closeSync(descriptor);
  }
}

/** A pipe gives its content in pieces, the end of a file is a piece of nothing. */
function fill(descriptor: number): number {
  let length = 0;
  while (length < scratch.length) {
    const count = readSync(descriptor, scratch, length, scratch.length - length, null);
    if (count === 0) return length;
    length += count;
  }
  return length;
}

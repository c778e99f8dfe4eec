import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from './system-words.ts';

/** Certificates and keys have a few KiB. */
const scratch = Buffer.allocUnsafe(64 * 1024);

/** How long a pipe may be silent. Its writer was started when the command line was typed. */
const patienceMilliseconds = 5000;
const pauseMilliseconds = 10;

/** A CA bundle of an operating system has a quarter of this; etcd's files have a thousandth. */
export const mostBytesOfFile = 16 * 1024 * 1024;

/** What of a file may be read. */
export interface ReadLimits {
  /** More than that is `EFBIG`, whatever size the file says that it has. */
  readonly mostBytes: number;
  /** Whether a pipe is read, as the shell makes them for `<(command)`. */
  readonly allowsPipe: boolean;
}

/**
 * The content of a file. For small files it is valid until the next call only: a buffer for each of
 * ten thousand files keeps the garbage collector busier than everything else.
 *
 * Opened without blocking, and looked at once it is open: between the look at a directory and this one, a file
 * may have become anything. Throws errors with a `code` of the operating system, and no others.
 */
export function readBytesOf(path: string, limits: ReadLimits): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(descriptor);
    if (fromPipes.size > 0) fromPipes.delete(resolve(path));
    if (stats.isFile()) return readToEnd(descriptor, limits);
    if (!limits.allowsPipe || !stats.isFIFO()) throw systemError('ENOTSUP');
    const content = Buffer.from(readToEnd(descriptor, limits, true));
    fromPipes.set(resolve(path), content);
    return content;
  } finally {
    closeSync(descriptor);
  }
}

/** By absolute path: a pipe gives its content once. */
const fromPipes = new Map<string, Buffer>();

/** A file that was read before: as it is now, or what a pipe gave. Throws as `readBytesOf` does. */
export function readAgain(path: string): Buffer {
  const limits = { mostBytes: mostBytesOfFile, allowsPipe: false };
  return fromPipes.get(resolve(path)) ?? Buffer.from(readBytesOf(path, limits));
}

function readToEnd(descriptor: number, { mostBytes }: ReadLimits, isPipe = false): Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  for (;;) {
    const length = fill(descriptor, isPipe ? { hasBegun: size > 0 } : undefined);
    size += length;
    if (size > mostBytes) throw systemError('EFBIG');
    const isEnd = length < scratch.length;
    if (isEnd && pieces.length === 0) return scratch.subarray(0, length);
    pieces.push(Buffer.from(scratch.subarray(0, length)));
    if (isEnd) return Buffer.concat(pieces);
  }
}

/** The first pages of a file; nothing of one that cannot be read. */
export function beginningOf(path: string): Uint8Array {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const length = readSync(descriptor, scratch, 0, 8192, 0);
      return Uint8Array.from(scratch.subarray(0, length));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // The code that reads the whole file reports why it cannot be read.
    return Uint8Array.of(0);
  }
}

/** A pipe gives its content in pieces, the end of a file is a piece of nothing. */
function fill(descriptor: number, pipe: { readonly hasBegun: boolean } | undefined): number {
  let length = 0;
  while (length < scratch.length) {
    const count =
      pipe === undefined
        ? readSync(descriptor, scratch, length, scratch.length - length, null)
        : readPatiently(descriptor, length, pipe.hasBegun || length > 0);
    if (count === 0) return length;
    length += count;
  }
  return length;
}

/** An empty read ends a pipe only after data came, or when no writer came in time. */
function readPatiently(descriptor: number, length: number, hasBegun: boolean): number {
  const end = Date.now() + patienceMilliseconds;
  for (;;) {
    const count = readOrWait(descriptor, length);
    if (count !== undefined && (count > 0 || hasBegun)) return count;
    if (Date.now() > end) {
      if (count === 0) return 0;
      throw systemError('ETIMEDOUT');
    }
    Atomics.wait(pause, 0, 0, pauseMilliseconds);
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function readOrWait(descriptor: number, length: number): number | undefined {
  try {
    return readSync(descriptor, scratch, length, scratch.length - length, null);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

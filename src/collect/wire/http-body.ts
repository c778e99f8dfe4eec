import { WireViolation } from './violation.ts';

/** Collects what follows on the head of an answer. Each byte is looked at once. */
export interface BodyReader {
  /** The whole content once it is there. */
  push(bytes: Buffer): Buffer | undefined;
  /** The connection ended. */
  end(): Buffer | undefined;
}

/** Content of a length that was announced before. */
export function sizedBody(length: number): BodyReader {
  const parts: Buffer[] = [];
  let missing = length;
  return {
    push(bytes) {
      parts.push(bytes);
      missing -= bytes.length;
      return missing > 0 ? undefined : Buffer.concat(parts, length);
    },
    end: () => undefined,
  };
}

/** Content that ends with the connection. */
export function endlessBody(): BodyReader {
  const parts: Buffer[] = [];
  return {
    push(bytes) {
      parts.push(bytes);
      return undefined;
    },
    end: () => Buffer.concat(parts),
  };
}

const longestLine = 1024;
const mostTrailers = 32;

/** Content in chunks, RFC 9112 section 7.1. */
export function chunkedBody(): BodyReader {
  const parts: Buffer[] = [];
  let line = '';
  let missing = 0;
  let next: 'size' | 'separator' | 'trailer' = 'size';
  let trailers = 0;

  /** One line of framing; true when it was the last. */
  function readLine(): boolean {
    switch (next) {
      case 'size':
        missing = chunkSize(line);
        next = missing === 0 ? 'trailer' : 'separator';
        return false;
      case 'separator':
        if (line !== '') throw new WireViolation('NOT_HTTP');
        next = 'size';
        return false;
      case 'trailer':
        trailers += 1;
        if (trailers > mostTrailers) throw new WireViolation('HEADERS_TOO_LONG');
        return line === '';
    }
  }

  return {
    push(bytes) {
      let offset = 0;
      while (offset < bytes.length) {
        if (missing > 0) {
          const part = bytes.subarray(offset, offset + missing);
          parts.push(part);
          missing -= part.length;
          offset += part.length;
          continue;
        }
        const feed = bytes.indexOf('\n', offset);
        line += bytes.toString('latin1', offset, feed < 0 ? bytes.length : feed);
        if (line.length > longestLine) throw new WireViolation('NOT_HTTP');
        if (feed < 0) return undefined;
        offset = feed + 1;
        line = line.replace(/\r$/, '');
        if (readLine()) return Buffer.concat(parts);
        line = '';
      }
      return undefined;
    },
    end: () => undefined,
  };
}

function chunkSize(line: string): number {
  const [, digits] = /^([0-9a-f]{1,8})(?:;|$)/i.exec(line) ?? [];
  if (digits === undefined) throw new WireViolation('NOT_HTTP');
  return Number.parseInt(digits, 16);
}

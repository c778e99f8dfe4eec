import { decodeObjectIdentifier, never } from './object-identifier.ts';

/** Universal tags as they are in the identifier octet. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of `[number]`, primitive. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** The identifier octet of `[number]`, constructed. */
export function explicitTag(number: number): number {
  return 0xa0 | number;
}

/** One element: identifier octet, content, and the whole encoding. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/**
 * Reads DER from the front, as strictly as golang.org/x/crypto/cryptobyte: low tags only, definite
 * lengths in their shortest form, at most four length octets. What cannot be read gives undefined.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #mayPadArcs: () => boolean;
  #position: number;

  /** `mayPadArcs`: object identifiers may have arcs that begin with 0x80, as in Go until 1.20. Asked where one has. */
  constructor(bytes: Uint8Array, mayPadArcs: () => boolean = never) {
    this.#bytes = bytes;
    this.#mayPadArcs = mayPadArcs;
    this.#position = 0;
    this.#end = bytes.length;
  }

  get isEmpty(): boolean {
    return this.#position >= this.#end;
  }

  /** Whether an element of this tag comes next. */
  peek(expected: number): boolean {
    return this.#position < this.#end && this.#bytes[this.#position] === expected;
  }

  /** The next element, whatever its tag; of this tag when one is given. */
  element(expected?: number): Element | undefined {
    const start = this.#position;
    const identifier = this.#bytes[start];
    const span = readHeader(this.#bytes, start, this.#end);
    if (identifier === undefined || span === undefined) return undefined;
    if (expected !== undefined && identifier !== expected) return undefined;

    const end = span.contentStart + span.length;
    if (end > this.#end) return undefined;
    this.#position = end;
    return {
      tag: identifier,
      content: this.#bytes.subarray(span.contentStart, end),
      whole: this.#bytes.subarray(start, end),
    };
  }

  /** The content of the next element, which must have this tag. */
  content(expected: number): Uint8Array | undefined {
    return this.element(expected)?.content;
  }

  /** A reader of what is in the next element. */
  enter(expected: number): DerReader | undefined {
    const content = this.content(expected);
    return content === undefined ? undefined : new DerReader(content, this.#mayPadArcs);
  }

  /** The same; where there is no such element, a reader from which nothing can be read. */
  inside(expected: number): DerReader {
    return this.enter(expected) ?? new DerReader(unreadable);
  }

  /** `none` when the next element has another tag. */
  optional(expected: number): Uint8Array | 'none' | undefined {
    return this.peek(expected) ? this.content(expected) : 'none';
  }

  boolean(): boolean | undefined {
    const content = this.content(tag.boolean);
    if (content?.length !== 1) return undefined;
    if (content[0] === 0xff) return true;
    return content[0] === 0 ? false : undefined;
  }

  /** Two's complement, in its shortest form. */
  integer(expected: number = tag.integer): Uint8Array | undefined {
    const content = this.content(expected);
    return content !== undefined && isShortest(content) ? content : undefined;
  }

  /** An integer that fits 64 bits. */
  int64(expected: number = tag.integer): bigint | undefined {
    const content = this.integer(expected);
    if (content === undefined || content.length > 8) return undefined;
    return toSigned(content);
  }

  /** Dotted. Go takes no arc above 2³¹-1. */
  objectIdentifier(): string | undefined {
    const content = this.content(tag.objectIdentifier);
    return content === undefined ? undefined : decodeObjectIdentifier(content, this.#mayPadArcs);
  }

  bitString(): BitString | undefined {
    const content = this.content(tag.bitString);
    const unused = content?.[0];
    if (content === undefined || unused === undefined || unused > 7) return undefined;

    const bytes = content.subarray(1);
    const last = bytes.at(-1);
    if (last === undefined) return unused === 0 ? { bytes, unused } : undefined;
    return (last & ((1 << unused) - 1)) === 0 ? { bytes, unused } : undefined;
  }
}

/** Not empty, and no element either. */
const unreadable = Uint8Array.of(0);

export interface BitString {
  readonly bytes: Uint8Array;
  /** How many bits at the end of the last byte do not count. */
  readonly unused: number;
}

/** Go takes keys and signatures as the number that the bits are, whatever the padding. */
export function rightAlign({ bytes, unused }: BitString): Uint8Array {
  if (unused === 0) return bytes;
  const aligned = new Uint8Array(bytes.length);
  let carried = 0;
  bytes.forEach((byte, index) => {
    aligned[index] = (carried | (byte >> unused)) & 0xff;
    carried = byte << (8 - unused);
  });
  return aligned;
}

/** Two's complement, big-endian. */
export function toSigned(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return (bytes[0] ?? 0) >= 0x80 ? value - (1n << BigInt(bytes.length * 8)) : value;
}

interface Span {
  readonly contentStart: number;
  readonly length: number;
}

function readHeader(bytes: Uint8Array, start: number, end: number): Span | undefined {
  const identifier = bytes[start];
  const first = bytes[start + 1];
  if (identifier === undefined || first === undefined || start + 2 > end) return undefined;
  if ((identifier & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return { contentStart: start + 2, length: first };
  return readLongLength(bytes, start + 2, first & 0x7f, end);
}

function readLongLength(
  bytes: Uint8Array,
  from: number,
  octets: number,
  end: number,
): Span | undefined {
  if (octets === 0 || octets > 4 || from + octets > end) return undefined;
  let length = 0;
  for (let index = from; index < from + octets; index += 1) {
    length = length * 256 + (bytes[index] ?? 0);
  }
  const isShortestForm = length >= 128 && length >= 256 ** (octets - 1);
  return isShortestForm ? { contentStart: from + octets, length } : undefined;
}

function isShortest(content: Uint8Array): boolean {
  const [first, second] = content;
  if (first === undefined) return false;
  if (second === undefined) return true;
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80);
}

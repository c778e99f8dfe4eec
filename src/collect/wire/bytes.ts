import { WireViolation } from './violation.ts';

/** Walks over bytes by TLS's presentation language (RFC 8446 section 3) and never past their end. */
export interface ByteReader {
  left(): number;
  take(length: number): Buffer;
  uint8(): number;
  uint16(): number;
  uint24(): number;
  /** A vector whose length precedes it in one, two or three bytes. */
  vector8(): Buffer;
  vector16(): Buffer;
  vector24(): Buffer;
}

export function readBytes(bytes: Buffer): ByteReader {
  let offset = 0;

  function take(length: number): Buffer {
    if (offset + length > bytes.length) throw new WireViolation('SHORT_VECTOR');
    offset += length;
    return bytes.subarray(offset - length, offset);
  }
  const integer = (width: number): number => take(width).readUIntBE(0, width);

  return {
    left: () => bytes.length - offset,
    take,
    uint8: () => integer(1),
    uint16: () => integer(2),
    uint24: () => integer(3),
    vector8: () => take(integer(1)),
    vector16: () => take(integer(2)),
    vector24: () => take(integer(3)),
  };
}

/** Cuts a list of equal things apart, at most `limit` of them; says how many there were in all. */
export function readList<Item>(
  bytes: Buffer,
  read: (reader: ByteReader) => Item,
  limit = Infinity,
): { readonly items: readonly Item[]; readonly total: number } {
  const reader = readBytes(bytes);
  const items: Item[] = [];
  let total = 0;
  while (reader.left() > 0) {
    const item = read(reader);
    total += 1;
    if (items.length < limit) items.push(item);
  }
  return { items, total };
}

export function uint8(value: number): Buffer {
  return Buffer.from([value]);
}

export function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

export function uint24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
}

export function vector8(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([uint8(content.length), content]);
}

export function vector16(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([uint16(content.length), content]);
}

export function vector24(...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([uint24(content.length), content]);
}

import { WireViolation } from '../wire/violation.ts';

/** One field of a protobuf message. 64-bit numbers stay whole. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

const mostFields = 100_000;

/** The fields of a message in the order of the wire. Throws a WireViolation at what is no message. */
export function readFields(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let offset = 0;

  function varint(): bigint {
    let number = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) throw new WireViolation('NOT_PROTOBUF');
      offset += 1;
      number |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, number);
    }
    throw new WireViolation('NOT_PROTOBUF');
  }

  function take(length: number): Buffer {
    if (offset + length > bytes.length) throw new WireViolation('NOT_PROTOBUF');
    offset += length;
    return bytes.subarray(offset - length, offset);
  }

  function valueOf(wireType: number): Field['value'] {
    switch (wireType) {
      case 0:
        return varint();
      case 1:
        return take(8).readBigUInt64LE();
      case 2:
        return take(Number(varint()));
      case 5:
        return BigInt(take(4).readUInt32LE());
      default:
        throw new WireViolation('NOT_PROTOBUF');
    }
  }

  while (offset < bytes.length) {
    if (fields.length >= mostFields) throw new WireViolation('NOT_PROTOBUF');
    const key = Number(varint());
    fields.push({ number: Math.floor(key / 8), value: valueOf(key % 8) });
  }
  return fields;
}

/** The last one counts, as protobuf has it; zero when absent. */
export function numberAt(fields: readonly Field[], number: number): bigint {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}

export function bytesAt(fields: readonly Field[], number: number): readonly Buffer[] {
  return fields.flatMap((field) =>
    field.number === number && Buffer.isBuffer(field.value) ? [field.value] : [],
  );
}

export function textAt(fields: readonly Field[], number: number): string {
  return textsAt(fields, number).at(-1) ?? '';
}

export function textsAt(fields: readonly Field[], number: number): readonly string[] {
  return bytesAt(fields, number).map(textOf);
}

const longestText = 1024;

/** Text as sent; what is longer than any name or URL is cut, with its length. */
function textOf(bytes: Buffer): string {
  const text = bytes.subarray(0, longestText).toString('utf8');
  return bytes.length > longestText ? `${text}… (${bytes.length} bytes)` : text;
}

/** A length or a key, as they precede the bytes of a field. */
export function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** How etcd prints 64-bit ids. */
export function hexId(id: bigint): string {
  return id.toString(16);
}

import { recordType } from './numbers.ts';
import { WireViolation } from './violation.ts';

/** One TLS record as it was on the wire. */
export interface TlsRecord {
  readonly type: number;
  /** The five bytes before the fragment, which TLS 1.3 authenticates with it. */
  readonly header: Buffer;
  readonly fragment: Buffer;
}

export interface RecordReader {
  /** The records that are complete with these bytes. Throws a WireViolation. */
  push(chunk: Buffer): readonly TlsRecord[];
}

// RFC 8446 section 5.2 and RFC 5246 section 6.2.3.
const longestFragment = 16_384 + 2048;

// Go reads Certificate messages of up to 256 kB (maxHandshakeCertificateMsg); a flight is not much longer.
const bounds = { bytes: 512 * 1024, records: 1024 };

/** Cuts a stream into TLS records and gives up on one that no honest server sends. */
export function createRecordReader(): RecordReader {
  let pending: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let records = 0;

  function next(): TlsRecord | undefined {
    if (pending.length < 5) return undefined;
    const header = pending.subarray(0, 5);
    const length = lengthOf(header);
    if (pending.length < 5 + length) return undefined;
    const fragment = pending.subarray(5, 5 + length);
    pending = pending.subarray(5 + length);
    records += 1;
    if (records > bounds.records) throw new WireViolation('TOO_MANY_RECORDS');
    return { type: header.readUInt8(0), header, fragment };
  }

  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > bounds.bytes) throw new WireViolation('TOO_MANY_BYTES');
      pending = Buffer.concat([pending, chunk]);
      const complete: TlsRecord[] = [];
      for (let record = next(); record !== undefined; record = next()) complete.push(record);
      return complete;
    },
  };
}

function lengthOf(header: Buffer): number {
  const type = header.readUInt8(0);
  if (type < recordType.changeCipherSpec || type > recordType.data) {
    throw new WireViolation('RECORD_TYPE_UNKNOWN');
  }
  const length = header.readUInt16BE(3);
  if (length > longestFragment) throw new WireViolation('RECORD_TOO_LONG');
  // RFC 8446 section 5.1: only application data may be empty.
  if (length === 0) throw new WireViolation('RECORD_EMPTY');
  return length;
}

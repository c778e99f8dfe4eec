/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('hex');
}

export function toBase64(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('base64');
}

export function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64');
}

/** One character a byte, which makes byte strings usable as keys and in regular expressions. */
export function toLatin1(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && bufferOf(left).equals(right);
}

/** Below zero, zero or above, by the first byte that differs. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

/** Big-endian, unsigned. */
export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** Big-endian, unsigned, filled with zeros up to the length. */
export function fromBigInt(value: bigint, length: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

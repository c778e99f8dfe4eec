/** One DER element: its identifier octet, its content, and all its bytes. */
export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Tags of what this folder writes by itself. */
export const tags = {
  integer: 0x02,
  bitString: 0x03,
  null: 0x05,
  sequence: 0x30,
} as const;

/** Wraps content, of which there may be several pieces, in a tag and a length. */
export function encode(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(content);
  return Buffer.concat([Uint8Array.of(tag, ...encodedLength(body.length)), body]);
}

/** The elements that follow one another in a piece of DER written by ourselves. */
function elements(der: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < der.length) {
    const element = elementAt(der, at);
    found.push(element);
    at += element.bytes.length;
  }
  return found;
}

/** The elements inside the one element that the bytes hold. */
export function children(der: Uint8Array): readonly Element[] {
  return elements(elementAt(der, 0).content);
}

function elementAt(der: Uint8Array, at: number): Element {
  const first = der[at + 1] ?? 0;
  const lengthOctets = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + lengthOctets;
  const length =
    lengthOctets === 0
      ? first
      : der.subarray(at + 2, start).reduce((sum, octet) => sum * 256 + octet, 0);
  return {
    tag: der[at] ?? 0,
    content: der.subarray(start, start + length),
    bytes: der.subarray(at, start + length),
  };
}

function encodedLength(length: number): readonly number[] {
  if (length < 0x80) {
    return [length];
  }
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    octets.unshift(rest % 256);
  }
  return [0x80 + octets.length, ...octets];
}

/** PEM with lines of 64 characters, as RFC 7468 wants them written. */
export function toPem(type: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ''].join('\n');
}

/** The bytes of the first PEM block in a text written by ourselves. */
export function fromPem(pem: string): Uint8Array {
  const body = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem)?.[1] ?? '';
  return Buffer.from(body, 'base64');
}

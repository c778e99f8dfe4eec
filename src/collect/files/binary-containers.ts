/** Marks of certificates and keys in a form that Go's tls package does not read. */
const marks: readonly (readonly number[])[] = [
  // Java's key stores, JKS and JCEKS.
  [0xfe, 0xed, 0xfe, 0xed],
  [0xce, 0xce, 0xce, 0xce],
  // PEM in UTF-16, with its byte order mark: `--` in either order of bytes.
  [0xff, 0xfe, 0x2d, 0x00, 0x2d, 0x00],
  [0xfe, 0xff, 0x00, 0x2d, 0x00, 0x2d],
];

/**
 * Whether bytes that are no text hold certificates or keys all the same: DER of a certificate, a key or
 * PKCS#12, a key store of Java, PEM in UTF-16. Such a file counts whatever it is called.
 */
export function holdsCredentials(bytes: Uint8Array): boolean {
  return marks.some((mark) => mark.every((byte, index) => bytes[index] === byte)) || isDer(bytes);
}

/** A SEQUENCE that fills the file and begins with a SEQUENCE, as a certificate does, or with a version number. */
function isDer(bytes: Uint8Array): boolean {
  const header = bytes[1] === 0x82 ? 4 : 3;
  if (bytes[0] !== 0x30 || bytes.length !== header + lengthOf(bytes)) return false;
  const inner = bytes[header];
  return inner === 0x30 || (inner === 0x02 && bytes[header + 1] === 1);
}

/** The length that follows a tag, in the one or two bytes that credentials need for it. */
function lengthOf([, form, high = 0, low = 0]: Uint8Array): number {
  if (form === 0x82) return high * 256 + low;
  return form === 0x81 ? high : Number.NaN;
}

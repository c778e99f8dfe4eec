import type { GoRelease } from './go-release.ts';

/** Carries the text of Go's parse error up to `parseCertificate`, which makes a value of it. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Until 1.16 the errors of encoding/asn1 were handed on as they came. */
export function malformed(go: GoRelease, text: string, earlier: () => string): Malformed {
  return new Malformed(go.parser === 'encoding-asn1' ? earlier() : text);
}

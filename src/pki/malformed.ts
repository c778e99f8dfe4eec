/** Carries the text of Go's parse error up to `parseCertificate`, which makes a value of it. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

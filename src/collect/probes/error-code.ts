/** The code of an error, and never its prose, which for OpenSSL holds memory addresses and source paths. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'UNKNOWN';
}

/** The number of the TLS alert that the other side sent; OpenSSL has it in its text alone. */
export function alertNumber(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const digits = /SSL alert number (\d{1,3})/.exec(error.message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

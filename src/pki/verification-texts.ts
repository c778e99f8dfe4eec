/** The text around every complaint of a name constraint. */
export function notAuthorized(detail: string): string {
  return `x509: a root or intermediate certificate is not authorized to sign for this name: ${detail}`;
}

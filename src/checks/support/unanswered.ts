/** The code of a call that failed, as the end of a sentence. */
export function because(code: string | undefined): string {
  return code === undefined ? '' : ` (${code})`;
}

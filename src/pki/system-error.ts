/** The words of Go's os package for a file that cannot be read. */
export function systemError(path: string, reason: string): string {
  return `${/is a directory/i.test(reason) ? 'read' : 'open'} ${path}: ${reason}`;
}

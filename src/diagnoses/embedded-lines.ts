/**
 * Ansible, `docker inspect` and the status of pods put what a program printed into one string of JSON or YAML. What follows
 * such a line end has to look like the beginning of a line: paths of Windows have `\n` in them, too.
 */
const lineEnd = /(?<!\\)(?:\\r)?\\n(?=\{\\{0,3}"|\d{4}[-/]\d\d|Error:)|", {0,2}"(?=\{\\{1,3}")/;

/** The lines of a log in a line of text; the line itself where there are no others in it. */
export function embeddedLines(raw: string): readonly string[] {
  // An object of JSON is one line of a log, with line ends in its stack traces.
  if (raw.startsWith('{') || !raw.includes('\\')) return [raw];
  const pieces = raw.split(lineEnd);
  return pieces.length === 1 ? [raw] : pieces.map(unquoted);
}

function unquoted(piece: string): string {
  const [object] = /\{\\".*\}/.exec(piece) ?? [];
  return object === undefined ? piece : object.replaceAll(/\\(["\\])/g, '$1');
}

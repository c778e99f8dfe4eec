import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable } from '../../model/settings.ts';
import { assignment, lineAt, logicalLines, splitWords } from './words.ts';

/** The variables that a file sets: systemd's `EnvironmentFile=` format, or a shell script that exports. */
export function readEnvironmentFile(file: TextFile): readonly EnvironmentVariable[] {
  return isShellScript(file.text) ? readShellScript(file) : readVariables(file);
}

function isShellScript(text: string): boolean {
  return /^#!|^[ \t]*export[ \t]/m.test(text);
}

/** Whole lines: unlike in a shell, a `#` after the value belongs to it (systemd.exec(5), EnvironmentFile=). */
function readVariables({ path, text }: TextFile): readonly EnvironmentVariable[] {
  return logicalLines(text).flatMap((line) => {
    const match = /^\s*([A-Za-z_]\w*)=(.*)$/s.exec(line.text);
    if (match === null || /^\s*[#;]/.test(line.text)) return [];

    const [, name = '', raw = ''] = match;
    const location = { file: path, line: lineAt(line, 0) };
    return [{ name, value: unquoted(raw.trim()), location }];
  });
}

function unquoted(value: string): string {
  if (!/["'\\]/.test(value)) return value;
  // Blanks outside quotes are part of the value here, so the words are put together again.
  return splitWords(value, 'shell')
    .map(({ text }) => text)
    .join(' ');
}

/** `export A=1 B=2` and `A=1`; variables set before are expanded, others stay as they are written. */
function readShellScript({ path, text }: TextFile): readonly EnvironmentVariable[] {
  const variables: EnvironmentVariable[] = [];
  for (const line of logicalLines(text, /^\s*#/)) {
    const [first, ...rest] = splitWords(line.text, 'shell');
    if (first === undefined) continue;
    const words = first.text === 'export' ? rest : [first, ...rest];
    for (const word of words) {
      const location = { file: path, line: lineAt(line, word.offset) };
      const variable = assignment(word.text, location);
      // A command may follow: `ETCDCTL_API=3 etcdctl …`.
      if (variable === undefined) break;
      variables.push({ ...variable, value: expand(variable.value, variables) });
    }
  }
  return variables;
}

/** `$NAME` and `${NAME}` of variables set before; what is not known stays as it is written. */
export function expand(value: string, known: readonly EnvironmentVariable[]): string {
  return value.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (written: string, ...groups: string[]) => {
    const name = groups[0] ?? groups[1];
    return known.findLast((variable) => variable.name === name)?.value ?? written;
  });
}

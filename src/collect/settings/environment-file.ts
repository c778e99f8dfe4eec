import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable } from '../../model/settings.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { Location } from '../../model/target.ts';
import { expandReferences, expansionBudget } from './expansion-budget.ts';
import { readShell, type ShellVariable } from './shell/run.ts';
import { lineAt, logicalLines } from './words.ts';

/** What is read last counts: of a file that is named again, only the last time matters. */
export function lastOfEach(files: readonly TextFile[]): readonly TextFile[] {
  return [...new Set(files.toReversed())].toReversed();
}

/** The paths at which no file was found, each once. */
export function missingOf(
  named: readonly { readonly path: string; readonly file: TextFile | undefined }[],
): readonly string[] {
  return [...new Set(named.flatMap(({ path, file }) => (file === undefined ? [path] : [])))];
}

/** The variables of a file whose reader is unknown: a shell script that exports, else systemd. */
export function readEnvironmentFile(file: TextFile): readonly EnvironmentVariable[] {
  if (!/^#!|^[ \t]*export[ \t]/m.test(file.text)) return readForSystemd(file);
  return readForShell(file);
}

/** What a shell has set once it has read the file. */
function readForShell({ path, text }: TextFile): readonly EnvironmentVariable[] {
  const script = { text, file: path, line: 1 };
  return readShell(script, { environment: [], complete: false }).variables;
}

/**
 * As systemd reads `EnvironmentFile=` (systemd.exec(5), src/basic/env-file.c): whole lines, a `#` after
 * the value belongs to it, nothing is expanded, and a line such as `export A=1` names no variable.
 * A byte order mark becomes part of the first name, which is then none (env_assignment_is_valid).
 */
export function readForSystemd(file: TextFile): readonly EnvironmentVariable[] {
  const { path, text, hasByteOrderMark = false } = file;
  return logicalLinesOfValues(text).flatMap((line) => {
    const match = /^\s*([A-Za-z_]\w*)=(.*)$/s.exec(line.text);
    if (match === null || /^\s*[#;]/.test(line.text)) return [];
    if (hasByteOrderMark && line.line === 1) return [];

    const [, name = '', raw = ''] = match;
    return [{ name, value: systemdValue(raw), location: { file: path, line: line.line } }];
  });
}

/**
 * What a line sets that systemd takes for no variable: it logs "Ignoring invalid environment assignment" and goes on
 * (src/core/execute.c exec_context_load_environment; seen of 252).
 */
export function passedOverBySystemd(file: TextFile): Problems {
  const { path, text, hasByteOrderMark = false } = file;
  return text.split('\n').flatMap((line, index): Problems => {
    const [, exported = '', name] = /^\s*(export\s+)?(ETCD\w*)=/.exec(line) ?? [];
    const isMarked = hasByteOrderMark && index === 0;
    if (name === undefined || (exported === '' && !isMarked)) return [];
    const why = isMarked ? 'after-byte-order-mark' : 'exported-to-systemd';
    return [{ kind: 'without-effect', why, name, location: { file: path, line: index + 1 } }];
  });
}

interface Assignment {
  readonly text: string;
  readonly line: number;
}

/** Lines, continued by a backslash at their end or by a quote that is still open. */
function logicalLinesOfValues(text: string): readonly Assignment[] {
  const joined: { readonly texts: string[]; readonly line: Assignment['line'] }[] = [];
  let quote = '';
  for (const logical of logicalLines(text)) {
    const own = logical.text;
    const [, opened = '', value = ''] = /^\s*[A-Za-z_]\w*=\s*(["'])(.*)$/s.exec(own) ?? [];
    if (quote === '') joined.push({ texts: [own], line: lineAt(logical, 0) });
    else joined.at(-1)?.texts.push(own);
    const [open, rest] = quote === '' ? [opened, value] : [quote, own];
    quote = open === '' || closes(rest, open) ? '' : open;
  }
  return joined.map(({ texts, line }) => ({ text: texts.join('\n'), line }));
}

function closes(text: string, quote: string): boolean {
  return quote === '"' ? /^(?:[^"\\]|\\.)*"/s.test(text) : text.includes(quote);
}

/** Quotes count where a value begins and after a quoted part; elsewhere they are text. */
function systemdValue(raw: string): string {
  let rest = raw.trimStart();
  let value = '';
  for (;;) {
    const quoted = /^"((?:[^"\\]|\\.)*)"?\s*|^'([^']*)'?\s*/s.exec(rest);
    if (quoted === null) break;
    const [whole, double, single = ''] = quoted;
    value += double === undefined ? single : double.replaceAll(/\\(["\\`$])/g, '$1');
    rest = rest.slice(whole.length);
    if (rest === '') return value;
  }
  return value + rest.trimEnd().replaceAll(/\\(.)/gs, '$1');
}

/**
 * As `docker run --env-file` and podman read it: everything after the equals sign is the value, quotes
 * included; a name alone has the value that it has where docker runs (docker/cli opts/file.go).
 */
export function readForDocker(
  { path, text }: TextFile,
  outside: readonly ShellVariable[] = [],
): readonly ShellVariable[] {
  return text.split(/\r?\n/).flatMap((line, index): readonly ShellVariable[] => {
    const [, name, equals, value = ''] = /^\s*([^#\s=][^\s=]*)(=?)(.*)$/s.exec(line) ?? [];
    const location = { file: path, line: index + 1 };
    if (name === undefined) return [];
    return [equals === '' ? passedOn(name, outside, location) : { name, value, location }];
  });
}

/** `-e NAME`: the variable as it is where the container is started from. */
export function passedOn(
  name: string,
  outside: readonly ShellVariable[],
  location: Location | undefined,
): ShellVariable {
  const known = outside.findLast((variable) => variable.name === name);
  const place = location && { location };
  if (known !== undefined) return { ...known, ...place };
  const doubt = 'its value comes from the environment of the process that starts the container';
  return { name, value: `\${${name}}`, doubt, ...place };
}

/**
 * As Compose reads `env_file`: quotes are taken off, `export` is passed over, a ` #` begins a comment,
 * variables are expanded except within single quotes (compose-go dotenv/parser.go).
 */
export function readForCompose({ path, text }: TextFile): readonly EnvironmentVariable[] {
  const variables: EnvironmentVariable[] = [];
  const known = new Map<string, string>();
  const budget = expansionBudget();
  // What is not known stays as it is written.
  const valueOf = (written: string, braced?: string, plain?: string) =>
    known.get(braced ?? plain ?? '') ?? written;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, name, raw = ''] =
      /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*(.*)$/s.exec(line) ?? [];
    if (name === undefined) continue;
    const single = /^'([^']*)'/.exec(raw)?.[1];
    const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw)?.[1]?.replaceAll(/\\(["\\$])/g, '$1');
    const plain = double ?? raw.replace(/(?<!\s)\s+#.*$/s, '').trimEnd();
    const value = single ?? expandReferences(plain, reference, valueOf, budget);
    known.set(name, value);
    variables.push({ name, value, location: { file: path, line: index + 1 } });
  }
  return variables;
}

const reference = /\$(?:\{(\w+)\}|(\w+))/g;

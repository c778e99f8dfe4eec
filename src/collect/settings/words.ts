import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { table } from '../../model/table.ts';

/** One line as its reader sees it: continued lines are joined, and each place still knows its line. */
export interface LogicalLine {
  readonly text: string;
  /** Where in `text` each physical line begins. */
  readonly starts: readonly { readonly offset: number; readonly line: number }[];
}

/** Joins lines that end in a backslash; comment lines are dropped, inside a continuation too, as systemd does. */
export function logicalLines(text: string, comment = /^\s*[#;]/): readonly LogicalLine[] {
  const lines: LogicalLine[] = [];
  let open: PhysicalLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (comment.test(raw)) continue;

    const continues = /(?<!\\)(?:\\\\)*\\$/.test(raw);
    open.push({ text: continues ? raw.slice(0, -1) : raw, line: index + 1 });
    if (continues) continue;
    lines.push(joined(open));
    open = [];
  }
  return open.length === 0 ? lines : [...lines, joined(open)];
}

interface PhysicalLine {
  readonly text: string;
  readonly line: number;
}

function joined(parts: readonly PhysicalLine[]): LogicalLine {
  let offset = 0;
  const starts = parts.map(({ text, line }) => {
    const start = { offset, line };
    offset += text.length + 1;
    return start;
  });
  return { text: parts.map(({ text }) => text).join(' '), starts };
}

/** The line of an offset in a logical line. */
export function lineAt({ starts }: LogicalLine, offset: number): number {
  return starts.findLast((start) => start.offset <= offset)?.line ?? 1;
}

export interface Word {
  readonly text: string;
  /** Where in the line it begins. */
  readonly offset: number;
}

/** Whose quoting: systemd undoes C escapes everywhere, a shell takes single quotes literally. */
export type Quoting = 'systemd' | 'shell';

/** What a template fills in is one word, whatever blanks are in it. */
const template = /\{\{[^{}]*\}\}|\{%[^%]*%\}|<%[^%]*%>/g;
const templateBlank = '\0';

/** Splits a line into words. An unfinished quote ends with the line. */
export function splitWords(text: string, quoting: Quoting): readonly Word[] {
  const line = text.replaceAll(template, (written) => written.replaceAll(/\s/g, templateBlank));
  const words: Word[] = [];
  let position = 0;
  while (position < line.length) {
    const blank = /^\s+/.exec(line.slice(position))?.[0].length ?? 0;
    position += blank;
    if (position >= line.length || (quoting === 'shell' && line[position] === '#')) break;

    const { text: word, end } = readWord(line, position, quoting);
    words.push({ text: word.replaceAll(templateBlank, ' '), offset: position });
    position = end;
  }
  return words;
}

function readWord(line: string, start: number, quoting: Quoting): { text: string; end: number } {
  let text = '';
  let quote: string | undefined;
  let end = start;
  while (end < line.length && (quote !== undefined || !/\s/.test(line[end] ?? ''))) {
    const plain = plainFrom(line, end);
    text += plain;
    end += plain.length;
    if (plain !== '') continue;
    const step = readCharacter(line, end, quote, quoting);
    text += step.text;
    quote = step.quote;
    end += step.length;
  }
  return { text, end };
}

/** What stands for itself within quotes and without. */
function plainFrom(line: string, start: number): string {
  const plain = /[^\s"'\\]*/y;
  plain.lastIndex = start;
  return plain.exec(line)?.[0] ?? '';
}

interface Step {
  readonly text: string;
  readonly length: number;
  readonly quote: string | undefined;
}

function readCharacter(
  line: string,
  position: number,
  quote: string | undefined,
  quoting: Quoting,
): Step {
  const character = line[position] ?? '';
  if (character === quote) return { text: '', length: 1, quote: undefined };
  if (quote === undefined && /["']/.test(character))
    return { text: '', length: 1, quote: character };
  if (character !== '\\') return { text: character, length: 1, quote };

  const escape =
    quoting === 'systemd' ? cEscape(line, position) : shellEscape(line, position, quote);
  return { ...escape, quote };
}

const cEscapes = table<string>({
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
});

/** systemd.syntax(7), "Quoting". */
function cEscape(line: string, position: number): { text: string; length: number } {
  const hex = /^\\x([\da-fA-F]{2})/.exec(line.slice(position, position + 4))?.[1];
  if (hex !== undefined) return { text: String.fromCodePoint(Number.parseInt(hex, 16)), length: 4 };

  const next = line[position + 1] ?? '';
  return { text: cEscapes[next] ?? next, length: 2 };
}

function shellEscape(
  line: string,
  position: number,
  quote: string | undefined,
): { text: string; length: number } {
  const next = line[position + 1] ?? '';
  if (quote === "'") return { text: '\\', length: 1 };
  if (quote === '"' && !/["\\$`]/.test(next)) return { text: '\\', length: 1 };
  return { text: next, length: 2 };
}

/** Words with the places at which they are in a file. */
export function locatedWords(
  file: string,
  line: LogicalLine,
  quoting: Quoting,
): readonly Required<LocatedText>[] {
  return splitWords(line.text, quoting).map(({ text, offset }) => ({
    text,
    location: { file, line: lineAt(line, offset) },
  }));
}

/** `NAME=value`; undefined for anything else. */
export function assignment(text: string, location?: Location): EnvironmentVariable | undefined {
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
  if (match === null) return undefined;

  const [, name = '', value = ''] = match;
  return location === undefined ? { name, value } : { name, value, location };
}

/** `/usr/local/bin/etcd` is `etcd`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

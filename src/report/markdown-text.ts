import { largest } from '../model/extremes.ts';
import { printable } from './escape.ts';

/**
 * Text from anywhere as a line of Markdown that stays text. Words that could be markup, a link, a
 * mention or an issue reference become code, which code hosts leave alone; the rest reads as prose.
 */
export function prose(text: string): string {
  const words = printable(text).replaceAll('`', '').split(' ');
  return words
    .map((one, index) => (index === 0 && ordinal.test(one) ? `\`${one}\`` : word(one)))
    .join(' ')
    .replaceAll('` `', ' ');
}

/** Text as code, whatever backticks it holds. */
export function code(text: string): string {
  const content = printable(text);
  const ticks = '`'.repeat(longestRun(content) + 1);
  const pad = /^[` ]|[` ]$/.test(content) ? ' ' : '';
  return `${ticks}${pad}${content}${pad}${ticks}`;
}

/** Lines as a block of code that nothing in them can close. */
export function fenced(lines: readonly string[]): string {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}text`, ...lines, fence].join('\n');
}

/**
 * One cell of a table: bars end cells even inside code. A backslash before a bar would undo the one that keeps
 * the bar in, and code knows no escapes, so that a space goes between them.
 */
export function cell(markdown: string): string {
  return markdown.replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
}

/** At the start of a line it begins a list. */
const ordinal = /^\d{1,9}[.)]$/;

const harmless = /^[(]?[A-Za-z0-9]+(?:[-'’/][A-Za-z0-9]+)*[),;:.?!]*$|^(?:e\.g\.|i\.e\.)$/;

function word(text: string): string {
  if (text === '' || (harmless.test(text) && !/^[0-9a-f]{7,}$/i.test(text))) return text;
  const [after = ''] = /(?<![,;:.])[,;:.]+$/.exec(text) ?? [];
  const inside = text.slice(0, text.length - after.length);
  return inside === '' ? `\`${text}\`` : `\`${inside}\`${after}`;
}

function longestRun(text: string): number {
  return largest(
    (text.match(/`+/g) ?? []).map((run) => run.length),
    0,
  );
}

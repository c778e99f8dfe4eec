import { printable, printableLines } from '../escape.ts';

/** HTML or SVG that is safe to send. Made by `markup` alone, which escapes whatever is put into it. */
export interface Markup {
  readonly markup: string;
}

export type Child = string | number | Markup | false | undefined | readonly Child[];

/** A piece of markup: strings in it become harmless text, whether between tags or in attributes. */
export function markup(pieces: TemplateStringsArray, ...children: readonly Child[]): Markup {
  const text = pieces.map((piece, index) => {
    const child = children[index];
    return child === undefined ? piece : piece + textOf(child);
  });
  return { markup: text.join('') };
}

/** For the page's own style and script, which must reach it unescaped. */
export function verbatim(ownText: string): Markup {
  return { markup: ownText };
}

/** Text with its line breaks kept, for elements that show them; indented lines are commands. */
export function lines(text: string): Markup {
  const shown = printableLines(text).map((line) =>
    /^ {2}|^\$ /.test(line) ? markup`<code>${line}</code>`.markup : textOf(prose(line)),
  );
  return { markup: shown.join('\n') };
}

/** A host name, path or the like, which wraps at its dots, slashes and dashes before anywhere else. */
export function breakable(name: string): Child {
  return printable(name)
    .split(/(?<=[./@-])/)
    .map((part, index) => (index === 0 ? part : markup`<wbr>${part}`));
}

/** Prose in which words between backticks are code, as checks write them. */
export function prose(text: string): readonly Child[] {
  return printable(text)
    .split('`')
    .map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part));
}

function textOf(child: Child): string {
  if (child === undefined || child === false) return '';
  if (typeof child === 'string') return escape(printable(child));
  if (typeof child === 'number') return String(child);
  if ('markup' in child) return child.markup;
  return child.map(textOf).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

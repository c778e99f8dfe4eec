import { writtenOf } from './expand.ts';
import { type Part, partsOfDocument, tokensOf, type Word } from './lex.ts';
import type { Node } from './syntax.ts';
import type { SimpleCommand } from './runtime.ts';

/** Whether a part is the elements of an array, in their brackets. */
export function isArrayText(part: Part): boolean {
  return part.kind === 'text' && !part.quoted && part.text.startsWith('(');
}

/** Whether a word runs a command while it is expanded. */
export function hasSubstitution({ parts }: Word): boolean {
  return parts.some((part) => {
    if (part.kind === 'command') return true;
    return expansionsIn(part, 1).length > 0 && /\$\((?!\()|`/.test(writtenOf([part]));
  });
}

/** What a command expands before anything else of it. */
export function partsIn(node: Node): readonly Part[] {
  const words = 'words' in node ? (node.words ?? []) : [];
  const unread = 'unread' in node ? node.unread : [];
  const compared = node.kind === 'case' ? wordsOfCase(node) : [];
  const redirected = 'redirections' in node ? partsRedirected(node) : [];
  return [...partsOf([...words, ...unread, ...compared]), ...redirected];
}

function wordsOfCase({ subject, branches }: Extract<Node, { kind: 'case' }>): readonly Word[] {
  return [subject, ...branches.flatMap(({ patterns }) => patterns)];
}

export function partsOf(words: readonly Word[]): readonly Part[] {
  return words.flatMap(({ parts }) => parts);
}

function partsRedirected({ redirections }: Pick<SimpleCommand, 'redirections'>): readonly Part[] {
  return redirections.flatMap(({ target, document }) => [
    ...target.parts,
    ...(document?.parts ?? []),
  ]);
}

/** The expansions within an array, within what is computed, and within what takes the place of a variable. */
export function expansionsIn(part: Part, line: number): readonly Part[] {
  if (part.kind === 'command') return [];
  if (part.kind === 'text') {
    if (!isArrayText(part)) return [];
    const tokens = tokensOf(part.text.slice(1, -1), line);
    return partsOf(tokens.filter((token) => token.kind === 'word'));
  }
  if (part.kind === 'variable') return partsOfDocument(part.operand, line);
  const { written } = part;
  if (/^[<>]\(/.test(written)) {
    return [{ kind: 'command', script: written.slice(2, -1), line, written, quoted: true }];
  }
  const [opening] = /^\$(?:\(\(|\{)/.exec(written) ?? [];
  return opening === undefined
    ? []
    : partsOfDocument(written.slice(opening.length, 1 - opening.length), line);
}

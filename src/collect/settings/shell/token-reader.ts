import type { Operator, Token } from './lex.ts';
import { bare } from './syntax.ts';

export class NotShell extends Error {
  readonly line: number;

  constructor(reason: string, line: number) {
    super(reason);
    this.line = line;
  }
}

export interface Parser {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
}

export function peek(parser: Parser): Token | undefined {
  return parser.tokens[parser.position];
}

export function lineOf(parser: Parser): number {
  return peek(parser)?.line ?? parser.tokens.at(-1)?.line ?? 1;
}

export function isOperator(token: Token | undefined, text: string): token is Operator {
  return token?.kind === 'operator' && token.text === text;
}

export function takeOperator(parser: Parser, text: string): boolean {
  const is = isOperator(peek(parser), text);
  if (is) parser.position += 1;
  return is;
}

export function takeWord(parser: Parser, text: string): boolean {
  const is = bare(peek(parser)) === text;
  if (is) parser.position += 1;
  return is;
}

export function expectWord(parser: Parser, text: string): void {
  if (!takeWord(parser, text)) throw unexpected(parser, `\`${text}\``);
}

export function unexpected(parser: Parser, wanted: string): NotShell {
  return new NotShell(`${wanted} is missing here`, lineOf(parser));
}

export function skipLines(parser: Parser): void {
  while (takeOperator(parser, '\n'));
}

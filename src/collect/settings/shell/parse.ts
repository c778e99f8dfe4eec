import { wordSet } from '../../../model/table.ts';
import { type Token, type Word, tokensOf } from './lex.ts';
import {
  bare,
  type AndOr,
  type Branch,
  type Clause,
  type Node,
  type Redirection,
} from './syntax.ts';
import {
  NotShell,
  expectWord,
  isOperator,
  lineOf,
  peek,
  skipLines,
  takeOperator,
  takeWord,
  unexpected,
  type Parser,
} from './token-reader.ts';

/** Reads a script. What follows the first thing that is not understood is one unknown node, as the shell stops there. */
export function parse(script: string, line = 1): Node {
  const parser: Parser = { tokens: tokensOf(script, line), position: 0, depth: 0 };
  const items: Node[] = [];
  for (;;) {
    skipLines(parser);
    const [token] = parser.tokens.slice(parser.position, parser.position + 1);
    if (token === undefined) return { kind: 'sequence', items, line };
    try {
      items.push(readLine(parser));
    } catch (error) {
      if (!(error instanceof NotShell)) throw error;
      items.push({ kind: 'unknown', reason: error.message, line: error.line });
      return { kind: 'sequence', items, line };
    }
  }
}

/** Compound commands within each other. */
const deepest = 60;

/** Commands up to the end of the line. */
function readLine(parser: Parser): Node {
  const { line } = peek(parser) ?? { line: 1 };
  const items: Node[] = [];
  for (;;) {
    items.push(readTerminated(parser));
    const token = peek(parser);
    if (token === undefined || takeOperator(parser, '\n')) break;
    if (items.at(-1) === undefined || isOperator(token, ')')) throw unexpected(parser, 'a command');
  }
  return { kind: 'sequence', items, line };
}

/** A list with what ends it: `;`, `&`. */
function readTerminated(parser: Parser): Node {
  const node = readAndOr(parser);
  if (takeOperator(parser, '&')) {
    return { kind: 'subshell', body: node, isBackground: true, line: node.line };
  }
  takeOperator(parser, ';');
  return node;
}

function readAndOr(parser: Parser): Node {
  const first = readPipeline(parser);
  const rest: AndOr[] = [];
  for (;;) {
    const token = peek(parser);
    const operator = token?.kind === 'operator' ? token.text : '';
    if (operator !== '&&' && operator !== '||') break;
    parser.position += 1;
    skipLines(parser);
    rest.push({ operator, node: readPipeline(parser) });
  }
  return rest.length === 0 ? first : { kind: 'and-or', first, rest, line: first.line };
}

function readPipeline(parser: Parser): Node {
  const line = lineOf(parser);
  let isNegated = false;
  while (takeWord(parser, '!')) isNegated = !isNegated;
  const items = [readCommand(parser)];
  while (takeOperator(parser, '|')) {
    skipLines(parser);
    items.push(readCommand(parser));
  }
  const [only] = items;
  return items.length === 1 && !isNegated && only !== undefined
    ? only
    : { kind: 'pipeline', items, isNegated, line };
}

const compounds: ReadonlyMap<string, (parser: Parser, line: number) => Node> = new Map([
  ['{', readGroup],
  ['if', readIf],
  ['while', (parser, line) => readWhile(parser, line, false)],
  ['until', (parser, line) => readWhile(parser, line, true)],
  ['for', readFor],
  ['case', readCase],
  ['function', readFunction],
]);

/** Words that are only allowed where something else is awaited. */
const closing = wordSet('then elif else fi do done esac } in select coproc');

function readCommand(parser: Parser): Node {
  if (parser.depth > deepest) throw new NotShell('commands are nested too deeply', lineOf(parser));
  const token = peek(parser);
  const line = lineOf(parser);
  const word = bare(token) ?? '';
  if (isOperator(token, '(')) return readSubshell(parser, line);
  const compound = compounds.get(word);
  if (compound !== undefined) {
    parser.position += 1;
    return withRedirections(
      parser,
      nested(parser, () => compound(parser, line)),
    );
  }
  if (closing.has(word)) throw unexpected(parser, 'a command');
  const isFunction = token?.kind === 'word' && isNamedFunction(parser);
  return isFunction ? readNamedFunction(parser, line) : readSimple(parser, line);
}

function nested(parser: Parser, read: () => Node): Node {
  parser.depth += 1;
  const node = read();
  parser.depth -= 1;
  return node;
}

function readSubshell(parser: Parser, line: number): Node {
  const computes = isArithmetic(parser);
  parser.position += 1;
  if (computes) return readArithmetic(parser, line);
  const body = nested(parser, () => readList(parser, (token) => isOperator(token, ')')));
  parser.position += 1;
  return withRedirections(parser, { kind: 'subshell', body, isBackground: false, line });
}

function isArithmetic({ tokens, position }: Parser): boolean {
  const [first, second] = tokens.slice(position, position + 2);
  return isOperator(first, '(') && isOperator(second, '(') && second.at === first.at + 1;
}

/** `((…))`: to every shell that does not compute this, it is two subshells. */
function readArithmetic(parser: Parser, line: number): Node {
  const start = parser.position;
  let open = 1;
  while (open > 0) {
    const token = peek(parser);
    if (token === undefined) throw unexpected(parser, '`))`');
    if (isOperator(token, '(')) open += 1;
    if (isOperator(token, ')')) open -= 1;
    parser.position += 1;
  }
  const words = parser.tokens
    .slice(start, parser.position)
    .filter((token) => token.kind === 'word');
  const names = words.flatMap(({ parts }) => {
    const written = parts.map((part) => ('text' in part ? part.text : part.written)).join('');
    return written.match(/[A-Za-z_]\w*/g) ?? [];
  });
  return withRedirections(parser, { kind: 'arithmetic', names, words, line });
}

function isNamedFunction({ tokens, position }: Parser): boolean {
  return isOperator(tokens[position + 1], '(') && isOperator(tokens[position + 2], ')');
}

function readNamedFunction(parser: Parser, line: number): Node {
  const name = bare(peek(parser));
  parser.position += 3;
  return functionOf(parser, name, false, line);
}

function readFunction(parser: Parser, line: number): Node {
  const name = bare(peek(parser));
  parser.position += isNamedFunction(parser) ? 3 : 1;
  return functionOf(parser, name, true, line);
}

function functionOf(
  parser: Parser,
  name: string | undefined,
  isKeyword: boolean,
  line: number,
): Node {
  skipLines(parser);
  if (name === undefined || !/^[\w.:-]+$/.test(name)) throw unexpected(parser, 'a name');
  const body = nested(parser, () => readCommand(parser));
  return { kind: 'function', name, body, isKeyword, line };
}

/** Commands up to a token that ends them, at least one. */
function readList(parser: Parser, ends: (token: Token | undefined) => boolean): Node {
  const line = lineOf(parser);
  const items: Node[] = [];
  for (;;) {
    skipLines(parser);
    if (peek(parser) === undefined)
      throw unexpected(parser, 'the end of the construct that begins above');
    if (ends(peek(parser))) break;
    items.push(readTerminated(parser));
  }
  if (items.length === 0) throw unexpected(parser, 'a command');
  return { kind: 'sequence', items, line };
}

function until(...words: readonly string[]): (token: Token | undefined) => boolean {
  return (token) => words.includes(bare(token) ?? '');
}

function readGroup(parser: Parser): Node {
  const body = readList(parser, until('}'));
  expectWord(parser, '}');
  return body;
}

function readIf(parser: Parser, line: number): Node {
  const clauses: Clause[] = [];
  do {
    const condition = readList(parser, until('then'));
    expectWord(parser, 'then');
    clauses.push({ condition, body: readList(parser, until('elif', 'else', 'fi')) });
  } while (takeWord(parser, 'elif'));
  const otherwise = takeWord(parser, 'else') ? readList(parser, until('fi')) : undefined;
  expectWord(parser, 'fi');
  return { kind: 'if', clauses, ...(otherwise && { otherwise }), line };
}

function readWhile(parser: Parser, line: number, isUntil: boolean): Node {
  const condition = readList(parser, until('do'));
  return { kind: 'while', condition, body: readLoop(parser), isUntil, line };
}

function readLoop(parser: Parser): Node {
  expectWord(parser, 'do');
  const body = readList(parser, until('done'));
  expectWord(parser, 'done');
  return body;
}

function readFor(parser: Parser, line: number): Node {
  if (isArithmetic(parser)) {
    parser.position += 1;
    const condition = readArithmetic(parser, line);
    takeOperator(parser, ';');
    skipLines(parser);
    return { kind: 'while', condition, body: readLoop(parser), isUntil: false, line };
  }
  const name = bare(peek(parser)) ?? '';
  if (!/^[A-Za-z_]\w*$/.test(name)) throw unexpected(parser, 'a name');
  parser.position += 1;
  skipLines(parser);
  const words: Word[] = [];
  const isGiven = takeWord(parser, 'in');
  if (isGiven) for (const word of takeWords(parser)) words.push(word);
  takeOperator(parser, ';');
  skipLines(parser);
  return { kind: 'for', name, ...(isGiven && { words }), body: readLoop(parser), line };
}

function takeWords(parser: Parser): readonly Word[] {
  const words: Word[] = [];
  for (let token = peek(parser); token?.kind === 'word'; token = peek(parser)) {
    words.push(token);
    parser.position += 1;
  }
  return words;
}

function readCase(parser: Parser, line: number): Node {
  const subject = peek(parser);
  if (subject?.kind !== 'word') throw unexpected(parser, 'a word');
  parser.position += 1;
  skipLines(parser);
  expectWord(parser, 'in');
  const branches: Branch[] = [];
  for (;;) {
    skipLines(parser);
    if (takeWord(parser, 'esac')) return { kind: 'case', subject, branches, line };
    branches.push(readBranch(parser));
  }
}

function readBranch(parser: Parser): Branch {
  takeOperator(parser, '(');
  const patterns: Word[] = [];
  do {
    const token = peek(parser);
    if (token?.kind !== 'word') throw unexpected(parser, 'a pattern');
    patterns.push(token);
    parser.position += 1;
  } while (takeOperator(parser, '|'));
  if (!takeOperator(parser, ')')) throw unexpected(parser, '`)`');
  const line = lineOf(parser);
  const items: Node[] = [];
  for (;;) {
    skipLines(parser);
    const token = peek(parser);
    if (token === undefined) throw unexpected(parser, '`esac`');
    if (bare(token) === 'esac')
      return { patterns, body: { kind: 'sequence', items, line }, end: ';;' };
    if (token.kind === 'operator' && /^;[;&]/.test(token.text)) {
      parser.position += 1;
      return { patterns, body: { kind: 'sequence', items, line }, end: token.text };
    }
    items.push(readTerminated(parser));
  }
}

function readRedirection(parser: Parser): Redirection | undefined {
  const token = peek(parser);
  if (token?.kind !== 'operator' || !/[<>]/.test(token.text)) return undefined;
  const target = parser.tokens[parser.position + 1];
  if (target?.kind !== 'word') throw unexpected(parser, 'a file');
  parser.position += 2;
  const { text, document } = token;
  return { operator: text, target, ...(document && { document }) };
}

function withRedirections(parser: Parser, body: Node): Node {
  const redirections: Redirection[] = [];
  for (;;) {
    const redirection = readRedirection(parser);
    if (redirection === undefined) break;
    redirections.push(redirection);
  }
  if (peek(parser)?.kind === 'word' && !closesSomething(parser)) {
    throw unexpected(parser, 'the end of a command');
  }
  return redirections.length === 0
    ? body
    : { kind: 'redirected', body, redirections, line: body.line };
}

/** `fi done` and `} }`: a compound command may be followed by a word that closes the one around it. */
function closesSomething(parser: Parser): boolean {
  return /^(?:then|elif|else|fi|do|done|esac|\})$/.test(bare(peek(parser)) ?? '');
}

function readSimple(parser: Parser, line: number): Node {
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  if (bare(peek(parser)) === '[[') return withRedirections(parser, readTest(parser, line));
  for (;;) {
    const token = peek(parser);
    if (token?.kind === 'word') {
      words.push(token);
      parser.position += 1;
      continue;
    }
    const redirection = readRedirection(parser);
    if (redirection === undefined) break;
    redirections.push(redirection);
  }
  if (words.length === 0 && redirections.length === 0) throw unexpected(parser, 'a command');
  return { kind: 'simple', words, redirections, line };
}

/** `[[ … ]]`, within which operators are part of the test. */
function readTest(parser: Parser, line: number): Node {
  const words: Word[] = [];
  let isPlain = true;
  for (;;) {
    const token = peek(parser);
    if (token === undefined) throw unexpected(parser, '`]]`');
    parser.position += 1;
    if (token.kind === 'word') words.push(token);
    else isPlain = false;
    if (bare(token) === ']]') break;
  }
  const [first, ...unread] = words;
  if (isPlain || first === undefined) return { kind: 'simple', words, redirections: [], line };
  return { kind: 'simple', words: [first], unread, redirections: [], line };
}

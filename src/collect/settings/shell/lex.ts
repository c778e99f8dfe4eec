/** A piece of a word of a shell script. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  /** `$NAME`, `${NAME}`, `${NAME:-other}`: `operator` and `operand` are what follows the name. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly operator: string;
      readonly operand: string;
      readonly written: string;
      readonly quoted: boolean;
    }
  /** `$(command)` and `` `command` ``. */
  | {
      readonly kind: 'command';
      readonly script: string;
      readonly line: number;
      readonly written: string;
      readonly quoted: boolean;
    }
  /** What only the running shell knows: arithmetic, `<(command)`, `$'…'` with escapes. */
  | { readonly kind: 'unknown'; readonly written: string; readonly quoted: boolean };

/** The text that a here-document feeds to a command. */
export interface HereDocument {
  text: string;
  /** Its parts after expansion; absent where the delimiter is quoted, which takes the text as it is. */
  parts?: readonly Part[];
  /** Its first line. */
  line: number;
}

export interface Word {
  readonly kind: 'word';
  readonly parts: readonly Part[];
  readonly line: number;
}

export interface Operator {
  readonly kind: 'operator';
  readonly text: string;
  readonly line: number;
  /** Where it begins: `((` is one thing, `( (` are two. */
  readonly at: number;
  /** Of `<<` and `<<-`, filled in once the text that follows has been read. */
  readonly document?: HereDocument;
}

export type Token = Word | Operator;

interface PendingDocument {
  readonly delimiter: string;
  /** `<<-` takes tabs off the lines. */
  readonly indented: boolean;
  readonly verbatim: boolean;
  readonly document: HereDocument;
}

interface Lexer {
  readonly isInArray?: boolean;
  readonly text: string;
  position: number;
  line: number;
  /** Delimiters of here-documents whose text follows the line being read. */
  pending: PendingDocument[];
}

/** Longer pieces are read in several, so that a script costs time in proportion to its length. */
const longestPart = 4096;

const operators = /^(?:&>>|&>|\d*(?:<<<|<<-?|>>|>&|<&|>\||<>|[<>])|\|\||&&|\|&|;;&?|;&|[;&|()\n])/;

/**
 * Splits a script into words and operators as POSIX sh and bash do. Never rejects: what is unfinished ends with
 * the text. Blanks are space and tab alone (POSIX.1-2017, 2.3): other white space, the carriage return of
 * Windows among it, is part of a word.
 */
export function tokensOf(text: string, line = 1): readonly Token[] {
  const lexer: Lexer = { text, position: 0, line, pending: [] };
  const tokens: Token[] = [];
  for (;;) {
    skipBlanks(lexer);
    if (lexer.position >= lexer.text.length) return tokens;
    tokens.push(readToken(lexer));
    expectHereDocument(lexer, tokens);
  }
}

function readToken(lexer: Lexer): Token {
  const ahead = lexer.text.slice(lexer.position, lexer.position + 12);
  const operator = /^[<>]\(/.test(ahead) ? undefined : operators.exec(ahead)?.[0];
  return operator === undefined ? readWord(lexer) : readOperator(lexer, operator);
}

function skipBlanks(lexer: Lexer): void {
  for (;;) {
    const rest = /^(?:[ \t]+|\\\n)+/.exec(lexer.text.slice(lexer.position))?.[0] ?? '';
    take(lexer, rest.length);
    if (lexer.text[lexer.position] !== '#') return;
    const end = lexer.text.indexOf('\n', lexer.position);
    lexer.position = end < 0 ? lexer.text.length : end;
  }
}

function take(lexer: Lexer, length: number): string {
  const taken = lexer.text.slice(lexer.position, lexer.position + length);
  lexer.position += length;
  for (const character of taken) if (character === '\n') lexer.line += 1;
  return taken;
}

function readOperator(lexer: Lexer, operator: string): Operator {
  const { line, position: at } = lexer;
  const text = take(lexer, operator.length);
  if (operator === '\n') readHereDocuments(lexer);
  const isDocument = /^\d*<<-?$/.test(operator);
  return { kind: 'operator', text, line, at, ...(isDocument && { document: { text: '', line } }) };
}

function expectHereDocument(lexer: Lexer, tokens: readonly Token[]): void {
  const [before, last] = tokens.slice(-2);
  if (last?.kind !== 'word' || before?.kind !== 'operator') return;
  const { document, text } = before;
  if (document === undefined) return;
  const delimiter = last.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const verbatim = last.parts.some(({ quoted }) => quoted);
  lexer.pending.push({ delimiter, indented: text.endsWith('-'), verbatim, document });
}

function readHereDocuments(lexer: Lexer): void {
  for (const { delimiter, indented, verbatim, document } of lexer.pending) {
    document.line = lexer.line;
    const lines: string[] = [];
    while (lexer.position < lexer.text.length) {
      const end = lexer.text.indexOf('\n', lexer.position);
      const raw = take(lexer, (end < 0 ? lexer.text.length : end + 1) - lexer.position);
      const written = raw.replace(/\n$/, '');
      const plain = indented ? written.replace(/^\t+/, '') : written;
      if (plain === delimiter) break;
      lines.push(plain);
    }
    document.text = lines.map((each) => `${each}\n`).join('');
    if (!verbatim) document.parts = partsOfDocument(document.text, document.line);
  }
  lexer.pending = [];
}

/** The parts of a text in which quotes are text, and expansions are not split, as in a here-document. */
export function partsOfDocument(text: string, line: number): readonly Part[] {
  const lexer: Lexer = { text, position: 0, line, pending: [] };
  const parts: Part[] = [];
  while (lexer.position < text.length) {
    const isQuote = text[lexer.position] === '"' || text.startsWith('\\"', lexer.position);
    parts.push(
      isQuote ? { kind: 'text', text: take(lexer, 1), quoted: true } : readPart(lexer, true),
    );
  }
  return parts;
}

function readWord(lexer: Lexer): Word {
  const { line } = lexer;
  const parts: Part[] = [];
  while (lexer.position < lexer.text.length) {
    const rest = lexer.text.slice(lexer.position, lexer.position + 2);
    if (/^[<>]\($/.test(rest) && parts.length === 0) parts.push(readProcess(lexer));
    else if (isArray(lexer, parts, rest)) parts.push(readArray(lexer));
    else if (/^[ \t\n;&|()<>]/.test(rest)) break;
    else if (rest.startsWith("'")) parts.push(readSingle(lexer));
    else if (rest.startsWith('"')) for (const part of readDouble(lexer)) parts.push(part);
    else if (rest === "$'") parts.push(readAnsi(lexer));
    else parts.push(readPart(lexer, false));
  }
  return { kind: 'word', parts, line };
}

/** `NAME=(a b c)` keeps its brackets as text of the word, for the interpreter to take apart. bash has no arrays in arrays. */
function isArray({ isInArray }: Lexer, parts: readonly Part[], rest: string): boolean {
  const [only] = parts;
  return (
    isInArray !== true &&
    rest.startsWith('(') &&
    parts.length > 0 &&
    only?.kind === 'text' &&
    /\w\+?=$/.test(textOf(parts))
  );
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function readArray(lexer: Lexer): Part {
  const inner: Lexer = { ...lexer, isInArray: true, position: lexer.position + 1, pending: [] };
  while (inner.position < inner.text.length) {
    skipBlanks(inner);
    if (inner.position >= inner.text.length || inner.text[inner.position] === ')') break;
    readToken(inner);
  }
  return { kind: 'text', text: take(lexer, inner.position + 1 - lexer.position), quoted: false };
}

function readSingle(lexer: Lexer): Part {
  const end = lexer.text.indexOf("'", lexer.position + 1);
  const stop = end < 0 ? lexer.text.length : end;
  const text = lexer.text.slice(lexer.position + 1, stop);
  take(lexer, stop + 1 - lexer.position);
  return { kind: 'text', text, quoted: true };
}

/** bash reads `$'…'` with C escapes, dash as a dollar sign and a text. */
function readAnsi(lexer: Lexer): Part {
  const written = /^\$'(?:[^'\\]|\\[\s\S])*'?/.exec(lexer.text.slice(lexer.position))?.[0] ?? "$'";
  return { kind: 'unknown', written: `$(${take(lexer, written.length)})`, quoted: true };
}

function readProcess(lexer: Lexer): Part {
  return { kind: 'unknown', written: take(lexer, 1) + readBrackets(lexer), quoted: true };
}

function readDouble(lexer: Lexer): readonly Part[] {
  take(lexer, 1);
  // An empty pair of quotes is a word too.
  const parts: Part[] = [{ kind: 'text', text: '', quoted: true }];
  while (lexer.position < lexer.text.length && lexer.text[lexer.position] !== '"') {
    parts.push(readPart(lexer, true));
  }
  take(lexer, 1);
  return parts;
}

/** A run of characters, or one expansion. */
function readPart(lexer: Lexer, quoted: boolean): Part {
  const rest = lexer.text.slice(lexer.position, lexer.position + longestPart);
  const expansion = expansions.find(([opening]) => rest.startsWith(opening));
  if (expansion !== undefined) return expansion[1](lexer, quoted);
  const [written, name] = /^\$([A-Za-z_]\w*|[@*\d#?$!-])/.exec(rest) ?? [];
  if (written !== undefined && name !== undefined) {
    take(lexer, written.length);
    return { kind: 'variable', name, operator: '', operand: '', written, quoted };
  }
  const run = quoted ? /^[^"\\$`]+/ : /^[^ \t\n;&|()<>'"\\$`]+/;
  return { kind: 'text', text: take(lexer, run.exec(rest)?.[0].length ?? 1), quoted };
}

type PartReader = (lexer: Lexer, quoted: boolean) => Part;

const expansions: readonly (readonly [opening: string, read: PartReader])[] = [
  ['\\', readEscape],
  [
    '$((',
    (lexer, quoted) => ({ kind: 'unknown', written: take(lexer, 1) + readBrackets(lexer), quoted }),
  ],
  ['$(', readCommand],
  ['`', readBackquoted],
  ['${', readBraced],
];

function readEscape(lexer: Lexer, quoted: boolean): Part {
  const next = lexer.text[lexer.position + 1] ?? '';
  const escaped = take(lexer, 2);
  if (next === '\n') return { kind: 'text', text: '', quoted };
  const text = quoted && !/["\\$`]/.test(next) ? escaped : next;
  return { kind: 'text', text, quoted: true };
}

function readCommand(lexer: Lexer, quoted: boolean): Part {
  const { line } = lexer;
  const written = take(lexer, 1) + readBrackets(lexer);
  return { kind: 'command', script: written.slice(2, -1), line, written, quoted };
}

function readBackquoted(lexer: Lexer, quoted: boolean): Part {
  const { line } = lexer;
  const rest = lexer.text.slice(lexer.position);
  const written = take(lexer, (/^`(?:[^`\\]|\\[\s\S])*`?/.exec(rest)?.[0] ?? '`').length);
  const script = written.slice(1, -1).replaceAll(/\\([\\$`])/g, '$1');
  return { kind: 'command', script, line, written, quoted };
}

/** From `(` to the bracket that closes it, quotes respected. */
function readBrackets(lexer: Lexer): string {
  const { text, position } = lexer;
  const end = closingAt(text, position, (at) => depths.get(text[at] ?? '') ?? 0);
  return take(lexer, end - position);
}

const depths = new Map([
  ['(', 1],
  [')', -1],
]);

/** Where what begins at a place ends: when as much was closed as was opened, outside of quotes. */
function closingAt(text: string, start: number, step: (at: number) => number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && quote !== "'") at += 1;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (/["']/.test(character)) quote = character;
    else {
      depth += step(at);
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** `${NAME}` and its like, up to the brace that closes it. */
function readBraced(lexer: Lexer, quoted: boolean): Part {
  const written = bracesAt(lexer);
  take(lexer, written.length);
  const inner = written.slice(2, -1);
  const [, name = '', tail = ''] =
    /^([!#]?\w+(?:\[[@*]\])?|[@*#?$!-])((?:[^\w].*)?)$/s.exec(inner) ?? [];
  if (name === '' || !written.endsWith('}')) return { kind: 'unknown', written, quoted };
  const [, operator = '', operand = ''] = /^(:?[-=+?])?(.*)$/s.exec(tail) ?? [];
  return { kind: 'variable', name, operator, operand, written, quoted };
}

/** A brace opens only behind a dollar sign. */
function bracesAt({ text, position }: Lexer): string {
  const start = position + 1;
  const end = closingAt(text, start, (at) => {
    if (text[at] === '{') return text[at - 1] === '$' ? 1 : 0;
    return text[at] === '}' ? -1 : 0;
  });
  return text.slice(position, end);
}

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
  /** What only the running shell knows: `$(command)`, arithmetic. */
  | { readonly kind: 'unknown'; readonly written: string; readonly quoted: boolean };

export type Token =
  | { readonly kind: 'word'; readonly parts: readonly Part[]; readonly line: number }
  | { readonly kind: 'operator'; readonly text: string; readonly line: number }
  | { readonly kind: 'here-document'; readonly text: string; readonly line: number };

interface PendingDocument {
  readonly delimiter: string;
  /** `<<-` takes tabs off the lines. */
  readonly indented: boolean;
  /** A quoted delimiter takes the text as it is. */
  readonly verbatim: boolean;
}

interface Lexer {
  readonly text: string;
  position: number;
  line: number;
  /** Delimiters of here-documents whose text follows the line being read. */
  pending: PendingDocument[];
}

/** Longer pieces are read in several, so that a script costs time in proportion to its length. */
const longestPart = 4096;

const operators = /^(?:&>>|&>|\d*(?:<<<|<<-?|>>|>&|<&|>\||[<>])|\|\||&&|;;&?|[;&|()\n])/;

/**
 * Splits a script into words and operators as POSIX sh and bash do. Never rejects: what is unfinished ends with
 * the text. Blanks are space and tab alone (POSIX.1-2017, 2.3): other white space is part of a word.
 */
export function tokensOf(text: string): readonly Token[] {
  const lexer: Lexer = { text: text.replaceAll('\r\n', '\n'), position: 0, line: 1, pending: [] };
  const tokens: Token[] = [];
  for (;;) {
    skipBlanks(lexer);
    if (lexer.position >= lexer.text.length) return tokens;
    const operator = operators.exec(lexer.text.slice(lexer.position, lexer.position + 12))?.[0];
    if (operator !== undefined) tokens.push(...readOperator(lexer, operator));
    else tokens.push(readWord(lexer));
    expectHereDocument(lexer, tokens);
  }
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

function readOperator(lexer: Lexer, operator: string): readonly Token[] {
  const { line } = lexer;
  const token: Token = { kind: 'operator', text: take(lexer, operator.length), line };
  return operator === '\n' ? [token, ...readHereDocuments(lexer)] : [token];
}

function expectHereDocument(lexer: Lexer, tokens: readonly Token[]): void {
  const [before, last] = tokens.slice(-2);
  if (last?.kind !== 'word' || before?.kind !== 'operator') return;
  if (!/^\d*<<-?$/.test(before.text)) return;
  const delimiter = last.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  const verbatim = last.parts.some(({ quoted }) => quoted);
  lexer.pending.push({ delimiter, indented: before.text.endsWith('-'), verbatim });
}

function readHereDocuments(lexer: Lexer): readonly Token[] {
  const documents = lexer.pending.map(({ delimiter, indented, verbatim }): Token => {
    const { line } = lexer;
    const lines: string[] = [];
    while (lexer.position < lexer.text.length) {
      const end = lexer.text.indexOf('\n', lexer.position);
      const raw = take(lexer, (end < 0 ? lexer.text.length : end + 1) - lexer.position);
      const written = raw.replace(/\n$/, '');
      const plain = indented ? written.replace(/^\t+/, '') : written;
      if (plain === delimiter) break;
      lines.push(plain);
    }
    const text = lines.map((each) => `${each}\n`).join('');
    const unescaped = text.replaceAll(/\\([\\$`])/g, '$1');
    return { kind: 'here-document', text: verbatim ? text : unescaped, line };
  });
  lexer.pending = [];
  return documents;
}

function readWord(lexer: Lexer): Token {
  const { line } = lexer;
  const parts: Part[] = [];
  while (lexer.position < lexer.text.length) {
    const rest = lexer.text.slice(lexer.position, lexer.position + 2);
    if (isArray(parts, rest)) parts.push(readArray(lexer));
    else if (/^[ \t\n;&|()<>]/.test(rest)) break;
    else if (rest.startsWith("'")) parts.push(readSingle(lexer));
    else if (rest.startsWith('"')) parts.push(...readDouble(lexer));
    else if (rest === "$'" || rest === '$"') take(lexer, 1);
    else parts.push(readPart(lexer, false));
  }
  return { kind: 'word', parts, line };
}

/** `NAME=(a b c)` keeps its brackets as text of the word, for the interpreter to take apart. */
function isArray(parts: readonly Part[], rest: string): boolean {
  const [only] = parts;
  return (
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
  const end = lexer.text.indexOf(')', lexer.position);
  const length = (end < 0 ? lexer.text.length : end + 1) - lexer.position;
  return { kind: 'text', text: take(lexer, length), quoted: false };
}

function readSingle(lexer: Lexer): Part {
  const end = lexer.text.indexOf("'", lexer.position + 1);
  const stop = end < 0 ? lexer.text.length : end;
  const text = lexer.text.slice(lexer.position + 1, stop);
  take(lexer, stop + 1 - lexer.position);
  return { kind: 'text', text, quoted: true };
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
  if (rest.startsWith('\\')) return readEscape(lexer, rest, quoted);
  const substitution = /^\$\(|^`/.exec(rest)?.[0];
  if (substitution !== undefined) return readSubstitution(lexer, substitution, quoted);
  const variable = variableAt(rest);
  if (variable !== undefined) {
    take(lexer, variable.written.length);
    return { kind: 'variable', ...variable, quoted };
  }
  const run = quoted ? /^[^"\\$`]+/ : /^[^ \t\n;&|()<>'"\\$`]+/;
  return { kind: 'text', text: take(lexer, run.exec(rest)?.[0].length ?? 1), quoted };
}

function variableAt(text: string) {
  const braced = /^\$\{([!#]?\w+(?:\[[@*]\])?|[@*#?])([^}\w]?[^}]*)\}/.exec(text);
  if (braced !== null) {
    const [written, name = '', tail = ''] = braced;
    const [, operator = '', operand = ''] = /^(:?[-=+?])?(.*)$/s.exec(tail) ?? [];
    return { written, name, operator, operand };
  }
  const [written, name] = /^\$([A-Za-z_]\w*|[@*\d#?$!])/.exec(text) ?? [];
  return written === undefined || name === undefined
    ? undefined
    : { written, name, operator: '', operand: '' };
}

function readEscape(lexer: Lexer, rest: string, quoted: boolean): Part {
  const next = rest[1] ?? '';
  const escaped = take(lexer, 2);
  if (next === '\n') return { kind: 'text', text: '', quoted };
  const text = quoted && !/["\\$`]/.test(next) ? escaped : next;
  return { kind: 'text', text, quoted: true };
}

function readSubstitution(lexer: Lexer, opening: string, quoted: boolean): Part {
  let depth = 0;
  let length = opening === '`' ? 1 : 0;
  const { text, position } = lexer;
  while (position + length < text.length) {
    const character = text[position + length];
    length += 1;
    if (opening === '`' && character === '`') break;
    if (character === '(') depth += 1;
    if (opening !== '`' && character === ')') {
      depth -= 1;
      if (depth === 0) break;
    }
  }
  return { kind: 'unknown', written: take(lexer, length), quoted };
}

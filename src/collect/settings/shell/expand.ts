import type { LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { type ExpansionBudget, withinBudget } from '../expansion-budget.ts';
import type { Part, Word } from './lex.ts';
import { cutBy, type Effort } from './patterns.ts';

export interface Variable {
  /** Absent for a variable that is exported before it is set. */
  readonly value?: string;
  /** False where the value is a placeholder for what only the running shell knows. */
  readonly isKnown: boolean;
  /** `maybe` where a branch decides. */
  readonly exported: boolean | 'maybe';
  readonly isReadonly?: boolean;
  /** Whether a branch decides that it is set at all. */
  readonly mayBeUnset?: boolean;
  /** Whether the shell changes what it is set to: `declare -i`, `-l`, `-u`. */
  readonly isConverted?: boolean;
  readonly location?: Location;
  /** Why the value is not known, where that is not written in it. */
  readonly doubt?: string;
}

/** What a shell knows while it goes through a script. */
export interface Knowledge {
  readonly variables: Map<string, Variable>;
  /** Undefined for an array whose elements are not known. */
  readonly arrays: Map<string, readonly Expanded[] | undefined>;
  /** Whether variables that are not listed are unset, rather than set elsewhere. */
  complete: boolean;
  positional: readonly Expanded[] | undefined;
  /** The exit status of the last command; undefined where only the running shell knows. */
  status: number | undefined;
  /** Set once IFS is anything but blanks: then it is unknown where expansions are split. */
  splitsOddly: boolean;
}

export interface Expanded extends LocatedText {
  /** False for a placeholder for what only the running shell knows. */
  readonly isKnown: boolean;
}

/** What expanding takes in addition to the word. */
export interface Expansion {
  readonly state: Knowledge;
  /** Shared by all that one script does. */
  readonly budget: ExpansionBudget;
  readonly effort: Effort;
  /** What `hostname` prints, where that is known. */
  readonly hostname: string | undefined;
  /** What `$-` is, where that is known. */
  readonly options?: string | undefined;
  /** The paths of given files that a pattern stands for, where that is known. */
  readonly matching?: ((pattern: string) => readonly string[] | undefined) | undefined;
  /** Called for `${NAME:=value}`. */
  readonly assign: (name: string, value: Piece) => void;
  /** Called for a variable that is not set, or may not be; `${NAME:?message}` is fatal in any case. */
  readonly lacks: (isFatal: boolean, isSure: boolean) => void;
}

export interface Piece {
  readonly text: string;
  readonly isKnown: boolean;
}

/** Set by the system, the service manager or the shell itself, though no settings say so. */
const ambient =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|PWD|OLDPWD|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|TERM|UID|EUID|PPID|IFS|PS[1-4]|OPTIND|OPTERR|RANDOM|SRANDOM|SECONDS|EPOCH\w+|SHLVL|SHELLOPTS|LINENO|COLUMNS|LINES|DIRSTACK|GROUPS|PIPESTATUS|FUNCNAME|_|BASH\w*|INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|MAINPID|MANAGERPID|SYSTEMD_EXEC_PID|CREDENTIALS_DIRECTORY|(?:RUNTIME|STATE|CACHE|LOGS|CONFIGURATION)_DIRECTORY|LISTEN_\w+|WATCHDOG_\w+|KUBERNETES_\w+|\w+_(?:SERVICE|PORT)_\w+|TZ|TMPDIR|XDG_\w+)$/;

/**
 * The words that a word becomes. What only the running shell knows stays as it is written, so that
 * readers of the word see that it is not settled.
 */
export function expandWord(
  word: Word,
  expansion: Expansion,
  location: Location,
): readonly Expanded[] {
  const { parts } = word;
  const { state } = expansion;
  const list = listOf(parts, state);
  if (list !== undefined) return list;
  if (isGenerated(parts)) {
    const [, name = '', rest = ''] = /^([\w-]+=)?(.*)$/s.exec(writtenOf(parts)) ?? [];
    return [{ text: `${name}$(${rest})`, isKnown: false, location }];
  }

  const [only, second] = parts;
  const own = only !== undefined && second === undefined ? ownPlace(only, state) : undefined;
  const fields = fieldsOf(
    parts.map((part) => ({ ...part, piece: pieceOf(part, expansion) })),
    state.splitsOddly,
  );
  return fields.flatMap(({ text, isKnown, globs }): readonly Expanded[] => {
    const isPattern = globs && !text.startsWith('-') && hasPattern(text);
    const place = own ?? location;
    const found = isPattern && isKnown ? expansion.matching?.(text) : undefined;
    if (found !== undefined) {
      return found.map((path) => ({ text: path, isKnown: true, location: place }));
    }
    return [
      {
        text: isPattern ? `$(${text})` : text,
        isKnown: isKnown && !isPattern,
        location: place,
      },
    ];
  });
}

/** A word as a value is expanded: as a whole. */
export function expandValue(parts: readonly Part[], expansion: Expansion): Piece {
  if (isTilde(parts)) return { text: `$(${writtenOf(parts)})`, isKnown: false };
  const pieces = parts.map((part) => pieceOf(part, expansion));
  return {
    text: pieces.map(({ text }) => text).join(''),
    isKnown: pieces.every(({ isKnown }) => isKnown),
  };
}

/** A word as it is written, without its quotes. */
export function writtenOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : part.written)).join('');
}

function hasPattern(text: string): boolean {
  const bracket = text.indexOf('[');
  return /[*?]/.test(text) || (bracket >= 0 && text.lastIndexOf(']') > bracket + 1);
}

/** `~` and `{a,b}`, which become something else in some shells and homes. */
export function isGenerated(parts: readonly Part[]): boolean {
  const unquoted = parts.map((part) => (part.kind === 'text' && !part.quoted ? part.text : '\0'));
  const braced = unquoted.join('').match(/\{[^{}]*\}/g) ?? [];
  return isTilde(parts) || braced.some((text) => /^[^\0]*(?:,|\.\.)/.test(text));
}

function isTilde(parts: readonly Part[]): boolean {
  return parts.some(
    (part, index) =>
      part.kind === 'text' &&
      !part.quoted &&
      (index === 0 ? /(?:^|[=:])~/ : /[=:]~/).test(part.text),
  );
}

interface Field extends Piece {
  /** Whether it has unquoted characters of a pattern for file names. */
  readonly globs: boolean;
}

/** The words that one word falls apart into: an unquoted expansion does so at its blanks. */
function fieldsOf(parts: readonly ExpandedPart[], splitsOddly: boolean): readonly Field[] {
  const fields: Field[] = [];
  let isOpen = false;
  for (const part of parts) {
    const globs = !part.quoted && /[*?[]/.test(part.piece.text);
    for (const [index, piece] of piecesOf(part, splitsOddly).entries()) {
      isOpen &&= index === 0;
      if (piece.text === '' && isDropped(part)) continue;
      const last = isOpen ? fields.pop() : undefined;
      fields.push(last === undefined ? { ...piece, globs } : appended(last, { ...piece, globs }));
      isOpen = true;
    }
  }
  return fields.map((field) => ({
    ...field,
    // Readers of the text must see that it is not settled.
    text: field.isKnown || /\$[({A-Za-z_]|`/.test(field.text) ? field.text : `$(${field.text})`,
  }));
}

type ExpandedPart = Part & { readonly piece: Piece };

function isDropped({ quoted, kind }: Part): boolean {
  return !quoted && kind !== 'text';
}

function piecesOf(part: ExpandedPart, splitsOddly: boolean): readonly Piece[] {
  const { text, isKnown } = part.piece;
  if (!isKnown || !isDropped(part)) return [part.piece];
  return text
    .split(/[ \t\n]+/)
    .map((each) =>
      splitsOddly ? { text: `$(${each})`, isKnown: false } : { text: each, isKnown },
    );
}

function appended(left: Field, right: Field): Field {
  return {
    text: left.text + right.text,
    isKnown: left.isKnown && right.isKnown,
    globs: left.globs || right.globs,
  };
}

/** A value that makes up the whole word is said where the variable is set. */
function ownPlace(part: Part, { variables }: Knowledge): Location | undefined {
  return part.kind === 'variable' ? variables.get(part.name)?.location : undefined;
}

/** `"$@"` and `"${NAME[@]}"` become as many words as there are. */
function listOf(
  parts: readonly Part[],
  { arrays, positional }: Knowledge,
): readonly Expanded[] | undefined {
  const [only, second] = parts.filter((part) => part.kind !== 'text' || part.text !== '');
  if (only?.kind !== 'variable' || second !== undefined || `${only.operator}${only.operand}` !== '')
    return undefined;
  if (!only.quoted || !/^(?:@|\w+\[@\])$/.test(only.name)) return undefined;
  return only.name === '@' ? positional : arrays.get(only.name.replace(/\[@\]$/, ''));
}

function pieceOf(part: Part, expansion: Expansion): Piece {
  if (part.kind === 'text') return { text: part.text, isKnown: true };
  if (part.kind === 'unknown') return { text: part.written, isKnown: false };
  if (part.kind === 'command') {
    const isHostname = /^\s*hostname(?:\s+-s)?\s*$/.test(part.script);
    const known = isHostname ? expansion.hostname : undefined;
    return { text: known ?? part.written, isKnown: known !== undefined };
  }
  const { text, isKnown } = valueOf(part, expansion);
  const fitting = withinBudget(text, part.written, expansion.budget);
  return { text: fitting, isKnown: isKnown && fitting === text };
}

type VariablePart = Extract<Part, { kind: 'variable' }>;

/** As written, in a way that is seen not to be settled: `$1` is `${1}`. */
function unknown({ written }: VariablePart): Piece {
  const text = /^\$[^({A-Za-z_]/.test(written) ? `\${${written.slice(1)}}` : written;
  return { text, isKnown: false };
}

/** What is set: a value, nothing, or something unknown. */
type Looked = Piece | 'unset' | 'unknown';

function lookUp(name: string, state: Knowledge): Looked {
  const { variables, arrays, positional, complete } = state;
  if (/^[1-9]\d*$/.test(name)) return nth(Number(name), positional);
  if (!/^[A-Za-z_]\w*$/.test(name)) return special(name, state);
  if (arrays.has(name)) return arrays.get(name)?.[0] ?? 'unknown';
  const variable = variables.get(name);
  if (variable !== undefined) return valueIn(variable);
  return complete && !isAmbient(name) ? 'unset' : 'unknown';
}

export function isAmbient(name: string): boolean {
  return ambient.test(name);
}

function nth(position: number, words: readonly Expanded[] | undefined): Looked {
  return words === undefined ? 'unknown' : (words[position - 1] ?? 'unset');
}

function valueIn({ value, isKnown }: Variable): Looked {
  if (value !== undefined) return { text: value, isKnown };
  return isKnown ? 'unset' : 'unknown';
}

function sized(words: readonly Expanded[]): Looked {
  const isKnown = words.every((word) => word.isKnown);
  return isKnown ? { text: String(words.length), isKnown } : 'unknown';
}

/** `$#`, and `$*`, `$@`, `${NAME[*]}` as one text; what the shell alone knows otherwise. */
function special(name: string, { arrays, positional, status }: Knowledge): Looked {
  if (name === '?' && status !== undefined) return { text: String(status), isKnown: true };
  if (name === '#') return positional === undefined ? 'unknown' : sized(positional);
  if (!/^(?:[@*]|\w+\[[@*]\])$/.test(name)) return 'unknown';
  const words = /^[@*]$/.test(name) ? positional : arrays.get(name.replace(/\[[@*]\]$/, ''));
  if (words === undefined) return 'unknown';
  const isKnown = words.every((word) => word.isKnown && /^[^ \t\n]+$/.test(word.text));
  return { text: words.map(({ text }) => text).join(' '), isKnown };
}

function valueOf(part: VariablePart, expansion: Expansion): Piece {
  const { name, operator } = part;
  const found = name === '-' ? optionsOf(expansion) : lookUp(name, expansion.state);
  lack(part, found, expansion);
  if (found === 'unknown') return unknown(part);
  if (operator === '') return cutOf(part, found, expansion.effort);
  if (found !== 'unset' && !found.isKnown) return unknown(part);
  return chosen(part, found, expansion);
}

function optionsOf({ options: text }: Expansion): Looked {
  return text === undefined ? 'unknown' : { text, isKnown: true };
}

/** Tells that a variable is needed which is not set, or may not be. */
function lack({ name, operator }: VariablePart, found: Looked, { state, lacks }: Expansion): void {
  const isNeeded = /^(?::?\?)?$/.test(operator) && /^\w+$/.test(name);
  const isUnsure = found === 'unknown' || state.variables.get(name)?.mayBeUnset === true;
  const mayLack = found === 'unset' || (isUnsure && !isAmbient(name));
  if (isNeeded && mayLack) lacks(operator !== '', found === 'unset');
}

/** `${NAME:-other}` and its like. */
function chosen(part: VariablePart, found: Piece | 'unset', expansion: Expansion): Piece {
  const { name, operator } = part;
  const isEmpty = found === 'unset' || (operator.startsWith(':') && found.text === '');
  if (operator.endsWith('+')) return isEmpty ? nothing : literal(part, expansion);
  // `${NAME:?message}` ends the shell where there is nothing.
  if (!isEmpty) return found;
  if (operator.endsWith('?')) {
    if (found !== 'unset') expansion.lacks(true, true);
    return nothing;
  }
  const value = literal(part, expansion);
  if (operator.endsWith('=')) expansion.assign(name, value);
  return value;
}

const nothing: Piece = { text: '', isKnown: true };

/** `$NAME`, and `${NAME#pattern}` and its like. */
function cutOf(part: VariablePart, found: Piece | 'unset', effort: Effort): Piece {
  if (part.operand === '') return found === 'unset' ? nothing : found;
  if (found === 'unset' || !found.isKnown) return unknown(part);
  const text = cutBy(part.operand, found.text, effort);
  return text === undefined ? unknown(part) : { text, isKnown: true };
}

/** The replacement of a variable that is not set, where it is plain text or a variable. */
function literal(part: VariablePart, { state }: Expansion): Piece {
  const unquoted = part.operand.replace(/^(["'])(.*)\1$/s, '$2');
  const name = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(unquoted)?.[1];
  if (name !== undefined && !part.operand.startsWith("'")) {
    const found = lookUp(name, state);
    if (found === 'unset') return nothing;
    return found === 'unknown' || !found.isKnown ? unknown(part) : found;
  }
  return /[$`\\"']|^~/.test(unquoted) ? unknown(part) : { text: unquoted, isKnown: true };
}

import type { LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { type ExpansionBudget, withinBudget } from '../expansion-budget.ts';
import type { Part, Token } from './lex.ts';

export interface Variable {
  readonly value: string;
  readonly exported: boolean;
  readonly location?: Location;
  /** Set when a branch that may not be taken gave it this value. */
  readonly conditional?: boolean;
}

/** What a shell knows while it goes through a script. */
export interface ShellState {
  readonly variables: Map<string, Variable>;
  readonly arrays: Map<string, readonly LocatedText[]>;
  /** Whether variables that are not listed are empty, rather than set by somebody else. */
  readonly complete: boolean;
  /** Shared by all that one script does. */
  readonly budget: ExpansionBudget;
  positional: readonly LocatedText[] | undefined;
  /** What `hostname` prints, where that is known. */
  readonly hostname?: string | undefined;
}

/**
 * The words that a word becomes. What only the running shell knows stays as it is written, so that
 * whoever reads the word sees that it is not settled.
 */
export function expandWord(
  { parts }: Extract<Token, { kind: 'word' }>,
  state: ShellState,
  location: Location,
): readonly LocatedText[] {
  const list = listOf(parts, state);
  if (list !== undefined) return list;

  const [only, second] = parts;
  const own = only !== undefined && second === undefined ? ownPlace(only, state) : undefined;
  const fields = fieldsOf(parts.map((part) => ({ ...part, expanded: textOf(part, state) })));
  return fields.map((text) => ({ text, location: own ?? location }));
}

/** The words that one word falls apart into: an unquoted expansion does so at its blanks. */
function fieldsOf(parts: readonly (Part & { readonly expanded: string })[]): readonly string[] {
  const fields: string[] = [];
  let isOpen = false;
  const add = (text: string) => {
    if (isOpen) fields[fields.length - 1] += text;
    else fields.push(text);
    isOpen = true;
  };
  for (const { quoted, kind, expanded } of parts) {
    const pieces = quoted || kind === 'text' ? [expanded] : expanded.split(/[ \t\n]+/);
    for (const [index, piece] of pieces.entries()) {
      isOpen &&= index === 0;
      if (piece !== '' || quoted || kind === 'text') add(piece);
    }
  }
  return fields;
}

/** A value that makes up the whole word is said where the variable is set. */
function ownPlace(part: Part, { variables }: ShellState): Location | undefined {
  return part.kind === 'variable' ? variables.get(part.name)?.location : undefined;
}

/** `"$@"` and `"${NAME[@]}"` become as many words as there are. */
function listOf(parts: readonly Part[], { arrays, positional }: ShellState) {
  const lists = parts.filter((part) => part.kind !== 'text' || part.text !== '');
  const [only] = lists;
  if (lists.length !== 1 || only?.kind !== 'variable') return undefined;
  if (/^[@*]$/.test(only.name)) return positional;
  const name = /^(\w+)\[[@*]\]$/.exec(only.name)?.[1];
  return name === undefined ? undefined : arrays.get(name);
}

function textOf(part: Part, state: ShellState): string {
  if (part.kind === 'text') return part.text;
  if (part.kind === 'variable')
    return withinBudget(valueOf(part, state), part.written, state.budget);
  const isHostname = /^(?:\$\(|`)\s*hostname(?:\s+-s)?\s*(?:\)|`)$/.test(part.written);
  return (isHostname ? state.hostname : undefined) ?? part.written;
}

type VariablePart = Extract<Part, { kind: 'variable' }>;

function valueOf(part: VariablePart, state: ShellState): string {
  const { name, operator, written } = part;
  if (/^\d$/.test(name)) return positionalOf(part, state);
  const { value, conditional } = state.variables.get(name) ?? {};
  if (conditional === true) return written;
  if (isPlain(part)) return value ?? (isEmpty(name, state) ? '' : written);
  if (operator === '') return cutBy(part, value);
  return instead(part, operator.startsWith(':') && value === '' ? undefined : value, state);
}

function positionalOf({ name, written }: VariablePart, { positional }: ShellState): string {
  return positional?.[Number(name) - 1]?.text ?? written;
}

/** `$NAME`, `${NAME}` and `${NAME:?message}` */
function isPlain({ operator, operand }: VariablePart): boolean {
  return `${operator}${operand}` === '' || operator.endsWith('?');
}

/** A variable that nothing sets is empty where all of the environment is known. */
function isEmpty(name: string, { complete }: ShellState): boolean {
  return complete && /^\w+$/.test(name);
}

/** `${NAME:-other}` and `${NAME:+other}`. */
function instead(
  { operator, operand, written }: VariablePart,
  value: string | undefined,
  { complete }: ShellState,
): string {
  const isSet = value !== undefined;
  if (!operator.endsWith('+')) return isSet ? value : literal(operand, written);
  if (isSet) return literal(operand, written);
  return complete ? '' : written;
}

function cutBy({ operand, written }: VariablePart, value: string | undefined): string {
  const [, side = '', pattern = ''] = /^(##?|%%?)(.+)$/s.exec(operand) ?? [];
  if (value === undefined || side === '' || /[$`"']/.test(pattern)) return written;
  return without(value, side, pattern);
}

/** `${NAME##*-}` and its like: the value without a part that matches at one of its ends. */
function without(value: string, side: string, pattern: string): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  const matches = globOf(pattern);
  const fits = (length: number) =>
    matches.test(
      side.startsWith('#') ? value.slice(0, length) : value.slice(value.length - length),
    );
  const length = side.length === 2 ? lengths.findLast(fits) : lengths.find(fits);
  if (length === undefined) return value;
  return side.startsWith('#') ? value.slice(length) : value.slice(0, value.length - length);
}

function globOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/\[[!^]?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (/^\[.+\]$/.test(part)) return part.replace(/^\[!/, '[^').replaceAll('\\', '');
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^(?:${source})$`, 's');
}

/** What stands for a variable that is not set, where it is plain text. */
function literal(operand: string, written: string): string {
  const unquoted = operand.replace(/^(["'])(.*)\1$/s, '$2');
  return /[$`\\]/.test(unquoted) ? written : unquoted;
}

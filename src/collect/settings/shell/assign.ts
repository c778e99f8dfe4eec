import type { Location } from '../../../model/target.ts';
import type { Expanded, Piece } from './expand.ts';
import { type Part, tokensOf, type Word } from './lex.ts';
import { expanded, noteUnsettled, placeOf, type Run, value } from './runtime.ts';

export interface Assignment {
  readonly name: string;
  readonly value: Piece;
  readonly location: Location;
  /** `NAME+=value` */
  readonly adds: boolean;
  /** Of `NAME=(…)`; undefined where an element is not known. */
  readonly elements?: readonly Expanded[];
}

/** The assignments that a command begins with. */
export function assignmentsIn(words: readonly Word[], run: Run): readonly Assignment[] {
  const found: Assignment[] = [];
  for (const word of words) {
    const assignment = assignmentOf(word, run);
    if (assignment === undefined) break;
    found.push(assignment);
  }
  return found;
}

/** What a word assigns, if it does. */
export function assignmentOf(word: Word, run: Run): Assignment | undefined {
  const match = assigned.exec(leadingText(word));
  if (match === null) return undefined;
  const [, name = '', index, plus, text = ''] = match;
  const first: Part = { kind: 'text', text, quoted: false };
  const own: readonly Part[] = [...(text === '' ? [] : [first]), ...word.parts.slice(1)];
  const place = placeOf(run.script, word.line);
  const said = { name, location: place, adds: plus === '+' };
  if (index !== undefined) {
    noteUnsettled(value(own, run, word.line).text, run);
    return { ...said, value: unknownPiece, elements: [] };
  }
  const list = arrayIn(own);
  if (list !== undefined) {
    const elements = elementsOf(list.slice(1, -1), word.line, run);
    return { ...said, value: { text: '', isKnown: true }, elements };
  }
  return { ...said, value: value(own, run, word.line), location: sourceOf(own, run) ?? place };
}

const assigned = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=(.*)$/s;

function leadingText({ parts: [first] }: Word): string {
  return first?.kind === 'text' && !first.quoted ? first.text : '';
}

const unknownPiece: Piece = { text: '', isKnown: false };

function arrayIn([first]: readonly Part[]): string | undefined {
  const isArray = first?.kind === 'text' && !first.quoted && first.text.startsWith('(');
  return isArray ? first.text : undefined;
}

function elementsOf(text: string, line: number, run: Run): readonly Expanded[] {
  return tokensOf(text, line).flatMap((token) =>
    token.kind === 'word' ? expanded(token, run) : [],
  );
}

/** `NAME="$OTHER"` says what is said where OTHER is set. */
function sourceOf(parts: readonly Part[], { state }: Run): Location | undefined {
  const [only, second] = parts.filter((part) => part.kind !== 'text' || part.text !== '');
  if (only?.kind !== 'variable' || second !== undefined) return undefined;
  const location = state.variables.get(only.name)?.location;
  return location?.line === undefined ? undefined : location;
}

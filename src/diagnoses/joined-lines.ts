import { type Habit, habitOf, holdsObject, lineOf, linesOf, type Reads } from './wrapped-record.ts';
import {
  canContinue,
  isFull,
  isOpen,
  isTooWide,
  nothingOpen,
  openAfter,
  type Row,
  rowOf,
  widthsFor,
} from './wrapped-row.ts';

/** Puts together what a terminal or a mail program wrapped, before anything is read. */
export interface LineJoiner {
  /** The lines that end with this one; none where the next one may belong to it. */
  add(raw: string): readonly string[];
  /** What is left when the text ends or pauses. */
  end(): readonly string[];
}

/** Rows and characters of what may be one line: what is longer was not wrapped. */
const most = { rows: 200, characters: 12_000 };

/** No row is cut that is narrower or wider; an object that has no blanks goes on beyond the screen. */
const sizes = { narrow: 40, screen: 72, wide: 150, object: 4000 };

/** A new joiner; `reads` names the known things that a text says. */
export function lineJoiner(reads: Reads): LineJoiner {
  let rows: Row[] = [];
  let found: readonly number[] = [];
  let open = nothingOpen;
  let size = 0;
  let widest = 0;
  let habit: Habit | undefined;
  let isQuoted = true;

  const end = (): readonly string[] => {
    const lines = linesOf(rows, found, { reads, habit, isQuoted });
    if (lines.length === 1) habit = habitOf(rows) ?? habit;
    rows = [];
    return lines;
  };

  const take = (row: Row): void => {
    if (rows.length === 0) {
      found = widthsFor(row).filter((width) => width >= widest);
      [open, size] = [nothingOpen, 0];
    }
    rows.push(row);
    if (holdsObject(rows[0] ?? row)) open = openAfter(row.text, open);
    size += row.raw.length;
  };

  /** Whether the row goes on the record; then only these widths are left. */
  const goesOn = (row: Row): boolean => {
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return false;
    if (rows.length >= most.rows || size + row.raw.length > most.characters) return false;
    const left = found.filter((width) => isFull(last, row, width) && !isTooWide(row, width));
    if (left.length === 0 && !holdsObject(first)) return false;
    if (!canContinue(first, last, row)) return false;
    found = left;
    return true;
  };

  /** What the line says of the text: a paragraph of its own may be wrapped at another width. */
  const note = (raw: string): void => {
    if (raw === '') widest = 0;
    else if (raw.length > widest && isTooWide(rowOf(raw), sizes.screen)) widest = raw.length;
    isQuoted &&= raw === '' || raw.startsWith('>');
  };

  const isWhole = (first: Row, raw: string): boolean =>
    holdsObject(first) ? !isOpen(open) : !mayGoOn(raw);

  /** A line that begins a record, after what ended with it. */
  const begin = (row: Row, ended: readonly string[]): readonly string[] => {
    if (!mayGoOn(row.raw)) return [...ended, lineOf(row, isQuoted)];
    take(row);
    return isWhole(row, row.raw) ? [...ended, ...end()] : ended;
  };

  return {
    end,
    add(raw) {
      note(raw);
      const [first] = rows;
      if (first === undefined)
        return mayGoOn(raw) || hasMargin(raw) ? begin(rowOf(raw), nothing) : [raw];
      const row = rowOf(raw);
      if (!goesOn(row)) return begin(row, end());
      take(row);
      return isWhole(first, raw) ? end() : nothing;
    },
  };
}

const nothing: readonly string[] = [];

/** Whether a line can have been cut at its end. */
function mayGoOn(raw: string): boolean {
  if (raw.length < sizes.narrow || raw.length > sizes.object) return false;
  const endsObject = raw.endsWith('}') && raw.includes('{"');
  return (
    !(endsObject && raw.startsWith('{')) &&
    (raw.length <= sizes.wide || (!endsObject && raw.includes('{"')))
  );
}

function hasMargin(raw: string): boolean {
  return raw.startsWith(' ') || raw.startsWith('>');
}

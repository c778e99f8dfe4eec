import { publicText } from '../model/public-text.ts';
import { hasHead, mayBeginMessage } from './line-beginnings.ts';
import {
  firstWord,
  isOpen,
  lastWord,
  nothingOpen,
  type Open,
  openAfter,
  type Row,
} from './wrapped-row.ts';

/** The known things that a text says. */
export type Reads = (text: string) => ReadonlySet<string>;

/** What is known besides the rows. */
interface Means {
  readonly reads: Reads;
  /** Every line of the text so far has the mark of a quotation. */
  readonly isQuoted: boolean;
  /** How the records before were wrapped. */
  readonly habit: Habit | undefined;
}

/** What was between two rows before they were cut apart: nothing, or a blank. */
interface Cut {
  readonly before: Row;
  readonly after: Row;
  readonly between: '' | ' ';
  /** A quotation or bracket is open here and closed further on. */
  readonly isOpen: boolean;
}

/** The lines that rows make: joined at each cut that is proven, as they are else. */
export function linesOf(
  rows: readonly Row[],
  found: readonly number[],
  means: Means,
): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  if (rows.length === 1) return [lineOf(first, means.isQuoted)];
  const cuts = cutsOf(rows, widthOf(rows, found), means);
  if (holdsObject(first)) {
    const whole = first.text + cuts.map(({ between, after }) => between + after.text).join('');
    return isObject(whole) ? [publicText(whole)] : rows.map((row) => lineOf(row, means.isQuoted));
  }
  if (found.length === 0) return rows.map((row) => lineOf(row, means.isQuoted));
  return joinedAt(cuts, first, means);
}

/** zap's lines, with whatever is in front of them. */
export function holdsObject({ text }: Row): boolean {
  return text.includes('{"');
}

/** A line that was not wrapped: without its indentation, and the mark of a quotation where it is one. */
export function lineOf({ raw, margin, text }: Row, isQuoted: boolean): string {
  return isQuoted || margin.trim() === '' || hasHead(text) ? text : raw;
}

function isObject(text: string): boolean {
  try {
    JSON.parse(text.slice(text.indexOf('{"'), text.lastIndexOf('}') + 1));
    return true;
  } catch {
    return false; // an object that was cut off proves nothing
  }
}

function joinedAt(cuts: readonly Cut[], first: Row, { reads, isQuoted }: Means): readonly string[] {
  const lines: string[] = [];
  let [start, text] = [first, first.text];
  const endLine = () =>
    lines.push(text === start.text ? lineOf(start, isQuoted) : publicText(text));
  for (const cut of cuts) {
    if (isProven(cut, text, reads) || (hasHead(start.text) && !startsMessage(cut))) {
      text += cut.between + cut.after.text;
      continue;
    }
    endLine();
    [start, text] = [cut.after, cut.after.text];
  }
  endLine();
  return lines;
}

/** A record without a head goes on where the words on both sides of the cut are of one sentence. */
function isProven(cut: Cut, textBefore: string, reads: Reads): boolean {
  if (startsMessage(cut)) return false;
  const { before, after, between } = cut;
  if (cut.isOpen || unfinished.test(before.text) || isPiece(after.text)) return true;
  const near = textBefore.slice(-mostRead);
  const next = after.text.slice(0, mostRead);
  const [own, others] = [reads(near), reads(next)];
  return [...reads(near + between + next)].some((id) => !own.has(id) && !others.has(id));
}

/** Characters on each side of a cut in which known words are looked for. */
const mostRead = 400;

function startsMessage({ before, after, isOpen: isInside }: Cut): boolean {
  return !isInside && mayBeginMessage(after.text) && !introduces.test(before.text);
}

/** What stands in front of a message within another one. */
const introduces = /(?:[:=([{]|[^\w]"|\bdesc)\s*$/;

/** What says that a text goes on: marks that want something behind them, and words that end no sentence. */
const unfinished =
  /(?:[:=([{,\\/]|[^\w]["']|\b(?:is|are|was|for|not|no|by|to|the|a|an|of|with|from|on|in|at|and|or|any|because|while|after|before|current|remote|trying))\s*$/;

/** The rest of a word or number, alone in its row. */
function isPiece(text: string): boolean {
  return /^[a-z\d.:)\]"'},%/\\-]\S{0,60}$/.test(text);
}

function cutsOf(rows: readonly Row[], width: number | undefined, means: Means): readonly Cut[] {
  const states = statesAfter(rows);
  const closes = !isOpen(states.at(-1) ?? nothingOpen);
  const glue = glueOf(rows, width, means);
  return rows.slice(1).flatMap((after, index) => {
    const before = rows[index];
    if (before === undefined) return [];
    const isInside = closes && isOpen(states[index] ?? nothingOpen);
    return [{ before, after, between: glue(before, after), isOpen: isInside }];
  });
}

function statesAfter(rows: readonly Row[]): readonly Open[] {
  let state = nothingOpen;
  return rows.map(({ text }) => (state = openAfter(text, state)));
}

/** What a text was wrapped by: terminals cut anywhere, mail programs break at blanks. */
export type Habit = 'cuts' | 'breaks';

/** What the rows show of it: more than one that is full, or one that is not. */
export function habitOf(rows: readonly Row[]): Habit | undefined {
  const full = rows.slice(0, -1);
  const width = widest(full);
  if (full.some(({ raw }) => raw.length < width - 1)) return 'breaks';
  return full.length > 1 && full.every(({ raw }) => raw.length === width) ? 'cuts' : undefined;
}

function glueOf(rows: readonly Row[], width: number | undefined, { habit, reads }: Means) {
  const margin = rows[0]?.margin.length ?? 0;
  const own = habitOf(rows) ?? habit;
  const atEdge = (before: Row, after: Row): boolean => {
    if (own === 'cuts') return false;
    if (own === 'breaks') return !isLongWord(before, after, (width ?? 0) - margin);
    return areWords(before.text, after.text) || saysMoreApart(before.text, after.text, reads);
  };
  return (before: Row, after: Row): Cut['between'] => {
    const gap = after.margin.length - margin;
    if (/\s$/.test(before.raw)) return '';
    if (gap === 1) return ' ';
    if (before.raw.length === width) return atEdge(before, after) ? ' ' : '';
    return gap === 0 && /\w-$/.test(before.text) ? '' : ' ';
  };
}

/** The width of the full rows: one of those found, or of the widest row where an object proves itself. */
function widthOf(rows: readonly Row[], found: readonly number[]): number | undefined {
  const full = rows.slice(0, -1);
  if (found.length === 0) return widest(full);
  return found.findLast((width) => full.some(({ raw }) => raw.length === width));
}

function widest(rows: readonly Row[]): number {
  return rows.reduce((most, { raw }) => Math.max(most, raw.length), 0);
}

/** A word without room in any row is cut, and only such a word is. */
function isLongWord(before: Row, after: Row, room: number): boolean {
  return lastWord(before.text).length + firstWord(after.text).length > room;
}

/** A mark that ends a word, and no address, URL or JSON: behind it was a blank. */
function areWords(before: string, after: string): boolean {
  return /\w[:,;]$/.test(before) && /^[A-Za-z]/.test(after);
}

/** One cut can be both: within a word, unless more is known of it with a blank. */
function saysMoreApart(before: string, after: string, reads: Reads): boolean {
  const [near, next] = [before.slice(-mostRead), after.slice(0, mostRead)];
  return reads(`${near} ${next}`).size > reads(near + next).size;
}

import { beginsLine } from './line-beginnings.ts';

/** A line of a screen or a mail: what was put in front of it, and its own text. */
export interface Row {
  readonly raw: string;
  /** The mark of a quotation, and the indentation. */
  readonly margin: string;
  readonly text: string;
}

/** Widths at which terminals and mail programs wrap. */
const widths = [72, 76, 78, 79, 80, 100, 120, 132];

/** Takes the mark of a quotation and the indentation off; `>>>` is a prompt. */
export function rowOf(raw: string): Row {
  const [margin = ''] = /^(?:> ?){0,2}(?!>) {0,16}/.exec(raw) ?? [];
  return { raw, margin, text: raw.slice(margin.length) };
}

/** All widths at which a record can be wrapped that begins with this row; what was quoted later is wider. */
export function widthsFor({ margin: { length } }: Row): readonly number[] {
  return length === 0
    ? widths
    : [...widths, ...widths.map((width) => width + length)].toSorted((one, other) => one - other);
}

/** Whether the row is full at this width: the next word had no room in it. */
export function isFull(row: Row, next: Row, width: number): boolean {
  return !isTooWide(row, width) && row.raw.length + 1 + firstWord(next.text).length > width;
}

/** Whether the row could have been broken at this width, and was not. */
export function isTooWide({ raw, text }: Row, width: number): boolean {
  return raw.length > width && text.slice(0, width).trimEnd().includes(' ');
}

/** Whether a row can go on a record: it has the same margin, and begins as no line does. */
export function canContinue(first: Row, last: Row, next: Row): boolean {
  if (next.text === '' || !next.margin.startsWith(first.margin)) return false;
  if (endsInDate.test(last.text) && /^\d\d:\d\d:\d\d/.test(next.text)) return true;
  return !beginsLine(next.text) && !beginsAlike(first.text, next.text);
}

/** The time of a time stamp comes next. */
const endsInDate = /(?:\d{4}[-/]\d\d[-/]\d\d|\b[A-Z][a-z]{2} {1,2}\d{1,2}) ?$/;

/** Two lines of one program, as the first two words of both say. */
function beginsAlike(one: string, other: string): boolean {
  const [words] = /^\S{2,60} \S{1,60}(?= )/.exec(one) ?? [];
  return words !== undefined && other.startsWith(words);
}

export function firstWord(text: string): string {
  return /^\S*/.exec(text)?.[0] ?? '';
}

export function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1);
}

/** Quotations and brackets that a text leaves open. */
export interface Open {
  readonly quote: boolean;
  readonly brackets: number;
}

export const nothingOpen: Open = { quote: false, brackets: 0 };

/** What is open after this text as well. */
export function openAfter(text: string, before: Open): Open {
  let { quote, brackets } = before;
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index] ?? '';
    if (sign === '\\') index += 1;
    else if (sign === '"') quote = !quote;
    else if ('([{'.includes(sign)) brackets += 1;
    else if (')]}'.includes(sign)) brackets -= 1;
  }
  return { quote, brackets };
}

export function isOpen({ quote, brackets }: Open): boolean {
  return quote || brackets > 0;
}

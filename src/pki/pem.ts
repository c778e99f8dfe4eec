import { toLatin1 } from './bytes.ts';
import { type GoRelease, isPatchedSince } from './go-release.ts';

/** One block as Go's encoding/pem finds it. */
export interface PemBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Uint8Array;
  /** Line of the BEGIN, counted from 1. */
  readonly line: number;
}

/** The blocks of a file in order. Text between them, and what is no sound block, is passed over. */
export function readPem(bytes: Uint8Array, go: GoRelease): readonly PemBlock[] {
  const text = toLatin1(bytes);
  const find = isPatchedSince(go, [24, 8], [25, 2]) ? findFromEnd : findFromBegin;
  const blocks: PemBlock[] = [];
  const lines = new LineCounter(text);
  for (let position = 0; ;) {
    const found = find(text, position);
    if (found === undefined) return blocks;
    blocks.push({ ...found.block, line: lines.at(found.begin) });
    position = found.next;
  }
}

interface Found {
  readonly block: Omit<PemBlock, 'line'>;
  /** Where the BEGIN is. */
  readonly begin: number;
  /** Where reading goes on. */
  readonly next: number;
}

const beginMark = '-----BEGIN ';
const endMark = '\n-----END ';

/** Since 1.24.8 and 1.25.2: the first END line, and the last BEGIN before it. */
function findFromEnd(text: string, start: number): Found | undefined {
  let searched = start;
  for (;;) {
    const end = text.indexOf(endMark, searched);
    if (end < 0) return undefined;
    const begin = lastBegin(text, searched, end);
    const afterEnd = end + endMark.length;
    if (begin === undefined) {
      searched = afterEnd;
      continue;
    }
    const outcome = readBlock(text, begin, end);
    if (outcome === 'no-more') return undefined;
    if (outcome !== 'skip') return outcome;
    searched = afterEnd;
  }
}

function lastBegin(text: string, start: number, end: number): number | undefined {
  const begin = text.lastIndexOf(beginMark, end - beginMark.length);
  if (begin < start) return undefined;
  return begin === start || text[begin - 1] === '\n' ? begin : undefined;
}

/** Before: the first BEGIN line, and the first END after it. */
function findFromBegin(text: string, start: number): Found | undefined {
  let searched = start;
  for (;;) {
    const begin = firstBegin(text, searched);
    if (begin === undefined) return undefined;
    const typeLine = lineAt(text, begin + beginMark.length);
    if (!typeLine.text.endsWith('-----')) {
      searched = typeLine.next;
      continue;
    }
    const outcome = readBlockFromBegin(text, begin);
    if (typeof outcome === 'object') return outcome.found;
    if (outcome === 'no-more') return undefined;
    searched = outcome;
  }
}

function firstBegin(text: string, start: number): number | undefined {
  if (text.startsWith(beginMark, start)) return start;
  const found = text.indexOf(`\n${beginMark}`, start);
  return found < 0 ? undefined : found + 1;
}

function readBlockFromBegin(
  text: string,
  begin: number,
): { readonly found: Found } | 'no-more' | number {
  const head = readHead(text, begin);
  if (head === undefined) return 'no-more';
  const { type, headers, body } = head;
  // Without headers an END may follow at once, its newline being that of the BEGIN line.
  const isEmpty = headers.size === 0 && text.startsWith(endMark.slice(1), body);
  const end = isEmpty ? body - 1 : text.indexOf(endMark, body);
  if (end < 0) return 'no-more';
  const trailer = readTrailer(text, end, type);
  const bytes =
    trailer === undefined ? undefined : decodeBase64(text.slice(body, Math.max(body, end)));
  if (trailer === undefined || bytes === undefined) return body;
  return { found: { block: { type, headers, bytes }, begin, next: trailer } };
}

/** `skip` when the block is unsound, `no-more` when the text ends in it. */
function readBlock(text: string, begin: number, end: number): Found | 'skip' | 'no-more' {
  const typeLine = lineAt(text, begin + beginMark.length);
  if (!typeLine.text.endsWith('-----')) return 'skip';
  const head = readHead(text, begin);
  if (head === undefined) return 'no-more';
  const { type, headers, body } = head;
  if (headers.size > 0 && end < body) {
    return end + endMark.length < body ? 'no-more' : 'skip';
  }
  const trailer = readTrailer(text, end, type);
  const bytes =
    trailer === undefined ? undefined : decodeBase64(text.slice(body, Math.max(body, end)));
  if (trailer === undefined || bytes === undefined) return 'skip';
  return { block: { type, headers, bytes }, begin, next: trailer };
}

interface Head {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the base64 begins. */
  readonly body: number;
}

/** Reads the type and every line with a colon; undefined where the text ends before anything else comes. */
function readHead(text: string, begin: number): Head | undefined {
  const typeLine = lineAt(text, begin + beginMark.length);
  const headers = new Map<string, string>();
  let position = typeLine.next;
  for (;;) {
    if (position >= text.length) return undefined;
    const line = lineAt(text, position);
    const colon = line.text.indexOf(':');
    if (colon < 0) return { type: typeLine.text.slice(0, -5), headers, body: position };
    headers.set(line.text.slice(0, colon).trim(), line.text.slice(colon + 1).trim());
    position = line.next;
  }
}

/** Where the line after the END begins; undefined when the END is of another type or not alone. */
function readTrailer(text: string, end: number, type: string): number | undefined {
  const start = end + endMark.length;
  const expected = `${type}-----`;
  if (!text.startsWith(expected, start)) return undefined;
  const rest = lineAt(text, start + expected.length);
  return rest.text === '' ? rest.next : undefined;
}

interface Line {
  /** Without blanks at its end. */
  readonly text: string;
  readonly next: number;
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf('\n', start);
  const next = newline < 0 ? text.length : newline + 1;
  const end = newline < 0 ? text.length : newline;
  const withoutReturn = newline > start && text[end - 1] === '\r' ? end - 1 : end;
  return { text: text.slice(start, withoutReturn).replace(/(?<![ \t])[ \t]+$/, ''), next };
}

/** Go's base64.StdEncoding, which passes over line ends; blanks are taken out before. */
function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/[ \t\r\n]/g, '');
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return Buffer.from(digits, 'base64');
}

/** Counts lines in a text that is read from front to back. */
class LineCounter {
  readonly #text: string;
  #position = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(position: number): number {
    for (;;) {
      const newline = this.#text.indexOf('\n', this.#position);
      if (newline < 0 || newline >= position) return this.#line;
      this.#position = newline + 1;
      this.#line += 1;
    }
  }
}

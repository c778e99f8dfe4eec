/**
 * The commands of a page and what they print. A `sh` block is run; the `text` block that follows
 * it is its output. A comment in front of either says how:
 *
 *   <!-- exit 1 -->                 the exit code of the block; 0 unless said
 *   <!-- not run: why -->           what cannot be run in a test
 *   <!-- from /a/ until /b/ -->     the lines that the page shows, several joined by ` and `
 *   <!-- standard error -->         the output is that of standard error
 */
export interface Block {
  readonly language: string;
  readonly code: string;
  /** Of the comment in front of it; empty if there is none. */
  readonly note: string;
  /** Place of the code in the page. */
  readonly start: number;
  readonly end: number;
}

export interface Step {
  readonly command: Block;
  readonly output: Block | undefined;
}

const fence = /(?:<!-- (?<note>.*?) -->\n+)?```(?<language>\w+)\n(?<code>.*?)^```$/dgms;

export function stepsOf(page: string): readonly Step[] {
  const blocks = blocksOf(page);
  return blocks.flatMap((command, index) => {
    const next = blocks[index + 1];
    if (command.language !== 'sh') return [];
    return [{ command, output: next?.language === 'text' ? next : undefined }];
  });
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(fence)].map(({ groups = {}, indices }) => {
    const [start = 0, end = 0] = indices?.groups?.['code'] ?? [];
    const { language = '', code = '', note = '' } = groups;
    return { language, code, note, start, end };
  });
}

export function isRun({ note }: Block): boolean {
  return !note.startsWith('not run: ');
}

export function exitCodeOf({ note }: Block): number {
  return Number(/^exit (\d+)$/.exec(note)?.[1] ?? 0);
}

/** The part of an output that a page shows. */
export function excerpt(output: string, { note }: Block): string {
  const lines = output.replace(/\n*$/, '\n').split(/(?<=\n)/);
  const spans = [...note.matchAll(/from \/(.+?)\/(?: until \/(.+?)\/)?(?= and |$)/g)];
  if (spans.length === 0) return lines.join('');
  return spans.map(([, from = '', until]) => span(lines, from, until)).join('…\n');
}

function span(lines: readonly string[], from: string, until: string | undefined): string {
  const first = lines.findIndex((line) => matches(line, from));
  if (first === -1) throw new Error(`no line of the output matches /${from}/:\n${lines.join('')}`);
  const rest = lines.slice(first + 1);
  const length = until === undefined ? -1 : rest.findIndex((line) => matches(line, until));
  // The end of the output is as good as an empty line.
  if (until !== undefined && until !== '^$' && length === -1) {
    throw new Error(`no line after it matches /${until}/`);
  }
  return lines
    .slice(first, length === -1 ? undefined : first + 1 + length)
    .join('')
    .replace(/\n+$/, '\n');
}

function matches(line: string, pattern: string): boolean {
  return new RegExp(pattern).test(line.replace(/\n$/, ''));
}

/** Replaces what a page shows by what was printed, where the two differ in more than the day and the run. */
export function withOutputs(page: string, outputs: ReadonlyMap<Block, string>): string {
  return [...outputs]
    .toSorted(([left], [right]) => right.start - left.start)
    .filter(([{ code }, printed]) => constant(code) !== constant(printed))
    .reduce(
      (text, [{ start, end }, printed]) => text.slice(0, start) + printed + text.slice(end),
      page,
    );
}

/** Without what differs from run to run: dates, ages, durations, serial numbers, how many checks there are, line breaks. */
function constant(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?: UTC|Z)?/g, 'DATE')
    .replaceAll(/\b\d+ days?\b/g, 'DAYS')
    .replaceAll(/\b\d+ ?ms\b/g, 'DURATION')
    .replaceAll(/\b[\da-f]{16,}\b/g, 'HEX')
    .replaceAll(/\b\d+ (?:passed|not applicable)\b/g, 'COUNT')
    .replaceAll(/\s+/g, ' ');
}

import type { Report } from '../../src/model/report.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { type Format, formats, render } from '../../src/report/index.ts';
import type { Random } from '../oracle/random.ts';
import { plainStyle } from '../../src/report/style.ts';
import {
  junitProblems,
  markdownReader,
  pageReader,
  readWithPromtool,
  sarifReader,
} from '../support/format-readers.ts';
import { isMissing } from '../support/missing.ts';
import { runnerCommandsIn } from '../support/runner-commands.ts';

/** C0 but for line breaks, C1, separators of lines, overrides of direction: what moves a cursor or reorders. */
const unsafe = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** No check crashed, and every format is made, can be read, and is harmless. */
export async function checkReport(
  report: Report,
  random: Random,
  secrets: readonly string[] = [],
): Promise<void> {
  const crashed = report.results.find(({ verdict }) => verdict.status === 'crashed');
  if (crashed !== undefined) {
    throw new Error(`check ${crashed.check.id} crashed: ${JSON.stringify(crashed.verdict)}`);
  }
  await checkFormats(report, random, secrets);
}

/** Every format is made, a parser of that format reads it, and a terminal or a CI runner obeys nothing in it. */
export async function checkFormats(
  report: Report,
  random: Random,
  secrets: readonly string[] = [],
): Promise<void> {
  // The page costs more than all other formats together.
  const chosen = formats.filter((format) => format !== 'html' || random.below(8) === 0);
  for (const format of chosen) {
    const text = await render(format, report, { ...plainStyle, verbose: random.below(2) === 0 });
    checkText(format, text, secrets);
    if (random.below(costs[format]) > 0) continue;
    const problems = await readers[format](text);
    if (problems.length > 0)
      throw new Error(`${format}: ${JSON.stringify(problems).slice(0, 400)}`);
  }
}

/** One text in so many is read by a parser: some are processes of their own. */
const costs: Readonly<Record<Format, number>> = {
  text: 1,
  json: 1,
  sarif: 4,
  junit: 40,
  markdown: 2,
  github: 1,
  html: 8,
  prometheus: 40,
};

const readerOf = {
  sarif: lazily(sarifReader),
  markdown: lazily(markdownReader),
  html: lazily(pageReader),
};

function lazily<Reader>(make: () => Promise<Reader>): () => Promise<Reader> {
  const made: { reader?: Promise<Reader> } = {};
  return () => (made.reader ??= make());
}

/** What a real parser of each format says against a text. */
const readers: Readonly<
  Record<Format, (text: string) => Promise<readonly unknown[]> | readonly unknown[]>
> = {
  text: () => [],
  json: (text) => {
    parseReport(text);
    return [];
  },
  sarif: async (text) => (await readerOf.sarif())(text),
  junit: (text) => junitProblems([text]),
  markdown: async (text) => (await readerOf.markdown())(text),
  github: (text) =>
    runnerCommandsIn(text).filter(({ name }) => !['error', 'warning', 'notice'].includes(name)),
  html: async (text) => (isMissing('python3') ? [] : (await readerOf.html())(text)),
  prometheus: (text) => {
    if (!isMissing('promtool')) readWithPromtool(text);
    return [];
  },
};

/** Throws where an output holds what a terminal obeys, or a secret. */
export function checkText(format: string, text: string, secrets: readonly string[] = []): void {
  for (const secret of secrets) {
    const at = text.indexOf(secret);
    if (at >= 0)
      throw new Error(`${format} has a secret at ${JSON.stringify(text.slice(at - 60, at))}`);
  }
  const found = unsafe.exec(text);
  if (found === null) return;
  const code = found[0].codePointAt(0)?.toString(16);
  const around = JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 20));
  throw new Error(`${format} has U+${code} at ${around}`);
}

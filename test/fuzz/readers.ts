import type { Format } from '../../src/report/index.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import {
  junitProblems,
  markdownReader,
  pageReader,
  readWithPromtool,
  sarifReader,
} from '../support/format-readers.ts';
import { isMissing } from '../support/missing.ts';
import { runnerCommandsIn } from '../support/runner-commands.ts';
import { FuzzFinding } from './target.ts';

const readerOf = {
  sarif: lazily(sarifReader),
  markdown: lazily(markdownReader),
  html: lazily(pageReader),
};

function lazily<Reader>(make: () => Promise<Reader>): () => Promise<Reader> {
  const made: { reader?: Promise<Reader> } = {};
  return () => (made.reader ??= make());
}

type Problems = readonly unknown[];

/** What a real parser says against a text: parsers in this process read it at once. */
const atOnce: Readonly<Partial<Record<Format, (text: string) => Promise<Problems> | Problems>>> = {
  json: (text) => {
    parseReport(text);
    return [];
  },
  sarif: async (text) => (await readerOf.sarif())(text),
  markdown: async (text) => (await readerOf.markdown())(text),
  github: (text) =>
    runnerCommandsIn(text).filter(({ name }) => !['error', 'warning', 'notice'].includes(name)),
};

/** Parsers that are processes of their own read many texts together. */
const together: Readonly<Partial<Record<Format, (texts: readonly string[]) => Promise<Problems>>>> =
  {
    junit: junitProblems,
    html: async (texts) => (isMissing('python3') ? [] : (await readerOf.html())(texts)),
    prometheus: (texts) => {
      if (!isMissing('promtool')) readWithPromtool(asOneExposition(texts));
      return Promise.resolve([]);
    },
  };

/** One text has each metric once: in each of these it gets another name. */
function asOneExposition(texts: readonly string[]): string {
  return texts
    .map((text, index) => text.replaceAll(/^((?:# (?:HELP|TYPE) )?etcd_tls_)/gm, `$1${index}_`))
    .join('');
}

const mostTogether = 64;
const waiting = new Map<Format, string[]>();

/** Rejects where a parser of the format has something against the text, or against one that waited with it. */
export async function readByParser(format: Format, text: string): Promise<void> {
  const problems = await atOnce[format]?.(text);
  if (problems !== undefined && problems.length > 0) throw new Error(describe(format, problems));
  if (together[format] === undefined) return;
  const texts = waiting.get(format) ?? [];
  waiting.set(format, texts);
  texts.push(text);
  if (texts.length < mostTogether) return;
  waiting.delete(format);
  await readTogether(format, texts);
}

/** Reads what still waits: the end of a run. */
export async function readWaiting(): Promise<void> {
  const texts = Array.from(waiting);
  waiting.clear();
  for (const [format, each] of texts) await readTogether(format, each);
}

async function readTogether(format: Format, texts: readonly string[]): Promise<void> {
  const read = together[format];
  if (read === undefined) return;
  if ((await problemsOf(read, texts)).length === 0) return;
  for (const text of texts) {
    const problems = await problemsOf(read, [text]);
    if (problems.length > 0) throw new FuzzFinding(describe(format, problems), text);
  }
  throw new Error(`${format}: refused together, accepted one by one`);
}

async function problemsOf(
  read: (texts: readonly string[]) => Promise<Problems>,
  texts: readonly string[],
): Promise<Problems> {
  try {
    return await read(texts);
  } catch (error) {
    return [String(error)];
  }
}

function describe(format: Format, problems: Problems): string {
  return `${format}: ${JSON.stringify(problems).slice(0, 400)}`;
}

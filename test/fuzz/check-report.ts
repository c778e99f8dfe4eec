import type { Report } from '../../src/model/report.ts';
import { formats, render } from '../../src/report/index.ts';
import type { Random } from '../oracle/random.ts';
import { plainStyle } from '../../src/report/style.ts';
import { readByParser } from './readers.ts';

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
  // To make the page costs more than all other formats together.
  const chosen = formats.filter((format) => format !== 'html' || random.below(8) === 0);
  for (const format of chosen) {
    const text = await render(format, report, { ...plainStyle, verbose: random.below(2) === 0 });
    checkText(format, text, secrets);
    await readByParser(format, text);
  }
}

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

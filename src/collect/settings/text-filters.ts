import type { LocatedText } from '../../model/settings.ts';

/** Whether sed or awk is told to change text and nothing else: both can run commands, and read programs from files. */
export function isTextFilter(program: string, words: readonly LocatedText[]): boolean {
  const texts = words.map(({ text }) => text);
  if (program === 'sed') return isPlainSed(texts);
  return /^[gm]?awk$/.test(program) && isPlainAwk(texts);
}

/** Substitutions without the flag `e`, and lines by number or pattern (sed(1)). */
const plainScript =
  /^(?:\d+|\$|\/[^/]*\/)?(?:,(?:\d+|\$|\/[^/]*\/))?[pdq]$|^s([/|#,:@])(?:(?!\1).)*\1(?:(?!\1).)*\1[gIip\d]*$/s;

function isOption(text: string): boolean {
  return text.startsWith('-');
}

function isPlainSed(texts: readonly string[]): boolean {
  const scripts = texts.filter((text) => !isOption(text));
  return (
    texts.filter(isOption).every((text) => /^-[nErusze]+$/.test(text)) &&
    scripts.length > 0 &&
    scripts.every((script) => plainScript.test(script))
  );
}

/** No program from a file, no library, and neither `system`, `getline` nor a pipe in the program (awk(1)). */
function isPlainAwk(texts: readonly string[]): boolean {
  return texts.every((text) => !/^-[fil]|^--|\bsystem\b|\bgetline\b|(?<!\|)\|(?!\|)|@/.test(text));
}

/** The files that a program of awk prints to; `unknown` where it runs commands, or what names a file is not a text. */
export function outputsOfAwk(program: string): readonly string[] | 'unknown' {
  const texts: string[] = [];
  const bare = program.replaceAll(
    /"((?:[^"\\]|\\.)*)"/g,
    (_, text: string) => `"${texts.push(text) - 1}"`,
  );
  if (/\bsystem\b|(?<!\|)\|(?!\|)|@/.test(bare)) return 'unknown';
  // What is in brackets is compared, not printed to.
  const statements = withoutBrackets(bare).match(/\bprintf?\b[^;}\n]*/g) ?? [];
  const named = statements.flatMap(
    (statement) => /^[^>]*>{1,2}\s*(.*)$/s.exec(statement)?.[1] ?? [],
  );
  const outputs = named.map((name) => texts[Number(/^"(\d+)"\s*$/.exec(name)?.[1] ?? -1)]);
  return outputs.includes(undefined) ? 'unknown' : outputs.flatMap((text) => text ?? []);
}

function withoutBrackets(text: string): string {
  let left = text;
  for (let before = ''; before !== left;) {
    before = left;
    left = left.replaceAll(/\([^()]*\)/g, ' ');
  }
  return left;
}

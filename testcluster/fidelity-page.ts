import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const readme = join(import.meta.dirname, '..', 'README.md');

/** Puts an item into the README's list of what was measured, where the last run's is. */
export async function writeSentence(sentence: string): Promise<void> {
  await writeFile(readme, withSentence(await readFile(readme, 'utf8'), sentence));
}

/** The item of the list that begins with the same words in bold, however many lines it has. */
export function withSentence(text: string, sentence: string): string {
  const [, title = ''] = /^- \*\*([\w ]+)\*\*:/.exec(sentence) ?? [];
  const item = new RegExp(`^- \\*\\*${title}\\*\\*:.*(?:\\n {2}.*)*`, 'm');
  if (title === '' || !item.test(text)) {
    throw new Error(`README.md has no item that begins with "${title}"`);
  }
  return text.replace(item, () => sentence);
}

const page = join(import.meta.dirname, '..', 'docs', 'fidelity.md');

/** Two runs write docs/fidelity.md: each writes its own part again and leaves the other's as it is. */
export async function writePart(part: string): Promise<void> {
  await changePage((text) => withPart(text, part));
}

export async function changePage(change: (text: string) => string): Promise<void> {
  await writeFile(page, change(await readFile(page, 'utf8')));
}

/** A page whose part of the same heading is replaced, or that ends with a new one. Parts begin with `# `. */
export function withPart(text: string, part: string): string {
  const parts = text.split(/^(?=# )/m).filter((one) => one.trim() !== '');
  const isKnown = parts.some((one) => heading(one) === heading(part));
  const all = isKnown
    ? parts.map((one) => (heading(one) === heading(part) ? part : one))
    : [...parts, part];
  return all.map((one) => `${one.trimEnd()}\n`).join('\n');
}

function heading(part: string): string | undefined {
  return part.split('\n', 1)[0];
}

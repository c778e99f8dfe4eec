import type { WordSet } from '../../model/table.ts';

/** Whether a text may hold an object of one of the kinds, as YAML or JSON. */
export function namesKind(text: string, kinds: WordSet): boolean {
  const written = /(?<![^\s{,-])["']?kind["']?[ \t]*:[ \t]*["']?(\w+)/g;
  for (const [, kind = ''] of text.matchAll(written)) if (kinds.has(kind)) return true;
  return false;
}

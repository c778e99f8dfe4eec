import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { SettingsContext } from './settings-context.ts';

/** Characters of files that are named again; each file counts from the second time. */
const mostCharacters = 64 * 1024 * 1024;

/** Files that lead to others lead to no more text than that, however often they name them. */
export function boundedContext(given: SettingsContext): {
  readonly context: SettingsContext;
  /** The files that lead to more. */
  readonly exceeded: () => readonly UnreadText[];
} {
  const found = new Set<TextFile>();
  const refused = new Set<string>();
  let left = mostCharacters;
  const find: SettingsContext['find'] = (deployed, from, as) => {
    const file = given.find(deployed, from, as);
    if (file === undefined) return undefined;
    if (found.has(file)) left -= file.text.length;
    found.add(file);
    if (left >= 0) return file;
    refused.add(from);
    return undefined;
  };
  const reason = 'names other files so often that not all of them are read';
  return {
    context: { ...given, find },
    exceeded: () => [...refused].map((path) => ({ path, reason })),
  };
}

import type { TextFile } from '../../model/draft.ts';
import type { FindText } from './settings-context.ts';
import { isMatch } from './shell/patterns.ts';
import { baseName } from './words.ts';

/** A given file, and the path by which a process names it. */
export interface MatchingFile {
  readonly path: string;
  readonly file: TextFile;
}

/**
 * The given files that a pattern of glob(7) for the names in one directory stands for, in the order of their names;
 * undefined where that is not known.
 */
export function filesMatching(
  written: string,
  paths: readonly string[],
  find: FindText,
): readonly MatchingFile[] | undefined {
  const pattern = baseName(written);
  const folder = written.slice(0, -pattern.length);
  const effort = { steps: mostSteps };
  const found: MatchingFile[] = [];
  for (const name of new Set(paths.map(baseName).toSorted(byName))) {
    const isNamed = !name.startsWith('.') && isMatch(pattern, name, effort);
    if (isNamed === undefined) return undefined;
    const path = `${folder}${name}`;
    const file = isNamed ? find(path) : undefined;
    // A file of the same name in another directory is another one.
    if (file !== undefined && endOf(file.path) === endOf(path)) found.push({ path, file });
  }
  return found.length > 0 ? found : undefined;
}

function endOf(path: string): string {
  return path.split('/').slice(-2).join('/');
}

/** Enough for the names of a hundred thousand files. */
const mostSteps = 1_000_000;

function byName(left: string, right: string): number {
  return left < right ? -1 : 1;
}

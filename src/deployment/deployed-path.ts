import type { FileMatch } from '../model/inventory.ts';

/** What was found for a path as its owner's settings write it. */
export function matchOf(
  path: string | undefined,
  matches: readonly FileMatch[],
): FileMatch | undefined {
  return matches.find(({ deployed }) => deployed === path);
}

/** The given file for a deployed path; nothing where there is none. */
export function givenFile(
  path: string | undefined,
  matches: readonly FileMatch[],
): string | undefined {
  return matchOf(path, matches)?.file;
}

/** The path under which facts hold the file: that of the given file, else the deployed one itself. */
export function factPath(path: string, matches: readonly FileMatch[]): string {
  return givenFile(path, matches) ?? path;
}

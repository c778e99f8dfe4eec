import type { LocatedText } from '../../model/settings.ts';
import { filesMatching } from './files-matching.ts';
import type { ShellStart, ShellVariable } from './shell/run.ts';
import { directoryNamed } from './target-paths.ts';
import { baseName } from './words.ts';

/** What a directory with a file for each variable comes to. */
interface VariablesOfDirectory {
  readonly variables: readonly ShellVariable[];
  /** Those that it sets or takes away. */
  readonly names: ReadonlySet<string>;
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

const none: VariablesOfDirectory = { variables: [], names: new Set(), read: [], missing: [] };

/**
 * As envdir(8), chpst(8) and s6-envdir read it: the first line of each file without blanks at its end is the value; an
 * empty file takes the variable away.
 */
export function variablesIn(
  directory: LocatedText | undefined,
  { find, paths = [], directory: from }: Pick<ShellStart, 'find' | 'paths' | 'directory'>,
): VariablesOfDirectory {
  if (directory === undefined) return none;
  const place = directoryNamed(directory.text, from) ?? directory.text;
  const pattern = `${place.replace(/\/$/, '')}/*`;
  const files = find && filesMatching(pattern, paths, find);
  if (files === undefined) return { ...none, missing: [pattern] };
  return {
    variables: files.flatMap(({ file: { path, text } }) => {
      const value = (text.split('\n')[0] ?? '').replace(/[ \t]+$/, '');
      const location = { file: path, line: 1 };
      return text === '' ? [] : [{ name: baseName(path), value, location }];
    }),
    names: new Set(files.map(({ file }) => baseName(file.path))),
    read: files.map(({ file }) => file.path),
    missing: [],
  };
}

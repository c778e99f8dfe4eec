import type { Client, FileMatch, Guess, Member } from '../../model/inventory.ts';
import { baseName, directoryOf } from './match-files.ts';
import { enumerate } from '../../model/words.ts';

/** A member or client whose settings name files. */
interface Owner {
  readonly name: string;
  readonly known: (Member | Client)['known'];
  readonly files: readonly FileMatch[];
}

/** States which given files were matched to deployed ones, where that was found by name, and which were not found. */
export function guessMatches(owners: readonly Owner[]): readonly Guess[] {
  const matches = owners.flatMap(({ name, known, files }) =>
    files
      // Settings that were not given name no file: the path of an absent one is made up.
      .filter(({ file }) => file !== undefined || known !== 'supposed')
      .map((match) => ({ ...match, owner: name })),
  );
  return [...guessDirectories(matches), ...guessAbsent(matches)];
}

interface OwnedMatch extends FileMatch {
  readonly owner: string;
}

/** One sentence for each deployed directory and the directory here that was matched to it. */
function guessDirectories(matches: readonly OwnedMatch[]): readonly Guess[] {
  const groups = new Map<string, { readonly files: Set<string>; readonly match: OwnedMatch }>();
  for (const match of matches) {
    const { deployed, file, by, because } = match;
    if (file === undefined || by !== 'name') continue;
    const key = `${directoryOf(deployed)} ${directoryOf(file)} ${because}`;
    const group = groups.get(key) ?? { files: new Set<string>(), match };
    group.files.add(baseName(file));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ files, match: { deployed, file = '', because } }) => ({
    about: directoryOf(deployed),
    conclusion: `its ${few([...files])} ${files.size === 1 ? 'is' : 'are'} taken from ${directoryOf(file)}`,
    because,
    ambiguous: false,
  }));
}

interface AbsentFile {
  readonly names: Set<string>;
  readonly by: FileMatch['by'];
  readonly because: string;
  readonly missing: boolean;
}

/** One sentence for each deployed file that was not given. */
function guessAbsent(matches: readonly OwnedMatch[]): readonly Guess[] {
  const owners = new Map<string, AbsentFile>();
  for (const { deployed, file, by, because, owner, missing = false } of matches) {
    if (file !== undefined) continue;
    const known = owners.get(deployed) ?? { names: new Set<string>(), by, because, missing };
    known.names.add(owner);
    owners.set(deployed, known);
  }
  return [...owners].map(([deployed, { names, by, because, missing }]) => ({
    about: deployed,
    conclusion: `named by ${few([...names])}; ${missing ? 'it does not exist' : 'not among the files given'}`,
    because,
    ambiguous: by === 'several',
  }));
}

function few(names: readonly string[]): string {
  return enumerate(names, 4);
}

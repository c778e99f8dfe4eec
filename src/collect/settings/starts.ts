import type { UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { Problems } from '../../model/settings-problem.ts';
import type { Location } from '../../model/target.ts';
import { isServer } from './programs.ts';
import type { Effect } from './shell/effect.ts';
import type { Ending } from './shell/ending.ts';
import type { RedirectedOutput, Script, ShellStart, ShellVariable } from './shell/run.ts';
import { unreadAt } from './unread-at.ts';

/** A program that a command line ends up starting. */
export interface Started {
  /** Its name without the directory; absent where there are only flags. */
  readonly program?: string;
  readonly words: readonly LocatedText[];
  readonly variables: readonly ShellVariable[];
  readonly user?: LocatedText;
  /** The directory that it starts in, where that is known. */
  readonly directory?: string | undefined;
  /** The directory that it sees as its root. */
  readonly root?: LocatedText;
  /** Files that scripts on the way read, and those that they read and that were not given. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** What scripts on the way do that was not followed. */
  readonly doubts: readonly UnreadText[];
  /** Settings that do not reach it. */
  readonly problems?: Problems;
  /** Set where a script that was given may be the program, and would say how it is started. */
  readonly isUnseen?: true;
  /** What may be a script, and was not given: its path, or the input of a shell. */
  readonly notGiven?: string;
  /** Where it is decided whether this is started at all. */
  readonly condition?: Location;
  /** Whether the command line fails where this does; absent where it is all that the line runs. */
  readonly failure?: () => Effect;
}

/**
 * What a command line comes to. What was not followed may hold anything, a request to etcd among it: who reads what is
 * started decides what that means.
 */
export interface Starts {
  readonly started: readonly Started[];
  readonly unfollowed: readonly UnreadText[];
  /** The texts of the scripts on the way. */
  readonly scripts: readonly string[];
  /** Files that scripts on the way write with contents that are not known. */
  readonly outputs: readonly RedirectedOutput[];
  /** Files that scripts on the way read as parts of themselves, and that were not given. */
  readonly missing: readonly string[];
  /** How the command line ends. */
  readonly ending: () => Ending;
}

export function only(started: Started, ending: () => Ending = () => 'succeeds'): Starts {
  return { started: [started], unfollowed: [], scripts: [], outputs: [], missing: [], ending };
}

/** A command line before it is known what it starts. */
export interface CommandLine extends Omit<ShellStart, 'environment'> {
  readonly words: readonly LocatedText[];
  readonly variables: readonly ShellVariable[];
  /** Whether a word that has several lines is line for line in its file, below its own place. */
  readonly isBlock?: boolean;
  /** The script at a path that was written on the way here. */
  readonly written?: (
    path: string,
    directory: string | undefined,
  ) => Script | 'unknown' | undefined;
}

/** Of servers that are started in different ways a branch decides which one runs. */
export function withAlternatives(all: readonly Started[]): readonly Started[] {
  const servers = all.filter(isServer);
  const ways = new Map(servers.map((each) => [keyOf(each), each]));
  if (ways.size < 2 || servers.every(({ condition }) => condition === undefined)) {
    return all.filter((each) => !servers.includes(each) || ways.get(keyOf(each)) === each);
  }
  return all.map((each) => {
    const { condition } = each;
    if (!servers.includes(each) || condition === undefined) return each;
    const { file, line } = condition;
    const reason = 'etcd may be started here in more than one way';
    return {
      ...each,
      doubts: [...each.doubts, unreadAt(file, line, reason)],
    };
  });
}

function keyOf({ words, variables }: Started): string {
  const said = variables.map(({ name, value }) => `${name}=${value}`);
  return JSON.stringify([words.map(({ text }) => text), said]);
}

import type { UnreadText } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { expansionBudget } from '../expansion-budget.ts';
import type { FindText } from '../settings-context.ts';
import { dispatch, record, wordsOf } from './commands.ts';
import { type Effect, effectOfFailure } from './effect.ts';
import { type Ending, type EndingOf, endingOfScript, type StatusOf } from './ending.ts';
import { listed } from './environment.ts';
import { runNode, runScript } from './nodes.ts';
import { endShell, type Run } from './runtime.ts';
import { readStartupFiles } from './startup-files.ts';
import type { State } from './state.ts';
import { type Written, writtenFiles } from './written.ts';

/** A script and where it is written. */
export interface Script {
  readonly text: string;
  readonly file: string;
  /** The line of `file` on which the text begins; a script folded into one line has them all there. */
  readonly line: number;
  readonly folded?: boolean;
}

/** Whose rules: `sh` is any shell that may be called so, so that what bash adds may or may not happen. */
export type ShellDialect = 'sh' | 'bash';

/** What a script is started with. */
export interface ShellStart {
  readonly environment: readonly ShellVariable[];
  /**
   * Whether that is the whole environment, so that what is not in it is empty. `as-written`: by its
   * settings; what starts it may still set a variable that a program is given as arguments. `as-in-image`:
   * its image may set more.
   */
  readonly complete: boolean | 'as-written' | 'as-in-image';
  readonly dialect?: ShellDialect;
  readonly positional?: readonly LocatedText[];
  readonly hostname?: string;
  /** The directory that it starts in, where that is known. */
  readonly directory?: string | undefined;
  /** What is in force from the start of `-e`, `-u` and `-o pipefail`. */
  readonly errexit?: boolean;
  readonly nounset?: boolean;
  readonly pipefail?: boolean;
  /** Whether it reads profiles before the script, and what it reads as an interactive shell. */
  readonly isLogin?: boolean;
  readonly isInteractive?: boolean;
  /** Whether it is zsh, which reads files of its own before a script. */
  readonly isZsh?: boolean;
  /** Whether it reads nothing of its own accord: `-p`, `--posix`. */
  readonly isBare?: boolean;
  /** A command, by its words, and the status with which it is assumed to end. */
  readonly assumed?: { readonly words: string; readonly status: number };
  /** What is supposed of the programs that it starts, where it is asked how it ends. */
  readonly statusOf?: StatusOf;
  /**
   * Whether commands that are never reached are read too, which say what was meant to be: those after `exit` alone, or
   * also those after `exec` and those that `&&` and `||` pass over.
   */
  readonly readsOn?: 'after-exit' | 'everything' | undefined;
  /** Finds files that the script reads with `.` or `source`. */
  readonly find?: FindText;
  /** The paths of all files given, among which patterns are looked for. */
  readonly paths?: readonly string[] | undefined;
}

/** A variable whose value the script alone does not settle. */
export interface ShellVariable extends EnvironmentVariable {
  readonly doubt?: string;
}

/** A simple command, and the environment that it is given. */
export interface ShellCommand {
  readonly words: readonly LocatedText[];
  readonly variables: readonly ShellVariable[];
  /** The directory that it runs in, where that is known. */
  readonly directory: string | undefined;
  /** What was not followed on the way here, and may have changed what the command is given. */
  readonly doubts: readonly UnreadText[];
  /** Where it is decided whether this command runs at all. */
  readonly condition?: Location;
  /** Set when what it prints goes into a file, or to a program that was not followed. */
  readonly isKept: boolean;
  /** Whether a pipe or a substitution reads what it prints. */
  readonly isRead: boolean;
  /** Whether the script fails where this command does. */
  readonly failure: () => Effect;
}

/** A command that one reading of a script came to. */
export type FoundCommand = Omit<ShellCommand, 'failure'>;

/** A file that output goes to, as `placeNamed` has it, and what prints it. */
export interface RedirectedOutput {
  readonly path: string;
  readonly by: string;
}

export interface ShellReading {
  readonly commands: readonly ShellCommand[];
  /** What the script leaves set, whether exported or not. */
  readonly variables: readonly (ShellVariable & { readonly isExported: boolean })[];
  /** Files that it writes with here-documents and `echo`, by their paths as deployed. */
  readonly written: readonly Written[];
  /** Files that it writes with contents that are not known. */
  readonly outputs: readonly RedirectedOutput[];
  /** Those among the files written that something else goes into too. */
  readonly opaque: ReadonlySet<string>;
  /** Files that it reads settings from. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** What has to do with etcd and was not followed. */
  readonly doubts: readonly UnreadText[];
  /** All that was not followed, whatever it has to do with. */
  readonly unfollowed: readonly UnreadText[];
  /** How the script ends, by how its programs do. */
  readonly ending: (endingOf: EndingOf) => Ending;
}

const mostSteps = 60_000;

/**
 * Reads a script as sh would run it, without running anything. Where only the running shell knows which way is
 * taken, both are, and what they leave different is not known from there on.
 */
export function readShell(script: Script, start: ShellStart): ShellReading {
  const run = runAll(script, start);
  const { files, doubts } = writtenFiles(run.writes);
  const variables = [...run.state.variables].flatMap(([name, variable]) =>
    listed(name, variable).map((each) => ({ ...each, isExported: variable.exported !== false })),
  );
  const pems = new Set(files.filter(isPem).map(({ path }) => path));
  const followed = new Map<string, Effect>();
  return {
    commands: run.commands.map((command) => ({
      ...command,
      failure: () => {
        const words = wordsOf(command.words);
        const known = followed.get(words);
        if (known !== undefined || followed.size >= mostFollowed) return known ?? 'unknown';
        const effect = effectOfFailure(command, (status) =>
          runAll(script, { ...start, assumed: { words, status } }),
        );
        followed.set(words, effect);
        return effect;
      },
    })),
    variables,
    written: files,
    outputs: run.outputs.filter(({ path }) => !pems.has(path)),
    opaque: run.opaque,
    read: [...run.read],
    missing: [...run.missing],
    doubts: [...run.doubts, ...doubts],
    unfollowed: [...run.unfollowed.values()],
    ending: (endingOf) =>
      endingOfScript(endingOf, (statusOf, isSure) => {
        // Something else may set what the settings do not say.
        const complete = isSure && start.complete === 'as-in-image' ? false : start.complete;
        return runAll(script, { ...start, complete, statusOf });
      }),
  };
}

function isPem({ text }: Written): boolean {
  return text.includes('-----BEGIN ');
}

/** How many commands of a script are followed to see what their failure leads to. */
const mostFollowed = 8;

function runAll(script: Script, start: ShellStart): Run {
  const run: Run = {
    start,
    dialect: start.dialect ?? 'sh',
    script,
    state: firstState(start),
    budget: expansionBudget(),
    steps: mostSteps,
    depth: 0,
    calls: 0,
    silence: 0,
    frames: [],
    condition: undefined,
    guards: 0,
    statuses: [],
    trace: [],
    hasRunAssumed: false,
    serves: false,
    before: new Map(),
    isLost: false,
    jobs: [],
    output: undefined,
    isRead: false,
    commands: [],
    writes: [],
    outputs: [],
    opaque: new Set(),
    read: new Set(),
    missing: new Set(),
    sourcing: [script.file],
    doubts: [],
    unfollowed: new Map(),
    runScript,
    runNode,
    dispatch,
    record,
  };
  // bash has no prompt where it reads a script, whatever it is given.
  if (run.dialect === 'bash' && start.isInteractive !== true) {
    run.state.variables.set('PS1', { isKnown: true, exported: false });
  }
  readStartupFiles(run);
  runScript(script, run);
  if (!run.state.ended) endShell(run, run.state.status);
  return run;
}

function firstState({
  environment,
  complete,
  positional,
  errexit = false,
  nounset = false,
  pipefail = false,
  directory,
  statusOf,
}: ShellStart): State {
  return {
    variables: new Map(
      environment.map(({ name, value: text, location, doubt }) => [
        name,
        {
          value: text,
          isKnown: doubt === undefined,
          exported: true,
          ...(location && { location }),
          ...(doubt !== undefined && { doubt }),
        },
      ]),
    ),
    arrays: new Map(),
    functions: new Map(),
    complete: complete !== false,
    positional: positional?.map((word) => ({ ...word, isKnown: true })),
    splitsOddly: false,
    directory,
    visited: [],
    exportsAll: false,
    doubts: [],
    ended: false,
    status: 0,
    errexit,
    nounset,
    pipefail,
    hasAssumed: statusOf !== undefined,
  };
}

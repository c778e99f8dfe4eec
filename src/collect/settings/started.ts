import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';

import { readShell, type Script, type ShellStart } from './shell/run.ts';
import { assignment, baseName } from './words.ts';
import { unwrap } from './wrappers.ts';

/** A program that a command line ends up starting. */
export interface Started {
  /** Its name without the directory; absent where flags stand alone. */
  readonly program?: string;
  readonly words: readonly LocatedText[];
  readonly variables: readonly EnvironmentVariable[];
  readonly user?: LocatedText;
  /** Files that scripts on the way read, and that they read and nobody gave. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

/** A command line before it is known what it starts. */
export interface CommandLine extends Omit<ShellStart, 'environment'> {
  readonly words: readonly LocatedText[];
  readonly variables: readonly EnvironmentVariable[];
  /** Whether a word that has several lines stands line for line in its file, below its own place. */
  readonly isBlock?: boolean;
}

/** Shells may start shells. */
const deepest = 8;

/**
 * The programs that a command line starts, seen through shells and wrappers such as `env`, `nice` and
 * `sudo`. A script's every command is one; a command that starts nothing else is the only one.
 */
export function startedBy(line: CommandLine, depth = 0): readonly Started[] {
  const { words, variables } = takeAssignments(line);
  const [first, ...rest] = words;
  const nothing = { words, variables, read: [], missing: [] };
  if (first === undefined || first.text.startsWith('-') || depth > deepest) return [nothing];

  const program = baseName(first.text);
  const inside = insideOf(first.text, rest, { ...line, variables }, depth);
  return inside ?? [{ program, words: rest, variables, read: [], missing: [] }];
}

/** What a shell, a script or a wrapper starts; undefined for a program that is none. */
function insideOf(
  path: string,
  rest: readonly LocatedText[],
  line: CommandLine,
  depth: number,
): readonly Started[] | undefined {
  const program = baseName(path);
  const script = scriptOf(program, rest);
  if (script !== undefined) return insideScript(script, line, depth);

  const file = /^\.{0,2}\//.test(path) ? line.find?.(path) : undefined;
  if (file !== undefined && /^#!.*\b(?:ba|da|z|k|a)?sh\b/.test(file.text)) {
    return insideFile(file, rest, line, depth);
  }
  const wrapped = unwrap(program, rest);
  if (wrapped === undefined || wrapped.command.length === 0) return undefined;
  const variables = line.variables.filter(({ name }) => wrapped.keeps(name));
  const started = startedBy({ ...line, variables, words: wrapped.command }, depth + 1);
  return started.map((each) => ({ ...(wrapped.user && { user: wrapped.user }), ...each }));
}

/** `NAME=value` before a command, as shells and `env` take it. */
function takeAssignments({ words, variables }: CommandLine) {
  const index = words.findIndex(({ text }) => assignment(text) === undefined);
  const count = index < 0 ? words.length : index;
  const own = words
    .slice(0, count)
    .flatMap(({ text, location }) => assignment(text, location) ?? []);
  return { words: words.slice(count), variables: [...variables, ...own] };
}

interface InlineScript {
  readonly script: LocatedText;
  readonly positional: readonly LocatedText[];
  readonly user?: LocatedText;
  /** Set for `su -`: a login shell starts from an environment of its own (su(1)). */
  readonly isLogin?: true;
}

const shells = /^(?:ba|da|z|k|a|mk|busybox-)?sh$/;

/** `sh -c SCRIPT [NAME [ARGUMENT…]]`, `su USER -c SCRIPT`. */
function scriptOf(program: string, words: readonly LocatedText[]): InlineScript | undefined {
  const isShell = shells.test(program);
  if (!isShell && program !== 'su' && program !== 'runuser') return undefined;
  const index = words.findIndex(({ text }) =>
    isShell ? /^-\w*c\w*$/.test(text) : /^(?:-c|--command)$/.test(text),
  );
  const script = words[index + 1];
  if (index < 0 || script === undefined) return undefined;
  const after = words.slice(index + 2);
  if (isShell) return { script, positional: after.slice(1) };
  const user = [...words.slice(0, index), ...after].find(
    ({ text }, at, all) =>
      !text.startsWith('-') && !/^(?:-s|--shell)$/.test(all[at - 1]?.text ?? ''),
  );
  const isLogin = words.some(({ text }) => /^(?:-|-l|--login)$/.test(text));
  return { script, positional: [], ...(isLogin && { isLogin }), ...(user && { user }) };
}

/** A program that is a script among the files given. */
function insideFile(
  file: TextFile,
  positional: readonly LocatedText[],
  line: CommandLine,
  depth: number,
): readonly Started[] {
  const start = { environment: line.variables, complete: line.complete, positional };
  const shared = {
    ...(line.find && { find: line.find }),
    ...(line.hostname !== undefined && { hostname: line.hostname }),
  };
  const reading = readShell({ text: file.text, file: file.path, line: 1 }, { ...start, ...shared });
  return commandsOf(reading, line, depth).map((each) => ({
    ...each,
    read: [file.path, ...each.read],
  }));
}

function commandsOf(
  { commands, read, missing }: ReturnType<typeof readShell>,
  line: CommandLine,
  depth: number,
): readonly Started[] {
  return commands.flatMap((command) =>
    startedBy({ ...line, ...command }, depth + 1).map((started) => ({
      ...started,
      read: [...read, ...started.read],
      missing: [...missing, ...started.missing],
    })),
  );
}

function insideScript(
  { script, positional, user, isLogin }: InlineScript,
  line: CommandLine,
  depth: number,
): readonly Started[] {
  const file = script.location?.file ?? '';
  const first = script.location?.line ?? 1;
  const text: Script = {
    text: script.text,
    file,
    line: line.isBlock === true && script.text.includes('\n') ? first + 1 : first,
    folded: line.isBlock !== true,
  };
  const reading = readShell(text, {
    environment: isLogin === true ? [] : line.variables,
    complete: line.complete,
    positional,
    ...(line.find && { find: line.find }),
    ...(line.hostname !== undefined && { hostname: line.hostname }),
  });
  return commandsOf(reading, line, depth).map((each) => ({ ...(user && { user }), ...each }));
}

/** What a script file starts, and the files that it writes. */
export function startedByScript(
  file: TextFile,
  start: Pick<ShellStart, 'find'>,
): {
  readonly started: readonly Started[];
  readonly variables: readonly EnvironmentVariable[];
} {
  const script = { text: file.text, file: file.path, line: 1 };
  const reading = readShell(script, { environment: [], complete: false, ...start });
  const line = { words: [], variables: [], complete: false, ...start };
  const started = commandsOf(reading, line, 0);
  return { started, variables: reading.variables };
}

import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { SettingsProblem } from '../../model/settings-problem.ts';
import { defined } from '../../model/defined.ts';
import { mentionsIn } from './mentions.ts';
import { isEtcd, isOfInterest, isWithoutEffect } from './programs.ts';
import type { Effect } from './shell/effect.ts';
import { endingAlone, endingIn, endingWithin } from './endings.ts';
import {
  readShell,
  type Script,
  type ShellCommand,
  type ShellReading,
  type ShellStart,
  type ShellVariable,
} from './shell/run.ts';
import {
  dialectOf,
  type InlineScript,
  interpreterOf,
  isShell,
  type NamedScript,
  scriptFileOf,
  scriptOf,
  shellOf,
  type ShellOptions,
} from './shell-calls.ts';
import { scriptWritten } from './shell/scripts.ts';
import { directoryNamed } from './target-paths.ts';
import { isFilledIn, isTool, type Target, targetsOf } from './write-targets.ts';
import { variablesIn } from './environment-directory.ts';
import { assignment, baseName } from './words.ts';
import { type CommandLine, only, type Started, type Starts, withAlternatives } from './starts.ts';
import { unwrap } from './wrappers.ts';
import { unreadAt } from './unread-at.ts';

/** Where a command line is among the scripts and wrappers that lead to it. */
interface Nesting {
  readonly depth: number;
  /** The script files on the way here. */
  readonly files: readonly string[];
  /** How many more scripts are read, shared by everything that one command line leads to. */
  readonly scripts: { left: number };
}

/** Shells may start shells. */
const deepest = 8;
const mostScripts = 64;

function outermost(files: readonly string[] = []): Nesting {
  return { depth: 0, files, scripts: { left: mostScripts } };
}

function within({ depth, files, scripts }: Nesting, ...file: readonly string[]): Nesting {
  return { depth: depth + 1, files: [...files, ...file], scripts };
}

/**
 * The programs that a command line starts, seen through shells and wrappers such as `env`, `nice` and
 * `sudo`. A script's every command is one; a command that starts nothing else is the only one.
 */
export function startedBy(line: CommandLine, nesting = outermost()): Starts {
  const { words, variables } = takeAssignments(line);
  const [first, ...rest] = words;
  const nothing = { ...nothingOf({ variables, directory: line.directory }), words };
  if (first === undefined || first.text.startsWith('-')) return only(nothing);
  if (nesting.depth > deepest) {
    const { file = '', line: at } = first.location ?? {};
    return notRead(file, tooDeep, at);
  }

  const program = baseName(first.text);
  const inside = insideOf(first.text, rest, { ...line, variables }, nesting);
  if (inside !== undefined) return inside;
  const itself = itselfOr(namesakeOf(first, line), { program, words: rest });
  const ending = () => endingAlone(program, rest, line);
  return {
    ...only({ ...nothing, ...notGivenOf(first.text), ...itself }, ending),
    unfollowed: isShell(program) ? [typed(first)] : [],
  };
}

/** Directories in which systems keep their programs, few of which are scripts that change settings. */
const ofSystem = /^\/(?:usr\/)?s?bin\/[^/]*$/;

/** What may be a script: a path at which no program that is known would be. */
function notGivenOf(path: string): Pick<Started, 'notGiven'> {
  const program = baseName(path);
  if (isShell(program)) return { notGiven: `what \`${program}\` reads as its input` };
  const isScript = /\.(?:sh|bash|py|pl|rb)$/.test(program);
  const isPath = path.includes('/') && !ofSystem.test(path);
  const isProgram = isKnown(program) || isTool(program) || isFilledIn(program);
  return isScript || (isPath && !isProgram) ? { notGiven: path } : {};
}

function typed({ text, location }: LocatedText): UnreadText {
  const reason = `\`${baseName(text)}\` reads commands from its standard input`;
  return { path: location?.file ?? '', ...defined({ line: location?.line }), reason };
}

/** A server with arguments is one also where a script may be in between. */
function itselfOr(
  doubts: readonly UnreadText[],
  { program, words }: Required<Pick<Started, 'program' | 'words'>>,
): Pick<Started, 'program' | 'words' | 'doubts' | 'isUnseen'> {
  const isSeen = doubts.length === 0 || (isEtcd(program) && words.length > 0);
  return isSeen ? { program, words, doubts } : { program: 'sh', words: [], doubts, isUnseen: true };
}

/** Directories of scripts that start a program of their name, and of copies of a machine. */
const elsewhere = /(?<![^/])(?:etc|init\.d|lib|rc\.d|resource\.d|usr)\//;

/** A script with the name of a program, at a place that may be copied to where the program is. */
function namesakeOf({ text, location }: LocatedText, { find }: CommandLine): readonly UnreadText[] {
  if (!text.startsWith('/') || !isKnown(baseName(text))) return [];
  const script = find?.(text);
  const isOther = script === undefined || shellOf(script.text) === undefined;
  if (isOther || elsewhere.test(script.path) || location === undefined) return [];
  const { file, line } = location;
  const reason = `whether ${script.path} is ${text} is not known: if so, give it by \`--map\``;
  return [unreadAt(file, line, reason)];
}

/** What a shell, a script or a wrapper starts; undefined for a program that is none. */
function insideOf(
  path: string,
  rest: readonly LocatedText[],
  line: CommandLine,
  nesting: Nesting,
): Starts | undefined {
  const program = baseName(path);
  const script = scriptOf(program, rest);
  if (script !== undefined) return insideScript(script, line, nesting);

  const own = /^\.{0,2}\//.test(path) ? line.written?.(path, line.directory) : undefined;
  if (own !== undefined) {
    const word = { text: path, ...defined({ location: rest[0]?.location }) };
    return insideWritten(own, { script: word, positional: rest }, line, nesting);
  }
  const named = isShell(program) ? scriptFileOf(rest) : undefined;
  if (named !== undefined) return insideNamed(named, program, line, nesting);

  const file = scriptAt(path, line);
  if (file !== undefined) return insideFile(file, rest, line, nesting);
  return insideWrapper(program, rest, line, nesting);
}

/** The script at the path of a program. A name that says what the program is does not make a namesake that script. */
function scriptAt(path: string, { find }: CommandLine): TextFile | undefined {
  if (!/^\.{0,2}\//.test(path)) return undefined;
  const program = baseName(path);
  const file = find?.(path, isKnown(program) ? 'program' : 'file');
  return file === undefined || shellOf(file.text) === undefined ? undefined : file;
}

function isKnown(program: string): boolean {
  return isOfInterest({ program, words: [] }) || isWithoutEffect(program);
}

function insideWrapper(
  program: string,
  rest: readonly LocatedText[],
  line: CommandLine,
  nesting: Nesting,
): Starts | undefined {
  const wrapped = unwrap(program, rest);
  if (wrapped === undefined || wrapped.command.length === 0) return undefined;
  const kept = line.variables.filter(({ name }) => wrapped.keeps(name));
  const own = variablesIn(wrapped.environment, line);
  const variables = [...kept.filter(({ name }) => !own.names.has(name)), ...own.variables];
  const outer = wrapped.root === undefined ? line.directory : '/';
  const directory =
    wrapped.directory === undefined ? outer : directoryNamed(wrapped.directory.text, outer);
  const inside = { ...line, variables, directory, words: wrapped.command };
  const starts = startedBy(inside, within(nesting));
  const dropped = line.variables.filter(
    ({ name }) => /^ETCD(?:CTL)?_/.test(name) && !wrapped.keeps(name),
  );
  // What sudo hands on is in its policy, which was not given.
  const isSure = program !== 'sudo';
  const doubts = isSure ? [] : keptBack(program, dropped);
  const without = isSure ? dropped.map((variable) => withoutEffect(program, variable)) : [];
  const started = starts.started.map((each) => ({
    ...(wrapped.user && { user: wrapped.user }),
    ...(wrapped.root && { root: wrapped.root }),
    ...each,
    doubts: [...each.doubts, ...doubts],
    ...(without.length > 0 && { problems: [...(each.problems ?? []), ...without] }),
    read: [...own.read, ...each.read],
    missing: [...each.missing, ...own.missing, ...(wrapped.isLogin ? profiles : [])],
  }));
  return { ...starts, started, ending: () => endingWithin(program, starts.ending()) };
}

/** What a login shell reads of which nothing else is known. */
const profiles = ['/etc/profile', '~/.profile'];

function nothingOf({ variables, directory }: Pick<CommandLine, 'variables' | 'directory'>) {
  return { variables, directory, read: [], missing: [], doubts: [] };
}

/** What is not given is known by its name alone, as a program is. */
function insideNamed(
  { script, positional, ...options }: NamedScript,
  shell: string,
  line: CommandLine,
  nesting: Nesting,
): Starts {
  const own = line.written?.(script.text, line.directory);
  if (own !== undefined) {
    return insideWritten(own, { script, positional, ...options }, line, nesting, shell);
  }
  const text = line.find?.(script.text);
  return text === undefined
    ? only({
        ...nothingOf(line),
        program: baseName(script.text),
        words: positional,
        notGiven: script.text,
      })
    : insideFile(text, positional, line, nesting, { shell, ...options });
}

/** A script that was written before it is run. */
function insideWritten(
  own: Script | 'unknown',
  { script, positional, ...options }: NamedScript,
  line: CommandLine,
  nesting: Nesting,
  shell?: string,
): Starts {
  const { file = '', line: place } = script.location ?? {};
  if (own === 'unknown') {
    return notRead(
      file,
      `what \`${baseName(script.text)}\` does is written before it is run`,
      place,
    );
  }
  if (nesting.scripts.left <= 0) return notRead(file, tooMany, place);
  nesting.scripts.left -= 1;
  const read = interpreterOf(own.text);
  const given = { ...read, ...options, ...(shell !== undefined && { shell }) };
  const { shell: by, ...strict } = given;
  const start = { ...line, environment: line.variables, positional, ...strict };
  const starts = commandsOf(readIn(by, own, start), line, within(nesting));
  return { ...starts, scripts: [own.text, ...starts.scripts] };
}

function withoutEffect(program: string, { name, location }: ShellVariable): SettingsProblem {
  const values = { object: program };
  return { kind: 'without-effect', why: 'kept-back', name, values, ...(location && { location }) };
}

/** Settings that were written for etcd and may not reach it. */
function keptBack(program: string, dropped: readonly ShellVariable[]): readonly UnreadText[] {
  const [first] = dropped;
  if (first?.location === undefined) return [];
  const { file, line } = first.location;
  const more = dropped.length > 1 ? ` and ${dropped.length - 1} more` : '';
  const reason = `\`${program}\` starts what follows without ${first.name}${more}`;
  return [unreadAt(file, line, reason)];
}

/** `NAME=value` before a command, as shells and `env` take it. */
function takeAssignments({ words, variables }: CommandLine) {
  const index = words.findIndex(({ text }) => assignment(text) === undefined);
  const count = index < 0 ? words.length : index;
  const own = words
    .slice(0, count)
    .flatMap(({ text, location }) => assignment(text, location) ?? []);
  return { words: words.slice(count), variables: count === 0 ? variables : [...variables, ...own] };
}

/** Scripts for shells with other rules are read as if they had those of sh, and named. */
function foreign(shell: string, { file, line }: Script): readonly UnreadText[] {
  if (/^(?:ba|da|a|busybox-)?sh$/.test(shell)) return [];
  const reason = shell.endsWith('\r')
    ? 'lines end in CRLF, so the kernel cannot find the shell named in the first line'
    : `the script is for ${shell}, which is not supported`;
  return [{ path: file, line, reason }];
}

/** A program that is a script among the files given. */
function insideFile(
  file: TextFile,
  positional: readonly LocatedText[],
  line: CommandLine,
  nesting: Nesting,
  { shell, ...options }: ShellOptions & { readonly shell: string } = interpreterOf(file.text),
): Starts {
  if (nesting.files.includes(file.path)) {
    return notRead(file.path, 'the script starts itself again');
  }
  const script = { text: file.text, file: file.path, line: 1 };
  const environment = line.variables;
  if (nesting.scripts.left <= 0) return notRead(file.path, tooMany);
  nesting.scripts.left -= 1;
  const reading = readIn(shell, script, { ...line, environment, positional, ...options });
  const starts = commandsOf(reading, line, within(nesting, file.path));
  const started = starts.started.map((each) => ({ ...each, read: [file.path, ...each.read] }));
  return { ...starts, started, scripts: [file.text, ...starts.scripts] };
}

const tooDeep = `more than ${deepest} shells, wrappers and scripts start one another`;
const tooMany = `more than ${mostScripts} scripts start one another`;

function notRead(path: string, reason: string, line?: number): Starts {
  const doubts = [unreadAt(path, line, reason)];
  const started = { program: 'sh', words: [], variables: [], read: [], missing: [], doubts };
  return { ...only(started), unfollowed: doubts };
}

/** Reads a script as that shell does. */
function readIn(shell: string, script: Script, start: ShellStart): ShellReading {
  const { environment, complete, positional, hostname, find, directory, paths } = start;
  const { errexit, nounset, pipefail, isLogin, isInteractive, isBare, readsOn } = start;
  const reading = readShell(script, {
    environment,
    complete,
    dialect: dialectOf(shell),
    ...(shell === 'zsh' && { isZsh: true }),
    ...(positional && { positional }),
    ...(hostname !== undefined && { hostname }),
    ...(find && { find }),
    ...defined({ errexit, nounset, pipefail, isLogin, isInteractive, isBare }),
    ...defined({ directory, readsOn, paths }),
  });
  const ofShell = foreign(shell, script);
  const isAboutEtcd = mentionsIn(script.text).length > 0 || /\betcd\b/.test(script.text);
  return {
    ...reading,
    doubts: [...(isAboutEtcd ? ofShell : []), ...reading.doubts],
    unfollowed: [...ofShell, ...reading.unfollowed],
  };
}

/** The programs that the commands of a script start, and what of it was not followed. */
function commandsOf(reading: ShellReading, line: CommandLine, nesting: Nesting): Starts {
  const before: Target[] = [];
  const written: CommandLine['written'] = (path, directory) =>
    scriptWritten(path, directory, reading, before) ?? line.written?.(path, directory);
  const inside = reading.commands.map((command) => {
    const starts = startedBy({ ...line, ...command, written }, nesting);
    before.push(...starts.started.flatMap(targetsOf));
    return { command, starts };
  });
  const doubts = [
    ...reading.doubts,
    ...inside.flatMap(({ command, starts }) =>
      starts.started.flatMap((each) => idle(command, each)),
    ),
  ];
  return {
    started: startedIn(reading, inside, doubts),
    unfollowed: [
      ...doubts,
      ...reading.unfollowed,
      ...inside.flatMap(({ starts }) => starts.unfollowed),
    ],
    scripts: inside.flatMap(({ starts }) => starts.scripts),
    outputs: [...reading.outputs, ...inside.flatMap(({ starts }) => starts.outputs)],
    missing: [...reading.missing, ...inside.flatMap(({ starts }) => starts.missing)],
    ending: endingIn(reading, inside),
  };
}

function startedIn(
  { read, missing }: ShellReading,
  inside: readonly { readonly command: ShellCommand; readonly starts: Starts }[],
  doubts: readonly UnreadText[],
): readonly Started[] {
  const all = inside.flatMap(({ command, starts }) =>
    starts.started.map((started) => ({ command, started })),
  );
  if (all.length === 0 && doubts.length > 0) {
    return [{ program: 'sh', words: [], variables: [], read, missing, doubts }];
  }
  return withAlternatives(
    all.map(({ command, started }) => ({
      ...(command.condition && { condition: command.condition }),
      ...started,
      failure: () => effectThrough(command, started.failure?.()),
      read: [...read, ...started.read],
      missing: [...missing, ...started.missing],
      doubts: [...doubts, ...command.doubts, ...started.doubts],
    })),
  );
}

/** What a failure within a command leads to. A command that goes on after it may still print something else. */
function effectThrough(command: ShellCommand, inside: Effect = 'fails'): Effect {
  const around = command.failure();
  if (around === 'goes-on') return around;
  if (inside === 'goes-on') return command.isKept || command.isRead ? 'unknown' : inside;
  return inside === 'unknown' ? inside : around;
}

/** A program that gets etcd's settings as arguments, such as sed, may do anything with them. */
function idle({ isKept }: ShellCommand, started: Started): readonly UnreadText[] {
  const { program = '', words } = started;
  if (isOfInterest(started) || (isWithoutEffect(program) && !isKept)) return [];
  const at = words.find(({ text }) => mentionsIn(text).length > 0);
  if (at?.location === undefined) return [];
  const { file, line } = at.location;
  const reason = `what \`${program}\` does with ${mentionsIn(at.text)[0]?.what} is not followed`;
  return [unreadAt(file, line, reason)];
}

function insideScript(inline: InlineScript, line: CommandLine, nesting: Nesting): Starts {
  const { script, positional, user, isNewSession, ...options } = inline;
  const { file = '', line: first = 1 } = script.location ?? {};
  const own = shellOfUser(inline, line);
  const shell = baseName(own);
  if (!isShell(shell)) {
    return notRead(file, `the shell of this user is ${own}, which runs no commands`, first);
  }
  if (nesting.scripts.left <= 0) return notRead(file, tooMany, first);
  nesting.scripts.left -= 1;
  const text = inlineText(script, line);
  const environment = isNewSession === true ? [] : line.variables;
  // A new session begins in the home of its user.
  const directory = isNewSession === true ? undefined : line.directory;
  const reading = readIn(shell, text, { ...line, environment, positional, directory, ...options });
  const starts = commandsOf(reading, line, within(nesting));
  const started = starts.started.map((each) => ({ ...(user && { user }), ...each }));
  return { ...starts, started, scripts: [script.text, ...starts.scripts] };
}

/** The last field of an account (passwd(5)), where the accounts of the host were given. */
function shellOfUser({ shell, user, isShellOfUser }: InlineScript, { find }: CommandLine): string {
  const accounts = isShellOfUser === true ? find?.('/etc/passwd') : undefined;
  if (accounts?.path.endsWith('etc/passwd') !== true) return shell;
  const fields = accounts.text.split('\n').map((account) => account.trimEnd().split(':'));
  const stated = fields.find(([name]) => name === (user?.text ?? 'root'))?.[6] ?? shell;
  return stated === '' ? '/bin/sh' : stated;
}

function inlineText({ text, location }: LocatedText, { isBlock }: CommandLine): Script {
  const { file = '', line = 1 } = location ?? {};
  return {
    text,
    file,
    line: isBlock === true && text.includes('\n') ? line + 1 : line,
    folded: isBlock !== true,
  };
}

/** What a script file starts and sets. */
export function startedByScript(
  file: TextFile,
  start: Pick<ShellStart, 'find' | 'paths' | 'directory'>,
): Pick<ShellReading, 'variables' | 'doubts'> & Starts {
  const { text, environment } = withInterpreter(file.text);
  const script = { text, file: file.path, line: 1 };
  const given = { environment, complete: false, ...start };
  const { shell, ...options } = interpreterOf(file.text);
  const reading = readIn(shell, script, { ...given, ...options });
  const starts = commandsOf(
    reading,
    { ...given, words: [], variables: [] },
    outermost([file.path]),
  );
  return { ...starts, variables: reading.variables, doubts: reading.doubts };
}

/** Debian's `init-d-script` sources the script, then starts what its variables say (sysvinit-utils, `do_start_cmd`). */
function withInterpreter(text: string): Pick<ShellStart, 'environment'> & { text: string } {
  if (!/^#![^\n]*\/init-d-script\b/.test(text)) return { text, environment: [] };
  return {
    text: `${text}\nstart-stop-daemon --start --exec "$DAEMON" $START_ARGS -- $DAEMON_ARGS\n`,
    environment: ['START_ARGS', 'DAEMON_ARGS'].map((name) => ({ name, value: '' })),
  };
}

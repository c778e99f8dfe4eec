import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import { isBeginningOfFlag } from '../../../etcd/flags.ts';
import { lastOfEach, missingOf, readForSystemd } from '../environment-file.ts';
import { type DraftedMember, memberDraft } from '../member-draft.ts';
import { emptyProcess, type Process, processOf } from '../process.ts';
import { isEtcd, isOfInterest } from '../programs.ts';
import { type FormReading, joined, readEach, type SettingsForm } from '../settings-form.ts';
import type { SettingsContext } from '../settings-context.ts';
import { startedBy } from '../started.ts';
import { commandOf, substitutionOf } from '../unit-words.ts';
import { type OpenWord, takesNext } from '../unresolved.ts';
import { assignment, baseName, splitWords } from '../words.ts';
import { unreadAt } from '../unread-at.ts';

/**
 * What `ps`, `systemctl status` and `systemctl show` print, and copies of `/proc/PID/cmdline`. Such a list has no quotes, so that an empty
 * argument and a blank within one are lost; the environment is in what `systemctl show` prints alone.
 */
export const form: SettingsForm = {
  name: 'process-list',
  layer: 'starter',
  recognises: ({ path, text }) =>
    (listed.test(text) || /^(?:ps|cmdline)\b/.test(baseName(path))) &&
    blocksOf(text).some((block) => commandsIn(block).length > 0 || cutPrograms(block).length > 0),
  read: readEach(async (file, context) => {
    const readings: FormReading[] = [];
    for (const block of blocksOf(file.text)) readings.push(await readBlock(block, file, context));
    return joined(readings);
  }),
};

/** A header of ps, or lines that begin with a process id, with a user and one, or as those of systemctl. */
const listed =
  /^(?:ExecStart=\{ path=|[ \t│]*[├└]─\d+\s|[ \t]*(?:[A-Z%+]+[ \t]+)+(?:CMD|COMMAND|ARGS)[ \t\r]*$|[ \t]*\d+\s+(?:\S+\s+){0,5}\S*\/?(?:etcd|kube-apiserver|flanneld)\s|[\w+-]+\s+\d+\s+(?:\d|\?).*\s(?<=etcd\S*\s)\s*--?[a-z])/m;

/** A list of processes, or what `systemctl show` prints of one unit: an empty line is between units. */
interface Block {
  readonly lines: readonly Line[];
  readonly isShown: boolean;
  /** Whether systemd says that the unit runs, and for longer than seconds where its program does not say when it is ready. */
  readonly isActive: boolean;
}

interface Line {
  readonly text: string;
  readonly line: number;
}

function blocksOf(text: string): readonly Block[] {
  const lines = text.split(/\r?\n/).map((raw, index) => ({ text: raw, line: index + 1 }));
  if (!/^ExecStart=\{/m.test(text))
    return [{ lines, isShown: false, isActive: isLongActive(lines) }];
  const blocks: Line[][] = [[]];
  for (const line of lines) {
    if (line.text.trim() === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.map((each) => ({ lines: each, isShown: true, isActive: isReady(each) }));
}

/** What `systemctl status` prints of one unit that has been active for minutes. */
function isLongActive(lines: readonly Line[]): boolean {
  const states = lines.flatMap(({ text }) => /^\s*Active: (.*)$/.exec(text)?.[1] ?? []);
  const [state = ''] = states;
  const isRunning = states.length === 1 && state.startsWith('active (running)');
  return isRunning && /; .*\d(?:min|h| days?| weeks?| months?| years?)\b/.test(state);
}

/** etcd says that it is ready where it has joined (etcdmain/etcd.go notifySystemd). */
function isReady(lines: readonly Line[]): boolean {
  const has = (property: string) => lines.some(({ text }) => text === property);
  return has('Type=notify') && has('ActiveState=active') && has('SubState=running');
}

interface Command {
  readonly runs?: true;
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly line: number;
  readonly cut?: Cut;
}

const wholeList = 'ps -efww';

/** Where a line is cut off, and what prints all of it. */
interface Cut {
  readonly at: number;
  readonly whole: string;
}

function commandsIn({ lines, isShown }: Block): readonly Command[] {
  if (isShown) return lines.flatMap(shownCommand);
  const isTimed = lines.some(({ text }) => /\sTIME\s+(?:CMD|COMMAND|ARGS)\s*$/.test(text));
  const table = { column: commandColumn(lines), width: widthOf(lines), isTimed };
  return lines.flatMap((line) => listedCommand(line, table));
}

/** Lines that end at the width of the terminal within the name of a program that may be etcd. */
function cutPrograms({ lines, isShown }: Block): readonly Line[] {
  const [column, width] = [commandColumn(lines), widthOf(lines)];
  if (isShown || column === undefined || width === undefined) return [];
  return lines.filter(({ text }) => {
    const [program = '', ...others] = wordsOf(text.slice(column));
    const name = baseName(program);
    const isBeginning = name !== '' && name !== 'etcd' && 'etcd'.startsWith(name);
    return text.length === width && others.length === 0 && isBeginning;
  });
}

/** What `systemctl show` prints of a command after its path; other properties repeat it. */
function shownCommand({ text, line }: Line): readonly Command[] {
  const [, path = '', shown = ''] =
    /^ExecStart=\{ path=((?:(?! ; ).)*) ; argv\[\]=((?:(?! ; ignore_errors=).)*) ; ignore_errors=/.exec(
      text,
    ) ?? [];
  const inline = inlineScript.exec(shown);
  if (inline?.groups !== undefined) {
    const { shell = '', script = '' } = inline.groups;
    return mentionsProgram(script) ? [{ words: [...wordsOf(shell), script], line }] : [];
  }
  const words = [path, ...wordsOf(shown).slice(1)];
  const start = words.findIndex(isProgram);
  return start < 0 ? [] : [{ words: words.slice(start), line }];
}

/** systemd prints a script without its quotes: all that follows `-c` is the script. */
const inlineScript =
  /^(?<shell>(?:.*[\s/])?(?:ba|da|z|k|a)?sh(?:\s+-\S+)*?\s+-[a-z]*c)\s+(?<script>.+)$/s;

function mentionsProgram(script: string): boolean {
  return script.split(/[\s;&|()"']+/).some(isProgram);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s\0]+/).filter((word) => word !== '' && !/^[\\|_`]+$/.test(word));
}

/** On each line the command begins with the first word that is a program of interest. */
function listedCommand({ text, line }: Line, table: Table): readonly Command[] {
  const [branch] = /^[\s│]*[├└]─\s*\d*\s/.exec(text) ?? [];
  const column = branch?.length ?? table.column;
  const all = wordsOf(text.slice(branch?.length));
  // The first column may be a user of that name, before the process id.
  const start = all.findIndex((word, at) => isProgram(word) && !/^\d+$/.test(all[at + 1] ?? ''));
  const words = all.slice(start);
  if (start < 0 || (words.length < 2 && !isEtcdAt(column, text))) return [];
  const cut = branch === undefined ? cutAtWidth(text, words, table) : shortened(words);
  return [{ words, line, ...hasWorked(all[start - 1], table), ...(cut && { cut }) }];
}

/** `ps` shows the time that a process has used just before its command: an etcd that cannot join ends before a second. */
function hasWorked(before = '', { isTimed }: Table): Pick<Command, 'runs'> {
  const isWork = isTimed && /^[\d:-]*:\d\d$/.test(before) && /[1-9]/.test(before);
  return isWork ? { runs: true } : {};
}

/** Without arguments the name of a program may be an argument of another one. */
function isEtcdAt(column: number | undefined, text: string): boolean {
  const [program = '', ...others] = column === undefined ? [] : wordsOf(text.slice(column));
  return others.length === 0 && isEtcd(baseName(program));
}

/** On a terminal, `systemctl status` shortens lines. */
function shortened(words: readonly string[]): Cut | undefined {
  const at = words.findIndex((word) => /…|\.\.\.$/.test(word));
  return at < 0 ? undefined : { at, whole: 'systemctl status --full' };
}

/** What the lines of a list have in common. */
interface Table {
  readonly isTimed: boolean;
  /** Where the commands begin, by the header. */
  readonly column: number | undefined;
  /** That of the terminal, where several lines, or a line and custom, show it. */
  readonly width: number | undefined;
}

function commandColumn(lines: readonly Line[]): number | undefined {
  const header = lines.find(({ text }) =>
    /^[ \t]*(?:[A-Z%+]+[ \t]+)+(?:CMD|COMMAND|ARGS)\s*$/.test(text),
  );
  return /(?:CMD|COMMAND|ARGS)\s*$/.exec(header?.text ?? '')?.index;
}

/** `ps` ends lines at the width of the terminal, BusyBox one column before it. */
const usualWidths = new Set([79, 80, 131, 132]);

function widthOf(lines: readonly Line[]): number | undefined {
  const longest = lines.reduce((most, { text }) => Math.max(most, text.length), 0);
  const ends = lines
    .filter(({ text }) => text.length === longest)
    .map(({ text }) => wordsOf(text).find(isProgram));
  return usualWidths.has(longest) || new Set(ends).size > 1 ? longest : undefined;
}

/** A process that runs knows all of its flags. */
function cutAtWidth(text: string, words: readonly string[], { width }: Table): Cut | undefined {
  const last = words.at(-1) ?? '';
  const isCut =
    !text.includes('\0') &&
    (text.length === width ||
      (isEtcd(baseName(words[0] ?? '')) &&
        isBeginningOfFlag(/^--?([a-z][a-z-]*)$/.exec(last)?.[1])));
  if (!isCut) return undefined;
  // What may follow the program is cut off, the program is not.
  return { at: Math.max(words.length - 1, 1), whole: wholeList };
}

function isProgram(word: string): boolean {
  const name = baseName(word);
  return (
    !name.startsWith('-') &&
    !word.includes('=') &&
    (isEtcd(name) || /^(?:kube-apiserver|flanneld)$/.test(name))
  );
}

async function readBlock(
  block: Block,
  { path }: TextFile,
  context: SettingsContext,
): Promise<FormReading> {
  const environment = environmentIn(block, path, context);
  const processes: Process[] = [];
  const members: DraftedMember[] = [];
  for (const command of commandsIn(block)) {
    const started = processesOf(command, path, environment).map((process) =>
      block.isActive || command.runs ? { ...process, runs: true as const } : process,
    );
    const hasSettings = command.words.length > 1 || environment.variables.length > 0;
    const isUnseen = !hasSettings && command.cut === undefined && !environment.isComplete;
    if (isUnseen && environment.missingFiles.length === 0) {
      for (const process of started) members.push(await unseenMember(process));
    } else processes.push(...started);
  }
  const notUnderstood = cutPrograms(block).map(({ line }) => ({
    path,
    line,
    reason: `the name of a program that may be etcd is cut off; \`${wholeList}\` prints all of it`,
  }));
  return { processes, members, notUnderstood };
}

function processesOf(
  command: Command,
  path: string,
  { variables, isComplete, isShown, ...environment }: Environment,
): readonly Process[] {
  const { line, cut } = command;
  const origin = { file: path, line };
  const base = { ...emptyProcess('process-list', origin), ...environment, partial: true };
  const { words: known, variables: shown } = withoutEnvironment(knownWords(command, origin));
  const words = isShown ? commandOf(known, substitutionOf(variables, isComplete)) : known;
  // What scripts start is on lines of its own.
  const { started: all } = startedBy({
    directory: environment.directory,
    words,
    variables: [...variables, ...shown],
    complete: isShown && isComplete,
  });
  return all.filter(isOfInterest).map((started) => {
    const process = processOf(base, started);
    if (cut === undefined || isEtcd(process.program ?? '')) return process;
    return { ...process, doubts: [...process.doubts, { path, line, reason: cutOff(cut) }] };
  });
}

/** `ps e` prints the environment behind the arguments; blanks in its values are not told from those between them. */
function withoutEnvironment(all: readonly OpenWord[]): {
  readonly words: readonly OpenWord[];
  readonly variables: readonly EnvironmentVariable[];
} {
  const first = all.findIndex(
    ({ text }, at) =>
      at > 0 && ofEnvironment.test(text) && takesNext(all[at - 1]?.text ?? '') === undefined,
  );
  const isShown = first > 0 && all.slice(first).some(({ text }) => text.startsWith('PATH=/'));
  if (!isShown) return { words: all, variables: [] };
  const variables = all
    .slice(first)
    .flatMap(({ text, location }) =>
      ofEnvironment.test(text) ? (assignment(text, location) ?? []) : [],
    );
  return { words: all.slice(0, first), variables };
}

const ofEnvironment = /^[A-Z_][A-Z\d_]*=/;

/** The words of a command, with an unknown argument for what is cut off. */
function knownWords({ words, cut }: Command, location: Location): readonly OpenWord[] {
  const located = words.map((text) => ({ text, location }));
  if (cut === undefined) return located;
  const before = located.slice(0, cut.at);
  const isLeftOver = takesNext(before.at(-1)?.text ?? '') !== undefined;
  const open = { text: '$(the rest of the line)', location, doubt: cutOff(cut) };
  return [...(isLeftOver ? before.slice(0, -1) : before), open, ...located.slice(cut.at + 1)];
}

function cutOff({ whole }: Cut): string {
  return `the line is cut off; \`${whole}\` prints all of it`;
}

/** An etcd without arguments has its settings from its environment: its unit says them, where that was given. */
async function unseenMember(process: Process): Promise<DraftedMember> {
  const { member } = await memberDraft(process, { find: () => undefined });
  const { file, line } = process.origin;
  const reason =
    'etcd has no arguments here, and its environment is not in the list: give its unit, or a copy of /proc/PID/environ';
  return {
    member,
    open: [unreadAt(file, line, reason)],
    isUnseen: true,
    isWritten: ({ kind }) => kind !== form.name,
  };
}

interface Environment {
  /** Set for what `systemctl show` prints. */
  readonly isShown: boolean;
  readonly variables: readonly EnvironmentVariable[];
  readonly files: readonly string[];
  readonly missingFiles: readonly string[];
  readonly directory?: string;
  /** Whether a variable that is not among these is not set. */
  readonly isComplete: boolean;
}

/** What `systemctl show` prints of the environment. */
function environmentIn(
  { lines, isShown }: Block,
  path: string,
  context: SettingsContext,
): Environment {
  const properties = isShown ? lines : [];
  const valuesOf = (name: string) =>
    properties.flatMap(({ text, line }) =>
      text.startsWith(`${name}=`)
        ? [{ value: text.slice(name.length + 1), location: { file: path, line } }]
        : [],
    );
  const set = valuesOf('Environment').flatMap(({ value, location }) =>
    splitWords(value, 'systemd').flatMap((word) => assignment(word.text, location) ?? []),
  );
  const found = valuesOf('EnvironmentFiles').map(({ value }) => {
    const named = value.replace(/ \(ignore_errors=\w+\)$/, '');
    return { path: named, file: context.find(named, path) };
  });
  const unset = valuesOf('UnsetEnvironment').flatMap(({ value }) => value.split(' '));
  const files = lastOfEach(found.flatMap(({ file }) => file ?? []));
  const missingFiles = missingOf(found);
  const variables = [...set, ...files.flatMap(readForSystemd)];
  const [stated] = valuesOf('WorkingDirectory').map(({ value }) => value.replace(/^!/, ''));
  const directory = stated === '' ? '/' : stated;
  const isStated = properties.some(({ text }) => /^Environment(?:Files)?=/.test(text));
  return {
    isShown,
    variables: variables.filter(
      ({ name, value }) => !unset.includes(name) && !unset.includes(`${name}=${value}`),
    ),
    files: [path, ...files.map((file) => file.path)],
    missingFiles,
    ...(directory?.startsWith('/') === true && { directory }),
    isComplete: isStated && missingFiles.length === 0,
  };
}

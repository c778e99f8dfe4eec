import type { UnreadText } from '../../../model/draft.ts';
import type { Location } from '../../../model/target.ts';
import type { ExpansionBudget } from '../expansion-budget.ts';
import { filesMatching } from '../files-matching.ts';
import type { Assignment } from './assign.ts';
import {
  type Expanded,
  type Expansion,
  expandValue,
  expandWord,
  type Piece,
  type Variable,
  writtenOf,
} from './expand.ts';
import type { Part, Word } from './lex.ts';
import type { Node } from './syntax.ts';
import type { FoundCommand, RedirectedOutput, Script, ShellDialect, ShellStart } from './run.ts';
import {
  become,
  copyOf,
  costOf,
  forgetAll,
  join,
  type State,
  taken,
  unknownValue,
} from './state.ts';
import type { Write } from './written.ts';

export type SimpleCommand = Omit<Extract<Node, { kind: 'simple' }>, 'kind'>;

/** A simple command with words. */
export interface Call {
  readonly command: SimpleCommand;
  /** The words before they were expanded, without the assignments before them. */
  readonly raw: readonly Word[];
  readonly given: readonly Expanded[];
  readonly assigned: readonly Assignment[];
}

/** What can be left early, and the states in which it was. */
export interface Frame {
  readonly kind: 'function' | 'loop';
  readonly exits: State[];
  readonly continues: State[];
  /** What `local` hid. */
  readonly locals?: Map<string, Variable | undefined>;
}

/** Where standard output goes, if it is kept. */
export type Output =
  | { readonly kind: 'file'; readonly path: string; readonly appends: boolean }
  | { readonly kind: 'program'; readonly name: string };

/** Files may source each other in a circle, functions call each other. */
export const deepestCall = 12;

/** The reading of one script, with all that it reads and starts. */
export interface Run {
  readonly start: ShellStart;
  readonly dialect: ShellDialect;
  script: Script;
  readonly state: State;
  /** Shared by all that one script does. */
  readonly budget: ExpansionBudget;
  steps: number;
  /** How many commands are around this one, and how many functions, files and substitutions. */
  depth: number;
  calls: number;
  /** Above 0 while a loop is tried: what it starts then is not noted. */
  silence: number;
  frames: readonly Frame[];
  /** Where it is decided whether this runs at all; undefined for what certainly does. */
  condition: Location | undefined;
  /** Above 0 where `set -e` does not count: in conditions, and in front of `&&` and `||`. */
  guards: number;
  /** Exit statuses that the shell may have ended with after the command whose status is assumed. */
  statuses: (number | undefined)[];
  /** What was done, in words, where a command is assumed to end in some way. */
  readonly trace: string[];
  /** Whether that command has run at all. */
  hasRunAssumed: boolean;
  /** Whether etcd was started. */
  serves: boolean;
  /** What was set when that command ran first. */
  before: ReadonlyMap<string, Variable>;
  /** Whether something that is not followed may end the shell after that command. */
  isLost: boolean;
  /** With what each command in the background ended, and whether more may have. */
  readonly jobs: (number | undefined)[];
  /** Whether what is printed goes to something that reads it. */
  isRead: boolean;
  output: Output | undefined;
  readonly commands: FoundCommand[];
  readonly writes: Write[];
  readonly outputs: RedirectedOutput[];
  /** Files that something else than known text goes into. */
  readonly opaque: Set<string>;
  readonly read: Set<string>;
  readonly missing: Set<string>;
  /** The files that are being read, the innermost last. */
  sourcing: readonly string[];
  readonly doubts: UnreadText[];
  /** All that was not followed, by where it is and why. */
  readonly unfollowed: Map<string, UnreadText>;
  readonly runScript: (script: Script, run: Run) => void;
  readonly runNode: (node: Node, run: Run) => void;
  /** Notes a program that is started. */
  readonly record: (call: Call, run: Run) => void;
  readonly dispatch: (call: Call, run: Run, skipsFunctions?: boolean) => void;
}

/** Ends the shell, with a status where that is known. */
export function endShell({ state, statuses }: Run, status: number | undefined): void {
  if (state.hasAssumed) statuses.push(status);
  state.ended = true;
}

/** Ends the shell, unless what is after its end is read too. */
export function leave(run: Run, status: number | undefined): void {
  if (run.start.readsOn !== undefined) run.state.status = status;
  else endShell(run, status);
}

/** Notes what is done, where it is compared what comes of two ways in which a command may end. */
export function note(what: string, { start, trace }: Run): void {
  if (start.assumed !== undefined) trace.push(what);
}

/** Notes all that the shell knows, where something that is not followed may come of any of it. */
export function noteUnsettled(text: string, run: Run): void {
  const { state, start, before } = run;
  if (start.assumed === undefined || !state.hasAssumed) return;
  const set = [...state.variables].filter(([name, variable]) => before.get(name) !== variable);
  const known = JSON.stringify([
    set.map(([name, { value: is }]) => [name, is]),
    [...state.arrays].map(([name, words]) => [name, textsOf(words)]),
    textsOf(state.positional),
    /\?|PIPESTATUS/.test(text) && state.status,
  ]);
  run.steps -= costOf(state) + known.length / charactersPerStep;
  note(`${text} ${known}`, run);
}

function textsOf(words: readonly Expanded[] | undefined): readonly string[] | undefined {
  return words?.map(({ text }) => text);
}

/** Characters that cost as much to note as a command to follow. */
const charactersPerStep = 64;

/** Something that is not followed may do anything with how the command ended. */
export function lose(run: Run): void {
  run.isLost ||= run.state.hasAssumed;
}

/** Of several ways, where it is forgotten which was taken. */
export function noteStatuses(ways: readonly State[], run: Run): void {
  const statuses = ways.map(({ ended, status }) => (ended ? 'ended' : String(status)));
  if (new Set(statuses).size > 1) note(statuses.join(), run);
}

/** Runs what `set -e` does not end. */
export function guarded(run: Run, body: () => void): void {
  run.guards += 1;
  body();
  run.guards -= 1;
}

export function placeOf(
  { file, line, folded }: Script,
  offset: number,
): Required<Pick<Location, 'file' | 'line'>> {
  return { file, line: folded === true ? line : line + offset - 1 };
}

function expansionOf(run: Run, location: Location): Expansion {
  return {
    state: run.state,
    budget: run.budget,
    effort: run,
    hostname: run.start.hostname,
    options: optionsOf(run),
    matching: (pattern) => profilesMatching(pattern, run.start),
    assign: (name, given) => perform(run, { name, value: given, location, adds: false }),
    lacks: (isFatal, isSure) => {
      const ends = isFatal || run.state.nounset;
      if (ends === true && isSure) leave(run, 1);
      else if (ends !== false) lose(run);
    },
  };
}

/** `$-`, but for options that change nothing that is followed, such as `x`. */
function optionsOf({ state, dialect, start }: Run): string | undefined {
  const { errexit, nounset, exportsAll } = state;
  if ([errexit, nounset, exportsAll].includes('maybe')) return undefined;
  const all = [
    ['a', exportsAll],
    ['e', errexit],
    ['h', dialect === 'bash'],
    ['i', start.isInteractive],
    ['u', nounset],
    ['B', dialect === 'bash'],
  ] as const;
  return all.flatMap(([letter, isOn]) => (isOn === true ? letter : [])).join('');
}

/** Of other patterns a shell also finds files that are no texts. */
function profilesMatching(
  pattern: string,
  { find, paths }: ShellStart,
): readonly string[] | undefined {
  if (find === undefined || !/^\/etc\/profile\.d\/[^/]*$/.test(pattern)) return undefined;
  return filesMatching(pattern, paths ?? [], find)?.map(({ path }) => path);
}

export function expanded(word: Word, run: Run): readonly Expanded[] {
  const location = placeOf(run.script, word.line);
  const words = expandWord(word, expansionOf(run, location), location);
  if (words.some(({ isKnown }) => !isKnown)) noteUnsettled(writtenOf(word.parts), run);
  return words;
}

/** The words that a word would become, without what expanding it does to the shell. */
export function expectedOf(word: Word, run: Run): readonly Expanded[] {
  const location = placeOf(run.script, word.line);
  return expandWord(word, { ...expansionOf(run, location), assign() {}, lacks() {} }, location);
}

export function value(parts: readonly Part[], run: Run, line = 1): Piece {
  const piece = expandValue(parts, expansionOf(run, placeOf(run.script, line)));
  if (!piece.isKnown) noteUnsettled(writtenOf(parts), run);
  return piece;
}

/** Takes every way; what they leave different is not known from there on. */
export function undecided(run: Run, line: number, ways: readonly (() => void)[]): void {
  const place = placeOf(run.script, line);
  const before = copyOf(run.state);
  run.steps -= ways.length * costOf(before);
  const { condition } = run;
  run.condition = place;
  const after = ways.map((way) => {
    become(run.state, copyOf(before));
    way();
    return taken(run.state);
  });
  run.condition = condition;
  noteStatuses(after, run);
  const doubt = `line ${place.line} decides its value`;
  const [first = before, ...rest] = after;
  become(
    run.state,
    rest.reduce((left, right) => join(left, right, doubt), first),
  );
}

/** Something that may change anything, and is not followed. */
export function notFollowed(run: Run, line: number, reason: string): void {
  run.steps -= costOf(run.state);
  forgetAll(run.state, unfollowedAt(run, line, reason));
}

/** Notes that something was not followed. */
export function unfollowedAt(run: Run, offset: number, reason: string): UnreadText {
  const { file: path, line } = placeOf(run.script, offset);
  const unread = { path, line, reason };
  run.unfollowed.set(JSON.stringify(unread), unread);
  lose(run);
  return unread;
}

/** A variable whose value only the running shell knows from here on. */
export function forget(run: Run, name: string, line: number): void {
  const before = run.state.variables.get(name);
  if (before?.isReadonly === true) return;
  noteUnsettled(name, run);
  run.state.arrays.delete(name);
  run.state.variables.set(name, {
    ...unknownValue(name, 'only the running shell knows its value'),
    exported: before?.exported ?? run.state.exportsAll,
    ...(before?.isConverted === true && { isConverted: true }),
    location: placeOf(run.script, line),
  });
}

/** Sets a variable, or an array. */
export function perform(run: Run, assignment: Assignment): void {
  const { name, elements } = assignment;
  const { state } = run;
  // sh ends over this, bash goes on with what it was.
  if (state.variables.get(name)?.isReadonly === true) {
    lose(run);
    return;
  }
  if (name === 'IFS') state.splitsOddly = true;
  if (elements !== undefined || state.arrays.has(name)) setArray(run, assignment);
  else setVariable(run, assignment);
}

function setArray(run: Run, { name, value: given, adds, elements }: Assignment): void {
  const { state } = run;
  const isNew = adds && !state.arrays.has(name) && !state.variables.has(name);
  const before = adds && !isNew ? state.arrays.get(name) : [];
  const isKnown = elements !== undefined && given.isKnown && before !== undefined;
  if (!isKnown) noteUnsettled(name, run);
  state.arrays.set(name, isKnown ? [...before, ...elements] : undefined);
}

function setVariable(run: Run, assignment: Assignment): void {
  const { name, location } = assignment;
  const { variables, exportsAll } = run.state;
  const before = variables.get(name);
  const exported = exportOf(before?.exported, exportsAll);
  const given = assignedValue(assignment, before, run.dialect);
  if (given !== undefined) {
    variables.set(name, { value: given.text, isKnown: given.isKnown, exported, location });
    return;
  }
  noteUnsettled(name, run);
  variables.set(name, {
    ...unknownValue(name, 'only the running shell knows its value'),
    ...(before?.isConverted === true && { isConverted: true }),
    exported,
    location,
  });
}

/** Undefined where only the running shell knows what a variable is from here on. */
function assignedValue(
  { value: given, adds }: Assignment,
  before: Variable | undefined,
  dialect: ShellDialect,
): Piece | undefined {
  if (before?.isConverted === true) return undefined;
  if (!adds) return given;
  // To dash `NAME+=value` is a program.
  const isKnown = dialect === 'bash' && before?.isKnown === true && given.isKnown;
  return isKnown ? { text: `${before.value ?? ''}${given.text}`, isKnown } : undefined;
}

function exportOf(before: Variable['exported'] | undefined, all: State['exportsAll']) {
  return before === true || all === true ? true : before === 'maybe' ? before : all;
}

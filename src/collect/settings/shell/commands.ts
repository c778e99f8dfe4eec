import { wordSet } from '../../../model/table.ts';
import type { LocatedText } from '../../../model/settings.ts';
import { assignmentsIn } from './assign.ts';
import { builtins } from './builtins.ts';
import { listed } from './environment.ts';
import type { StatusOf } from './ending.ts';
import { type Expanded, isAmbient, writtenOf } from './expand.ts';
import type { Word } from './lex.ts';
import { rejoin } from './loops.ts';
import { bare, type Node, type Redirection } from './syntax.ts';
import { hasSubstitution, isArrayText, partsIn, partsOf } from './parts.ts';
import {
  type Call,
  deepestCall,
  endShell,
  expanded,
  forget,
  type Frame,
  lose,
  note,
  noteUnsettled,
  notFollowed,
  perform,
  placeOf,
  type Run,
  type SimpleCommand,
  undecided,
} from './runtime.ts';
import { costOf, type State } from './state.ts';
import { inSubshell } from './subshell.ts';
import { feedDocuments, filesAt, writesTo } from './written.ts';

export function runSimple(command: SimpleCommand, run: Run): void {
  const { words, unread = [], redirections, line } = command;
  if (unread.length > 0) noteUnsettled(writtenOf(partsOf(unread)), run);
  const assigned = assignmentsIn(words, run);
  const hasArray = words.some((word) => word.parts.some((part) => isArrayText(part)));
  if (run.dialect === 'sh' && hasArray) {
    return notFollowed(run, line, 'arrays are a bash feature, which not every sh supports');
  }
  const left = words.slice(assigned.length);
  const given = left.flatMap((word) => expanded(word, run));
  // A variable that is needed and not set ends the shell.
  if (run.state.ended) return;
  const { output } = run;
  run.output = directed(redirections, nameOf(given), run);
  notePassedOn({ kind: 'simple', ...command }, run);
  if (given.length === 0) {
    for (const each of assigned) perform(run, each);
    // The status is that of the last substitution.
    if (!words.some(hasSubstitution)) run.state.status = 0;
  } else dispatch({ command, raw: left, given, assigned }, run);
  run.output = output;
}

/** What a command reads or prints may tell something else of what the shell knows. */
export function notePassedOn(
  node: Extract<Node, { kind: 'simple' | 'redirected' }>,
  run: Run,
): void {
  const isPlain = node.redirections.every(isToNowhere);
  if (run.isRead || run.output !== undefined || !isPlain) {
    noteUnsettled(writtenOf(partsIn(node)), run);
  }
}

function isToNowhere({ target }: SimpleCommand['redirections'][number]): boolean {
  return /^(?:\/dev\/null|[012-])$/.test(bare(target) ?? '');
}

/** Where output goes, noted where it goes to a file. */
export function directed(
  redirections: readonly Redirection[],
  by: string,
  run: Run,
): Run['output'] {
  if (run.silence === 0) {
    run.outputs.push(...filesAt(redirections, run).map((path) => ({ path, by: by || 'sh' })));
  }
  return writesTo(redirections, run) ?? run.output;
}

export function dispatch(call: Call, run: Run, skipsFunctions = false): void {
  runGiven(call, run, skipsFunctions);
  const text = wordsOf(call.given);
  const isUnknown = run.state.status === undefined;
  if (isUnknown && builtins.has(nameOf(call.given))) noteUnsettled(text, run);
  else if (isUnknown) note(text, run);
}

function runGiven(call: Call, run: Run, skipsFunctions: boolean): void {
  const { command, given, assigned } = call;
  const name = nameOf(given);
  const own = skipsFunctions ? undefined : run.state.functions.get(name);
  const builtin = builtins.get(name);
  if (takesString(command) && run.dialect === 'sh') {
    notFollowed(run, command.line, '`<<<` is a bash feature, which not every sh supports');
  } else if (own !== undefined) {
    inThisShell(command, run, () => callFunction(own, call, run));
    for (const each of assigned) forget(run, each.name, command.line);
  } else if (builtin !== undefined) {
    // Whether `NAME=value` before one of these lasts depends on the shell.
    const unsure = leavesAssignments.has(name) ? [] : assigned;
    withoutSure(unsure, command.line, run, () =>
      inThisShell(command, run, () => builtin(call, run)),
    );
    supposeStatus(name, run);
  } else record(call, run);
}

/** Builtins that change the shell, and are supposed to end as programs do. */
const changesShell = /^(?:\.|source|cd|pushd|popd|printf|shift|wait|export|local|declare|unset)$/;

function supposeStatus(name: string, { start, state }: Run): void {
  if (state.status !== undefined || !changesShell.test(name)) return;
  const status = start.statusOf?.([name]);
  if (status !== 'serves') state.status = status;
}

/** The values of these are unknown, both while something runs and after it. */
function withoutSure(unsure: Call['assigned'], line: number, run: Run, body: () => void): void {
  for (const { name } of unsure) forget(run, name, line);
  body();
  for (const { name } of unsure) forget(run, name, line);
}

function nameOf([first]: readonly Expanded[]): string {
  return first?.isKnown === true ? first.text : '';
}

function takesString({ redirections }: SimpleCommand): boolean {
  return redirections.some(({ operator }) => operator === '<<<');
}

/** To dash `command &> file` is `command &` and an empty file. */
export function inThisShell(
  { redirections, line }: Pick<SimpleCommand, 'redirections' | 'line'>,
  run: Run,
  body: () => void,
): void {
  const isSplit = redirections.some(({ operator }) => operator.startsWith('&'));
  if (isSplit && run.dialect === 'sh') undecided(run, line, [body, () => inSubshell(run, body)]);
  else body();
}

/** Builtins that take assignments before them as any program does. */
const leavesAssignments = wordSet('read cd echo printf test [ true false wait command');

function callFunction(
  own: NonNullable<ReturnType<State['functions']['get']>>,
  { command, given }: Call,
  run: Run,
): void {
  if (own === 'unknown' || run.calls >= deepestCall) {
    return notFollowed(
      run,
      command.line,
      `\`${given[0]?.text}\` is a function whose effect is not followed`,
    );
  }
  const { positional } = run.state;
  run.state.positional = given.slice(1);
  const frame: Frame = { kind: 'function', exits: [], continues: [], locals: new Map() };
  const { script } = run;
  run.script = own.script;
  run.calls += 1;
  const { frames } = run;
  run.frames = [frame];
  run.runNode(own.body, run);
  run.frames = frames;
  run.calls -= 1;
  run.script = script;
  rejoin(run, frame.exits, command.line);
  for (const [name, before] of frame.locals ?? []) {
    if (before === undefined) run.state.variables.delete(name);
    else run.state.variables.set(name, before);
  }
  run.state.positional = positional;
}

/** `$NAME` as a word of its own, where neither the script nor its settings say anything of the variable. */
function unsetArguments({ parts, line }: Word, run: Run): readonly LocatedText[] {
  const [only, second] = parts;
  if (typeof run.start.complete === 'boolean' || only?.kind !== 'variable' || second !== undefined)
    return [];
  const { name, operator, operand, written } = only;
  const isPlain = `${operator}${operand}` === '' && /^[A-Za-z_]\w*$/.test(name);
  if (!isPlain || isMentioned(name, run)) return [];
  return [{ text: written, location: placeOf(run.script, line) }];
}

function isMentioned(name: string, { state, script }: Run): boolean {
  return (
    isAmbient(name) ||
    state.variables.has(name) ||
    state.arrays.has(name) ||
    new RegExp(`\\b${name}\\+?=`).test(script.text)
  );
}

export function record({ command, raw, given, assigned }: Call, run: Run): void {
  const { state } = run;
  const unset = raw.flatMap((word) => unsetArguments(word, run));
  feedDocuments(command, run);
  run.steps -= costOf(state);
  const exported = [...state.variables].filter(([, { exported: is }]) => is !== false);
  const own = assigned.flatMap(({ name, value: { text, isKnown }, location }) =>
    listed(name, { value: text, isKnown, exported: true, location }),
  );
  const words = [...given, ...unset].map(({ text, location }) => ({
    text,
    ...(location && { location }),
  }));
  if (run.silence === 0) {
    run.commands.push({
      words,
      variables: [...exported.flatMap(([name, variable]) => listed(name, variable)), ...own],
      directory: state.directory,
      doubts: state.doubts,
      isKept: run.output !== undefined,
      isRead: run.isRead,
      ...(run.condition && { condition: run.condition }),
    });
  }
  const { assumed, statusOf } = run.start;
  if (assumed !== undefined && assumed.words === wordsOf(words)) {
    if (!run.hasRunAssumed) run.before = new Map(state.variables);
    state.hasAssumed = true;
    run.hasRunAssumed = true;
    state.status = assumed.status;
    return;
  }
  if (killsShell(words)) lose(run);
  if (statusOf !== undefined) {
    endProgram(statusOf(words.map(({ text }) => text)), run);
    return;
  }
  state.status = given[0]?.text === 'sleep' ? 0 : undefined;
}

/** What etcd ends with is not asked: it has started. */
function endProgram(status: ReturnType<StatusOf>, run: Run): void {
  if (status !== 'serves') run.state.status = status;
  else {
    run.serves = true;
    endShell(run, 0);
  }
}

const killers = wordSet('kill killall pkill');

/** `kill $$` ends the shell, `kill $!` what it started in the background. */
function killsShell([program, ...operands]: readonly LocatedText[]): boolean {
  const isKill = killers.has(program?.text ?? '');
  return isKill && operands.some(({ text }) => !/^-[A-Z\d]|^(?:\$\{!\}|\$!|%.*)$/.test(text));
}

export function wordsOf(words: readonly LocatedText[]): string {
  return words.map(({ text }) => text).join(' ');
}

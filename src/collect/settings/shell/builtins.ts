import { declaration } from './declare.ts';
import type { Expanded } from './expand.ts';
import {
  type Call,
  endShell,
  forget,
  leave,
  note,
  notFollowed,
  type Output,
  placeOf,
  type Run,
  undecided,
} from './runtime.ts';
import { deepestSource, source } from './source.ts';
import { set } from './set-command.ts';
import { changeDirectory, popDirectory, pushDirectory } from './directories.ts';
import { copyOf } from './state.ts';
import { test } from './test-command.ts';
import { passedOn } from './written.ts';

type Builtin = (call: Call, run: Run) => void;

/** Nothing but an exit status comes of these. */
function passes(status: number | undefined): Builtin {
  return (_, run) => {
    run.state.status = status;
  };
}

/** What not every sh has may have happened or not. */
function inBashOnly(builtin: Builtin): Builtin {
  return (call, run) => {
    if (run.dialect === 'bash') builtin(call, run);
    else undecided(run, call.command.line, [() => builtin(call, run), () => {}]);
  };
}

const unknownVariableName = 'the name of a variable is not known';

/** Forgets the variables that its operands name. */
function forgets(
  names: (operands: readonly Expanded[]) => readonly (Expanded | undefined)[],
): Builtin {
  return ({ command, given }, run) => {
    for (const each of names(given.slice(1))) {
      const name = /^[A-Za-z_]\w*/.exec(each?.text ?? '')?.[0];
      if (each?.isKnown === false) {
        notFollowed(run, command.line, unknownVariableName);
        return;
      }
      if (name !== undefined) forget(run, name, command.line);
    }
    run.state.status = undefined;
  };
}

function isOption({ text }: Expanded): boolean {
  return /^[-+]./.test(text);
}

function withoutOptions(operands: readonly Expanded[]): readonly Expanded[] {
  return operands.filter((operand) => !isOption(operand));
}

function known(text: string): Expanded {
  return { text, isKnown: true };
}

function unset({ command, given }: Call, run: Run): void {
  const isFunction = given.some(({ text }) => text === '-f');
  run.state.status = 0;
  for (const { text, isKnown } of withoutOptions(given.slice(1))) {
    if (!isKnown) {
      notFollowed(run, command.line, unknownVariableName);
      return;
    }
    if (isFunction) run.state.functions.delete(text);
    else unsetVariable(text, run);
  }
}

function unsetVariable(text: string, { state }: Run): void {
  if (state.variables.get(text)?.isReadonly === true) return;
  const name = text.replace(/\[.*$/s, '');
  if (name !== text) {
    state.arrays.set(name, undefined);
    return;
  }
  state.arrays.delete(name);
  // To bash a name without a variable is that of a function.
  if (state.functions.has(name)) state.functions.set(name, 'unknown');
  state.variables.set(name, { isKnown: true, exported: false });
}

function shift({ given }: Call, run: Run): void {
  const [, operand] = given;
  const count = operand === undefined ? 1 : Number(operand.text);
  const { positional } = run.state;
  const isPossible = operand?.isKnown !== false && Number.isInteger(count);
  const isThere = positional !== undefined && count <= positional.length;
  run.state.positional = isPossible && isThere ? positional.slice(count) : undefined;
  run.state.status = undefined;
}

function evaluate({ command, given }: Call, run: Run): void {
  const words = given.slice(1);
  if (words.some((word) => !word.isKnown) || run.calls >= deepestSource) {
    notFollowed(run, command.line, 'the command that `eval` runs is not known');
    return;
  }
  const { file, line } = placeOf(run.script, command.line);
  const text = words.map((word) => word.text).join(' ');
  run.calls += 1;
  run.runScript({ text, file, line, folded: true }, run);
  run.calls -= 1;
}

/** `break` and `continue`. */
function leaveLoop(goesOn: boolean): Builtin {
  return ({ command, given }, run) => {
    if (given.length > 1) {
      notFollowed(run, command.line, '`break` or `continue` leaves more than one loop');
      return;
    }
    const frame = run.frames.at(-1);
    if (frame?.kind !== 'loop') return;
    (goesOn ? frame.continues : frame.exits).push(copyOf(run.state));
    run.state.ended = true;
  };
}

function leaveFunction({ command, given }: Call, run: Run): void {
  const frame = run.frames.find(({ kind }) => kind === 'function');
  if (frame !== undefined) {
    frame.exits.push({ ...copyOf(run.state), status: statusGiven(given, run) });
    run.state.ended = true;
    return;
  }
  // Outside functions `return` ends dash, and is a mistake that bash passes over.
  if (run.dialect === 'sh') {
    undecided(run, command.line, [() => endShell(run, statusGiven(given, run)), () => {}]);
  }
  run.state.status = undefined;
}

function exit({ given }: Call, run: Run): void {
  leave(run, statusGiven(given, run));
}

/** What `exit` and `return` are given, else the status of the last command. */
function statusGiven([, operand]: readonly Expanded[], { state }: Run): number | undefined {
  if (operand === undefined) return state.status;
  return operand.isKnown && /^\d+$/.test(operand.text) ? Number(operand.text) % 256 : undefined;
}

function execute(call: Call, run: Run): void {
  // Alone it only redirects.
  if (call.given.length < 2) return;
  run.record(call, run);
  if (run.start.readsOn !== 'everything') endShell(run, run.state.status);
}

/** `command NAME …` passes over functions; with `-v` it only looks. */
function runsOthers(call: Call, run: Run): void {
  const operands = call.given.slice(1);
  const first = operands.findIndex((operand) => !isOption(operand));
  if (first < 0 || operands.some(({ text }) => /^-\w*[vV]/.test(text))) {
    run.state.status = undefined;
    return;
  }
  const given = operands.slice(first);
  run.dispatch({ ...call, given, raw: call.raw.slice(-given.length) }, run, true);
}

const changesReading = /^(?:lastpipe|expand_aliases|extglob|nullglob|failglob|dotglob)$/;

function shopt({ command, given }: Call, run: Run): void {
  if (given.some(({ text }) => changesReading.test(text))) {
    notFollowed(run, command.line, 'this bash option changes how the rest is parsed');
  }
}

function trap({ command, given }: Call, run: Run): void {
  run.state.status = 0;
  if (given.some(({ text }) => /^(?:DEBUG|ERR|RETURN)$/.test(text))) {
    notFollowed(run, command.line, 'a trap runs commands that are not followed');
  }
  const [action, ...conditions] = withoutOptions(given.slice(1));
  if (action?.text !== '-' && !conditions.every(isSignal)) run.isLost = true;
}

/** What comes from outside alone; a child that ends is a signal too. */
function isSignal({ text }: Expanded): boolean {
  return /^(?:(?:SIG)?(?:HUP|INT|QUIT|TERM)|1|2|3|15)$/i.test(text);
}

/** Alone it passes; with operands it ends as what it waits for. */
function wait({ given }: Call, run: Run): void {
  const { jobs } = run;
  const [only] = jobs;
  const waitsForAll = given.length === 1;
  if (!waitsForAll) note(`jobs ended with ${jobs.join()}`, run);
  // dash has no `-n`.
  const isFollowed = jobs.length === 1 && (run.dialect === 'bash' || !given.some(isOption));
  run.state.status = waitsForAll ? 0 : isFollowed ? only : undefined;
}

/** `fg` ends as a job that it waits for. */
function continueJob(_: Call, run: Run): void {
  note(`jobs ended with ${run.jobs.join()}`, run);
  run.state.status = undefined;
}

/** What is printed into a file becomes part of it. */
function print({ command, given }: Call, run: Run): void {
  run.state.status = 0;
  const { output } = run;
  if (output === undefined || run.silence > 0) return;
  const [program, ...words] = given;
  const text = `${words.map((word) => word.text).join(' ')}\n`;
  const isPlain = words.every((word) => word.isKnown && !word.text.includes('\\'));
  const place = placeOf(run.script, command.line);
  if (output.kind === 'file' && isPlain && program?.text === 'echo' && !words.some(isOption)) {
    const { path, appends } = output;
    run.writes.push({ path, text, ...place, appends, isCertain: run.condition === undefined });
  } else {
    if (output.kind === 'file') run.opaque.add(output.path);
    const reason = `output goes to ${nameOf(output)}, which is not followed`;
    passedOn(text, reason, command.line, run);
  }
}

function nameOf(output: Output): string {
  return output.kind === 'file' ? output.path : `\`${output.name}\``;
}

function printf(call: Call, run: Run): void {
  const name = call.given[1]?.text === '-v' ? call.given[2] : undefined;
  if (name !== undefined) forget(run, name.text, call.command.line);
  print(call, run);
  run.state.status = undefined;
}

/** Commands that the shell runs itself; of others it knows nothing but that they run. */
export const builtins: ReadonlyMap<string, Builtin> = new Map([
  [':', passes(0)],
  ['true', passes(0)],
  ['false', passes(1)],
  ['export', declaration('export')],
  ['readonly', declaration('readonly')],
  ['local', declaration('local')],
  ['declare', inBashOnly(declaration('declare'))],
  ['typeset', inBashOnly(declaration('declare'))],
  ['unset', unset],
  ['set', set],
  ['shift', shift],
  ['.', source],
  ['source', inBashOnly(source)],
  ['eval', evaluate],
  ['exit', exit],
  ['return', leaveFunction],
  ['break', leaveLoop(false)],
  ['continue', leaveLoop(true)],
  ['exec', execute],
  ['command', runsOthers],
  ['builtin', inBashOnly(runsOthers)],
  ['test', test],
  ['[', test],
  ['[[', inBashOnly(test)],
  ['echo', print],
  ['printf', printf],
  ['read', forgets((operands) => [...withoutOptions(operands), known('REPLY')])],
  ['getopts', forgets((operands) => [operands[1], known('OPTARG')])],
  ['mapfile', inBashOnly(forgets(withoutOptions))],
  ['readarray', inBashOnly(forgets(withoutOptions))],
  ['let', inBashOnly(forgets(withoutOptions))],
  ['cd', changeDirectory],
  ['pushd', inBashOnly(pushDirectory)],
  ['popd', inBashOnly(popDirectory)],
  [
    'alias',
    ({ command }, run) => {
      // bash does not expand any in a script, unless `shopt` says so.
      if (run.dialect === 'bash' && run.start.isInteractive !== true) run.state.status = 0;
      else notFollowed(run, command.line, 'an alias changes how the rest is parsed');
    },
  ],
  ['shopt', inBashOnly(shopt)],
  ['trap', trap],
  ['wait', wait],
  ['fg', continueJob],
]);

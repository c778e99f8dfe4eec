import type { UnreadText } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import type { Location } from '../../../model/target.ts';
import type { FindText } from '../settings-context.ts';
import { expansionBudget } from '../expansion-budget.ts';
import { mentionsIn } from '../mentions.ts';
import { assignmentsIn } from './assign.ts';
import { builtins } from './builtins.ts';
import { type Expanded, isAmbient, type Variable, writtenOf } from './expand.ts';
import type { Part, Word } from './lex.ts';
import { type Branch, bare, type Node, parse, type Redirection } from './parse.ts';
import { isMatch } from './patterns.ts';
import {
  type Call,
  endShell,
  expanded,
  forget,
  type Frame,
  guarded,
  lose,
  note,
  noteStatuses,
  noteUnsettled,
  notFollowed,
  perform,
  placeOf,
  type Run,
  type SimpleCommand,
  undecided,
  unfollowedAt,
  value,
} from './runtime.ts';
import {
  become,
  copyOf,
  costOf,
  forgetAll,
  isSameState,
  join,
  type State,
  taken,
} from './state.ts';
import { type Effect, effectOfFailure } from './effect.ts';
import { endInPipe, statusOfPipe } from './pipes.ts';
import { expansionsIn, hasSubstitution, isArrayText, partsIn, partsOf } from './parts.ts';
import { feedDocuments, sinkOf, type Written, writtenFiles, writesTo } from './written.ts';

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
   * settings; what starts it may still set a variable that a program is given as arguments.
   */
  readonly complete: boolean | 'as-written';
  readonly dialect?: ShellDialect;
  readonly positional?: readonly LocatedText[];
  readonly hostname?: string;
  /** What is in force from the start of `-e`, `-u` and `-o pipefail`. */
  readonly errexit?: boolean;
  readonly nounset?: boolean;
  readonly pipefail?: boolean;
  /** A command, by its words, and the status with which it is assumed to end. */
  readonly assumed?: { readonly words: string; readonly status: number };
  /** Finds files that the script reads with `.` or `source`. */
  readonly find?: FindText;
}

/** A variable whose value the script alone does not settle. */
export interface ShellVariable extends EnvironmentVariable {
  readonly doubt?: string;
}

/** A simple command, and the environment that it is given. */
export interface ShellCommand {
  readonly words: readonly LocatedText[];
  readonly variables: readonly ShellVariable[];
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

/** A file that output goes to, and what prints it. */
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
  /** Files that it reads settings from. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
  /** What has to do with etcd and was not followed. */
  readonly doubts: readonly UnreadText[];
  /** All that was not followed, whatever it has to do with. */
  readonly unfollowed: readonly UnreadText[];
}

/** Files may source each other in a circle, functions call each other. */
const deepestCall = 12;
const deepestNode = 400;
const mostSteps = 60_000;
const mostRepetitions = 64;

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
    read: [...run.read],
    missing: [...run.missing],
    doubts: [...run.doubts, ...doubts],
    unfollowed: [...run.unfollowed.values()],
  };
}

function isPem({ text }: Written): boolean {
  return text.includes('-----BEGIN ');
}

/** How many commands of a script are followed to see what their failure leads to. */
const mostFollowed = 8;

function wordsOf(words: readonly LocatedText[]): string {
  return words.map(({ text }) => text).join(' ');
}

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
    before: new Map(),
    isLost: false,
    jobs: [],
    output: undefined,
    isRead: false,
    commands: [],
    writes: [],
    outputs: [],
    read: new Set(),
    missing: new Set(),
    sourcing: [script.file],
    doubts: [],
    unfollowed: new Map(),
    runScript,
    dispatch,
    record,
  };
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
    exportsAll: false,
    doubts: [],
    ended: false,
    status: 0,
    errexit,
    nounset,
    pipefail,
    hasAssumed: false,
  };
}

/** A variable as commands are given it; nothing for one that is not set. */
function listed(name: string, variable: Variable): readonly ShellVariable[] {
  const { value: text, isKnown, exported, location, doubt } = variable;
  if (text === undefined) return [];
  const isSure = isKnown && exported !== 'maybe';
  return [
    {
      name,
      value: isSure || !isKnown ? text : `\${${name}}`,
      ...(location && { location }),
      ...(!isSure && doubtOf(text, isKnown, doubt)),
    },
  ];
}

/** What is written in a value needs no other reason. */
function doubtOf(text: string, isKnown: boolean, doubt: string | undefined): { doubt?: string } {
  if (doubt !== undefined) return { doubt };
  if (isKnown) return { doubt: 'a branch decides whether it is exported' };
  return /\$[({A-Za-z_]|`/.test(text) ? {} : { doubt: 'only the running shell knows it' };
}

function runScript(script: Script, run: Run): void {
  const { script: around } = run;
  run.script = script;
  runNode(parse(script.text), run);
  run.script = around;
}

function runNode(node: Node, run: Run): void {
  if (run.state.ended) return;
  run.steps -= 1;
  if (run.depth > deepestNode) {
    return giveUp(run, node.line, 'functions and commands are nested too deeply');
  }
  run.depth += 1;
  runSubstitutions(partsIn(node), node.line, run);
  runKind(node, run);
  run.depth -= 1;
  if (run.steps < 0) giveUp(run, node.line, 'the script does more than is followed');
  if (canEnd(node)) endIfFailed(run);
}

/** What `set -e` ends the shell after: of other compound commands the parts (POSIX.1-2017, 2.14 `set`). */
function canEnd(node: Node): boolean {
  if (node.kind === 'pipeline') return !node.isNegated && node.items.length > 1;
  if (node.kind === 'subshell') return !node.isBackground;
  return node.kind === 'simple' || node.kind === 'arithmetic';
}

function endIfFailed(run: Run): void {
  const { state } = run;
  const { errexit, status } = state;
  if (state.ended || errexit === false || run.guards > 0 || status === 0) return;
  if (errexit === true && status !== undefined) {
    endShell(run, status);
    return;
  }
  if (state.hasAssumed) run.statuses.push(status);
  // What goes on has not failed.
  if (errexit === true) state.status = 0;
}

/** The shell goes on, but not this reading of it. */
function giveUp(run: Run, line: number, reason: string): void {
  if (run.state.ended) return;
  run.doubts.push(unfollowedAt(run, line, reason));
  run.statuses.push(undefined);
  run.state.ended = true;
}

type Kind = Node['kind'];
type Runner<Name extends Kind> = (node: Extract<Node, { kind: Name }>, run: Run) => void;

const runners: { readonly [Name in Kind]: Runner<Name> } = {
  simple: runSimple,
  sequence: runSequence,
  'and-or': runAndOr,
  pipeline: runPipeline,
  subshell: ({ body, isBackground }, run) => {
    inSubshell(run, () => runNode(body, run), isBackground);
  },
  redirected: runRedirected,
  if: (node, run) => runIf(node, run, 0),
  while: runWhile,
  for: runFor,
  case: runCase,
  function: defineFunction,
  arithmetic: compute,
  unknown: ({ line, reason }, run) => {
    const rest = run.script.text.split('\n').slice(line - 1);
    if (mentionsIn(rest.join('\n')).length > 0) giveUp(run, line, reason);
    else {
      unfollowedAt(run, line, reason);
      endShell(run, undefined);
    }
  },
};

function runKind<Name extends Kind>(node: Extract<Node, { kind: Name }>, run: Run): void {
  const runner: Runner<Name> = runners[node.kind];
  runner(node, run);
}

function runSequence({ items }: Extract<Node, { kind: 'sequence' }>, run: Run): void {
  for (const item of items) runNode(item, run);
}

function compute({ names, words, line }: Extract<Node, { kind: 'arithmetic' }>, run: Run): void {
  noteUnsettled(writtenOf(partsOf(words)), run);
  for (const name of names) forget(run, name, line);
  run.state.status = undefined;
  // To dash these are two subshells, in which anything may be started.
  if (run.dialect === 'sh' && names.includes('etcd')) {
    giveUp(run, line, '`((` is bash arithmetic, which not every sh supports');
  }
}

function defineFunction(node: Extract<Node, { kind: 'function' }>, run: Run): void {
  if (node.isKeyword && run.dialect === 'sh') {
    notFollowed(run, node.line, '`function` is a bash keyword, which not every sh supports');
    return;
  }
  run.state.functions.set(node.name, { body: node.body, script: run.script });
  run.state.status = 0;
}

/** Runs something whose changes of the shell end with it; for what runs in the background the shell does not wait. */
function inSubshell(run: Run, body: () => void, isBackground = false): void {
  const before = copyOf(run.state);
  run.steps -= costOf(run.state);
  const { frames, statuses } = run;
  run.frames = [];
  run.statuses = [];
  body();
  const { ended, hasAssumed } = run.state;
  const ends = [...run.statuses, ...(ended ? [] : [run.state.status])];
  if (isBackground) run.jobs.push(inCommon(ends), ...(run.condition ? [undefined] : []));
  const hasRun = hasAssumed || run.statuses.length > 0;
  run.frames = frames;
  run.statuses = statuses;
  become(run.state, {
    ...before,
    hasAssumed: before.hasAssumed || hasRun,
    status: isBackground ? 0 : inCommon(ends),
    // It never ends, so nothing after it runs.
    ended: !isBackground && hasAssumed && ends.length === 0,
  });
}

function inCommon([first, ...rest]: readonly (number | undefined)[]): number | undefined {
  return rest.every((each) => each === first) ? first : undefined;
}

function runAndOr(node: Extract<Node, { kind: 'and-or' }>, run: Run): void {
  guarded(run, () => runNode(node.first, run));
  for (const [index, { operator, node: item }] of node.rest.entries()) {
    const isLast = index === node.rest.length - 1;
    const runNext = () => {
      if (isLast) runNode(item, run);
      else guarded(run, () => runNode(item, run));
    };
    if (run.state.ended) return;
    const { status } = run.state;
    const skipped = operator === '&&' ? 1 : 0;
    if (status === undefined) {
      undecided(run, item.line, [
        runNext,
        () => {
          run.state.status = skipped;
        },
      ]);
    } else if ((status === 0) === (operator === '&&')) runNext();
  }
}

function runPipeline({ items, isNegated }: Extract<Node, { kind: 'pipeline' }>, run: Run): void {
  const [only] = items;
  const runItems = () => {
    if (items.length === 1 && only !== undefined) runNode(only, run);
    else runPipe(items, run);
  };
  if (isNegated) guarded(run, runItems);
  else runItems();
  const { state } = run;
  if (isNegated && state.status !== undefined) state.status = state.status === 0 ? 1 : 0;
}

function runPipe(items: readonly Node[], run: Run): void {
  const { output, isRead } = run;
  let readsNothing = false;
  const statuses = items.map((item, index) => {
    const isLast = index === items.length - 1;
    run.output = isLast ? output : sinkOf(items.slice(index + 1), run);
    run.isRead = isRead || !isLast;
    const { hasAssumed } = run.state;
    if (!run.state.ended) inSubshell(run, () => runNode(item, run));
    const end = endInPipe(item, { hasAssumed, readsNothing }, run);
    readsNothing = end.printsNothing;
    return end.status;
  });
  run.output = output;
  run.isRead = isRead;
  run.state.status = statusOfPipe(statuses, run.state.pipefail);
}

function runRedirected(node: Extract<Node, { kind: 'redirected' }>, run: Run): void {
  const { output } = run;
  run.output = directed(node.redirections, 'sh', run);
  feedDocuments({ words: [], redirections: node.redirections, line: node.line }, run);
  notePassedOn(node, run);
  inThisShell(node, run, () => runNode(node.body, run));
  run.output = output;
}

/** Where output goes, noted where it goes to a file. */
function directed(redirections: readonly Redirection[], by: string, run: Run): Run['output'] {
  const own = writesTo(redirections, run);
  if (own?.kind === 'file' && run.silence === 0) run.outputs.push({ path: own.path, by });
  return own ?? run.output;
}

function runIf(node: Extract<Node, { kind: 'if' }>, run: Run, from: number): void {
  const clause = node.clauses[from];
  if (clause === undefined) {
    if (node.otherwise === undefined) run.state.status = 0;
    else runNode(node.otherwise, run);
    return;
  }
  guarded(run, () => runNode(clause.condition, run));
  if (run.state.ended) return;
  const { status } = run.state;
  const chosen = () => runNode(clause.body, run);
  const otherwise = () => runIf(node, run, from + 1);
  if (status === undefined) undecided(run, clause.condition.line, [chosen, otherwise]);
  else if (status === 0) chosen();
  else otherwise();
}

function runWhile(node: Extract<Node, { kind: 'while' }>, run: Run): void {
  let last: number | undefined = 0;
  repeat(run, node.line, (leave) => {
    guarded(run, () => runNode(node.condition, run));
    if (run.state.ended) return false;
    const { status } = run.state;
    const goesOn = status === undefined ? undefined : (status === 0) !== node.isUntil;
    // The status of a loop is that of its body, or 0.
    if (goesOn !== true) {
      run.state.status = last === 0 ? 0 : undefined;
      leave();
      run.state.status = status;
    }
    if (goesOn === false) run.state.ended = true;
    const { condition } = run;
    if (goesOn === undefined) run.condition = placeOf(run.script, node.line);
    runNode(node.body, run);
    run.condition = condition;
    last = run.state.status;
    return goesOn !== false;
  });
}

function runFor(node: Extract<Node, { kind: 'for' }>, run: Run): void {
  const words = node.words?.flatMap((word) => expanded(word, run)) ?? run.state.positional;
  const assign = ({ text, isKnown, location }: Expanded) =>
    perform(run, {
      name: node.name,
      value: { text, isKnown },
      location: location?.line === undefined ? placeOf(run.script, node.line) : location,
      adds: false,
    });
  const isKnown = words?.every((word) => word.isKnown) === true && words.length <= mostRepetitions;
  run.state.status = 0;
  if (isKnown) {
    const frame: Frame = { kind: 'loop', exits: [], continues: [] };
    inFrame(run, frame, () => {
      for (const word of words) {
        if (run.state.ended) break;
        assign(word);
        runNode(node.body, run);
        rejoin(run, frame.continues.splice(0), node.line);
      }
    });
    rejoin(run, frame.exits, node.line);
    return;
  }
  const { condition } = run;
  run.condition = placeOf(run.script, node.line);
  repeat(run, node.line, (leave) => {
    leave();
    assign({ text: `\${${node.name}}`, isKnown: false });
    runNode(node.body, run);
    return false;
  });
  run.condition = condition;
}

function inFrame(run: Run, frame: Frame, body: () => void): void {
  run.frames = [...run.frames, frame];
  body();
  run.frames = run.frames.slice(0, -1);
}

/** Goes on from any of the states in which something was left early, as well as from here. */
function rejoin(run: Run, states: readonly State[], line: number): void {
  const doubt = decidedAt(run, line);
  noteStatuses([run.state, ...states], run);
  for (const state of states) become(run.state, join(run.state, { ...state, ended: false }, doubt));
}

function decidedAt(run: Run, line: number): string {
  return `line ${placeOf(run.script, line).line} decides its value`;
}

/** Runs a loop until another round changes nothing that is known, then once more for what it starts. */
function repeat(run: Run, line: number, round: (leave: () => void) => boolean): void {
  const doubt = decidedAt(run, line);
  let left: State[] = [];
  const mayStay: boolean[] = [];
  const once = () => {
    run.steps -= 4 * costOf(run.state);
    left = [];
    const frame: Frame = { kind: 'loop', exits: left, continues: [] };
    inFrame(run, frame, () => {
      mayStay.push(round(() => left.push(copyOf(run.state))));
    });
    rejoin(run, frame.continues, line);
  };
  let entry = copyOf(run.state);
  run.silence += 1;
  for (let rounds = 0; ; rounds += 1) {
    once();
    const next = join(entry, run.state, doubt);
    if (isSameState(entry, next)) break;
    entry = taken(next);
    if (rounds > 3) {
      forgetAll(entry, unfollowedAt(run, line, 'this loop is not followed'));
      break;
    }
    become(run.state, copyOf(entry));
  }
  run.silence -= 1;
  become(run.state, copyOf(entry));
  once();
  run.state.ended = true;
  // Whether it is ever left is not known.
  if (mayStay.at(-1) === true && left.length > 0 && run.state.hasAssumed)
    run.statuses.push(undefined);
  rejoin(run, left, line);
}

function runCase(node: Extract<Node, { kind: 'case' }>, run: Run): void {
  const subject = value(node.subject.parts, run);
  if (node.branches.some(({ end }) => end !== ';;')) {
    return notFollowed(run, node.line, '`;&` falls through to the next branch');
  }
  const matches = node.branches.map(({ patterns }) =>
    patterns.map((pattern) => matchesPattern(pattern, subject, run)),
  );
  const ways: (() => void)[] = [];
  const runBranch = ({ body }: Branch) => {
    run.state.status = 0;
    runNode(body, run);
  };
  for (const [index, branch] of node.branches.entries()) {
    const found = matches[index] ?? [];
    if (found.includes(true) || found.includes(undefined)) ways.push(() => runBranch(branch));
    if (found.includes(true)) return decide(ways, node.line, run);
  }
  ways.push(() => {
    run.state.status = 0;
  });
  decide(ways, node.line, run);
}

function decide(ways: readonly (() => void)[], line: number, run: Run): void {
  const [only] = ways;
  if (ways.length === 1 && only !== undefined) only();
  else undecided(run, line, ways);
}

/** Undefined where only the running shell knows. */
function matchesPattern(
  pattern: Word,
  subject: { readonly text: string; readonly isKnown: boolean },
  run: Run,
): boolean | undefined {
  if (bare(pattern) === '*') return true;
  const { text, isKnown } = value(pattern.parts, run);
  const isQuoted = pattern.parts.some(({ quoted, kind }) => quoted || kind !== 'text');
  if (!isKnown || !subject.isKnown || (isQuoted && /[*?[\\]/.test(text))) return undefined;
  return isMatch(text, subject.text, run);
}

function runSimple(command: SimpleCommand, run: Run): void {
  const { words, unread = [], redirections, line } = command;
  if (unread.length > 0) noteUnsettled(writtenOf(partsOf(unread)), run);
  const assigned = assignmentsIn(words, run);
  const hasArray = words.some((word) => word.parts.some((part) => isArrayText(part)));
  if (run.dialect === 'sh' && hasArray) {
    return notFollowed(run, line, 'arrays are a bash feature, which not every sh supports');
  }
  const left = words.slice(assigned.length);
  const given = left.flatMap((word) => expanded(word, run));
  const { output } = run;
  run.output = directed(redirections, nameOf(given), run);
  // A variable that is needed and not set ends the shell.
  if (run.state.ended) return;
  notePassedOn({ kind: 'simple', ...command }, run);
  if (given.length === 0) {
    for (const each of assigned) perform(run, each);
    // The status is that of the last substitution.
    if (!words.some(hasSubstitution)) run.state.status = 0;
  } else dispatch({ command, raw: left, given, assigned }, run);
  run.output = output;
}

/** Commands within the words of a command run before it. */
function runSubstitutions(parts: readonly Part[], line: number, run: Run): void {
  for (const part of parts) {
    if (part.kind === 'command') substitute(part, run);
    else if (part.kind !== 'text') compose(part, line, run);
    else if (isArrayText(part)) within(part, line, run);
  }
}

function within(part: Part, line: number, run: Run): void {
  if (run.calls >= deepestCall) {
    return notFollowed(run, line, 'commands within words are nested too deeply');
  }
  run.calls += 1;
  runSubstitutions(expansionsIn(part, line), line, run);
  run.calls -= 1;
}

/** What is computed of other expansions is not followed, but what they run is. */
function compose(
  part: Extract<Part, { kind: 'variable' | 'unknown' }>,
  line: number,
  run: Run,
): void {
  if (part.kind === 'variable' && part.operand === '' && part.name !== 'PIPESTATUS') return;
  noteUnsettled(part.written, run);
  if (!/\(|`/.test(part.written)) return;
  const inside = () => within(part, line, run);
  const { status } = run.state;
  if (part.kind === 'variable') {
    undecided(run, line, [
      inside,
      () => {
        run.state.status = 0;
      },
    ]);
  } else if (/^[<>]/.test(part.written)) {
    inSubshell(run, inside, true);
    run.state.status = status;
  } else inside();
}

/** `$(command)` runs in a shell of its own. */
function substitute(part: Extract<Part, { kind: 'command' }>, run: Run): void {
  const { script } = run;
  if (run.calls >= deepestCall) {
    return notFollowed(run, part.line, 'commands within words are nested too deeply');
  }
  const { line } = placeOf(script, part.line);
  const { output, isRead } = run;
  run.output = undefined;
  run.isRead = true;
  run.calls += 1;
  inSubshell(run, () => {
    const { folded } = script;
    // bash goes on in there, other shells do not.
    if (run.state.errexit !== false) {
      run.state.errexit = run.dialect === 'bash' ? false : 'maybe';
    }
    runScript({ text: part.script, file: script.file, line, ...(folded && { folded }) }, run);
  });
  run.calls -= 1;
  run.output = output;
  run.isRead = isRead;
}

function dispatch(call: Call, run: Run, skipsFunctions = false): void {
  runGiven(call, run, skipsFunctions);
  const text = wordsOf(call.given);
  const isUnknown = run.state.status === undefined;
  if (isUnknown && builtins.has(nameOf(call.given))) noteUnsettled(text, run);
  else if (isUnknown) note(text, run);
}

/** What a command reads or prints may tell something else of what the shell knows. */
function notePassedOn(node: Extract<Node, { kind: 'simple' | 'redirected' }>, run: Run): void {
  const isPlain = node.redirections.every(isToNowhere);
  if (run.isRead || run.output !== undefined || !isPlain) {
    noteUnsettled(writtenOf(partsIn(node)), run);
  }
}

function isToNowhere({ target }: SimpleCommand['redirections'][number]): boolean {
  return /^(?:\/dev\/null|[012-])$/.test(bare(target) ?? '');
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
    const unsure = leavesAssignments.test(name) ? [] : assigned;
    withoutSure(unsure, command.line, run, () =>
      inThisShell(command, run, () => builtin(call, run)),
    );
  } else record(call, run);
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
function inThisShell(
  { redirections, line }: Pick<SimpleCommand, 'redirections' | 'line'>,
  run: Run,
  body: () => void,
): void {
  const isSplit = redirections.some(({ operator }) => operator.startsWith('&'));
  if (isSplit && run.dialect === 'sh') undecided(run, line, [body, () => inSubshell(run, body)]);
  else body();
}

/** Builtins that take assignments before them as any program does. */
const leavesAssignments = /^(?:read|cd|echo|printf|test|\[|true|false|wait|command)$/;

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
  runNode(own.body, run);
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
  if (run.start.complete !== 'as-written' || only?.kind !== 'variable' || second !== undefined)
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

function record({ command, raw, given, assigned }: Call, run: Run): void {
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
      doubts: state.doubts,
      isKept: run.output !== undefined,
      isRead: run.isRead,
      ...(run.condition && { condition: run.condition }),
    });
  }
  const { assumed } = run.start;
  if (assumed !== undefined && assumed.words === wordsOf(words)) {
    if (!run.hasRunAssumed) run.before = new Map(state.variables);
    state.hasAssumed = true;
    run.hasRunAssumed = true;
    state.status = assumed.status;
    return;
  }
  if (killsShell(words)) lose(run);
  state.status = given[0]?.text === 'sleep' ? 0 : undefined;
}

/** `kill $$` ends the shell, `kill $!` what it started in the background. */
function killsShell([program, ...operands]: readonly LocatedText[]): boolean {
  const isKill = /^(?:pkill|kill|killall)$/.test(program?.text ?? '');
  return isKill && operands.some(({ text }) => !/^-[A-Z\d]|^(?:\$\{!\}|\$!|%.*)$/.test(text));
}

import { mentionsIn } from '../mentions.ts';
import { directed, inThisShell, notePassedOn, runSimple } from './commands.ts';
import { writtenOf } from './expand.ts';
import type { Word } from './lex.ts';
import { runFor, runWhile } from './loops.ts';
import { parse } from './parse.ts';
import { bare, type Branch, type Node } from './syntax.ts';
import { partsIn, partsOf } from './parts.ts';
import { isMatch } from './patterns.ts';
import { endInPipe, statusOfPipe } from './pipes.ts';
import type { Script } from './run.ts';
import {
  endShell,
  forget,
  guarded,
  leave,
  noteUnsettled,
  notFollowed,
  type Run,
  undecided,
  unfollowedAt,
  value,
} from './runtime.ts';
import { inSubshell } from './subshell.ts';
import { runSubstitutions } from './substitutions.ts';
import { feedDocuments, sinkOf } from './written.ts';

const deepestNode = 400;

export function runScript(script: Script, run: Run): void {
  const { script: around } = run;
  run.script = script;
  runNode(parse(script.text), run);
  run.script = around;
}

export function runNode(node: Node, run: Run): void {
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
    leave(run, status);
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
    } else if ((status === 0) === (operator === '&&') || run.start.readsOn === 'everything') {
      runNext();
    }
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

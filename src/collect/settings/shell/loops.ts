import type { Expanded } from './expand.ts';
import type { Node } from './syntax.ts';
import {
  expanded,
  type Frame,
  guarded,
  noteStatuses,
  perform,
  placeOf,
  type Run,
  unfollowedAt,
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

const mostRepetitions = 64;

export function runWhile(node: Extract<Node, { kind: 'while' }>, run: Run): void {
  let last: number | undefined = 0;
  repeat(run, node.line, (leave) => {
    guarded(run, () => run.runNode(node.condition, run));
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
    run.runNode(node.body, run);
    run.condition = condition;
    last = run.state.status;
    return goesOn !== false;
  });
}

export function runFor(node: Extract<Node, { kind: 'for' }>, run: Run): void {
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
        run.runNode(node.body, run);
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
    run.runNode(node.body, run);
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
export function rejoin(run: Run, states: readonly State[], line: number): void {
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

import type { UnreadText } from '../../../model/draft.ts';
import type { Expanded, Knowledge, Variable } from './expand.ts';
import type { Node } from './syntax.ts';
import type { Script } from './run.ts';

/** A function of a script, and the script, whose lines its own are. */
export interface ShellFunction {
  readonly body: Node;
  readonly script: Script;
}

/** What is known of a shell at one point of a script. */
/** An option of the shell; `maybe` where a branch decides. */
type Switch = boolean | 'maybe';

export interface State extends Knowledge {
  readonly functions: Map<string, ShellFunction | 'unknown'>;
  /** The directory that it is in, where that is known, and those that `popd` leads back to. */
  directory: string | undefined;
  visited: readonly (string | undefined)[];
  exportsAll: Switch;
  /** What was not followed on the way here and may have changed everything. */
  doubts: readonly UnreadText[];
  /** Set where nothing comes after: `exit`, `exec`, `return`, `break`. */
  ended: boolean;
  /** `set -e` and `set -o pipefail`. */
  errexit: Switch;
  pipefail: Switch;
  /** `set -u` */
  nounset: Switch;
  /** Whether the command has run of which it is assumed how it ends. */
  hasAssumed: boolean;
}

export function copyOf(state: State): State {
  return {
    ...state,
    variables: new Map(state.variables),
    arrays: new Map(state.arrays),
    functions: new Map(state.functions),
  };
}

/** What a copy costs, in steps of a script. */
export function costOf({ variables, arrays, functions }: State): number {
  return (variables.size + arrays.size + functions.size) / 8;
}

/** Makes one state into another one in place, which is used for nothing else from then on. */
export function become(state: State, other: State): void {
  Object.assign(state, other);
}

/** What there is of a state, of which something else takes the place next. */
export function taken(state: State): State {
  return { ...state };
}

/** What is known where either of two ways may have been taken; `doubt` says who decides. */
export function join(left: State, right: State, doubt: string): State {
  if (left.ended) return right;
  if (right.ended) return left;
  return {
    variables: joined(left.variables, right.variables, (name) =>
      eitherOf(name, [left, right], doubt),
    ),
    arrays: joined(left.arrays, right.arrays, (_, one, other) =>
      isSameList(one, other) ? one : undefined,
    ),
    functions: joined(left.functions, right.functions, (_, one, other) =>
      one !== undefined && one === other ? one : 'unknown',
    ),
    complete: left.complete && right.complete,
    positional: isSameList(left.positional, right.positional) ? left.positional : undefined,
    splitsOddly: left.splitsOddly || right.splitsOddly,
    directory: left.directory === right.directory ? left.directory : undefined,
    visited: left.visited === right.visited ? left.visited : [],
    exportsAll: switchOf(left.exportsAll, right.exportsAll),
    errexit: switchOf(left.errexit, right.errexit),
    pipefail: switchOf(left.pipefail, right.pipefail),
    nounset: switchOf(left.nounset, right.nounset),
    hasAssumed: left.hasAssumed || right.hasAssumed,
    doubts: [...new Set([...left.doubts, ...right.doubts])].slice(0, mostDoubts),
    ended: false,
    status: isSameStatus(left.status, right.status) ? left.status : undefined,
  };
}

/** Of errors it makes no difference which. */
function isSameStatus(left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (left === 0) === (right === 0);
}

function switchOf(left: Switch, right: Switch): Switch {
  return left === right ? left : 'maybe';
}

function joined<Value>(
  left: ReadonlyMap<string, Value>,
  right: ReadonlyMap<string, Value>,
  either: (name: string, one: Value | undefined, other: Value | undefined) => Value,
): Map<string, Value> {
  const names = new Set([...left.keys(), ...right.keys()]);
  return new Map([...names].map((name) => [name, either(name, left.get(name), right.get(name))]));
}

function eitherOf(name: string, [left, right]: readonly [State, State], doubt: string): Variable {
  const [one, other] = [variableIn(left, name), variableIn(right, name)];
  const exported = one.exported === other.exported ? one.exported : 'maybe';
  const isReadonly = one.isReadonly === true && other.isReadonly === true;
  const isConverted = [one, other].some((each) => each.isConverted === true);
  const is = { exported, isReadonly, ...(isConverted && { isConverted }) };
  if (isSameValue(one, other)) return { ...one, ...is };
  const location = one.value === undefined ? other.location : one.location;
  const reason = one.doubt ?? other.doubt ?? doubt;
  return {
    ...unknownValue(name, reason),
    ...is,
    ...([one, other].some(mayLack) && { mayBeUnset: true }),
    ...(location && { location }),
  };
}

function mayLack({ value, mayBeUnset }: Variable): boolean {
  return value === undefined || mayBeUnset === true;
}

/** A variable that is not listed is unset, or has an unknown value. */
function variableIn({ variables, complete }: State, name: string): Variable {
  return variables.get(name) ?? { isKnown: complete, exported: false };
}

function isSameValue(left: Variable, right: Variable): boolean {
  return left.isKnown && right.isKnown && left.value === right.value;
}

/** A value that shows that it is not settled. */
export function unknownValue(name: string, doubt: string): Variable {
  return { value: `\${${name}}`, isKnown: false, exported: false, doubt };
}

function isSameList(
  left: readonly Expanded[] | undefined,
  right: readonly Expanded[] | undefined,
): boolean {
  if (left === right) return true;
  return (
    left?.length === right?.length &&
    left?.every(({ text, isKnown }, index) => isKnown && text === right?.[index]?.text) === true
  );
}

const plain = [
  'ended',
  'complete',
  'directory',
  'visited',
  'exportsAll',
  'errexit',
  'pipefail',
  'nounset',
  'hasAssumed',
  'splitsOddly',
] as const;

/** Whether going on from the one is going on from the other. */
export function isSameState(left: State, right: State): boolean {
  return (
    plain.every((name) => left[name] === right[name]) &&
    left.doubts.length === right.doubts.length &&
    isSameList(left.positional, right.positional) &&
    isSameMap(left.variables, right.variables, (one, other) => {
      const isSame = one.value === other.value && one.isKnown === other.isKnown;
      return isSame && one.exported === other.exported;
    }) &&
    isSameMap(left.arrays, right.arrays, isSameList) &&
    isSameMap(left.functions, right.functions, (one, other) => one === other)
  );
}

function isSameMap<Value>(
  left: ReadonlyMap<string, Value>,
  right: ReadonlyMap<string, Value>,
  isSame: (one: Value, other: Value) => boolean,
): boolean {
  if (left.size !== right.size) return false;
  const others = [...right];
  return [...left].every(([name, value], index) => {
    const [at, ordered] = others[index] ?? [];
    const other = at === name ? ordered : right.get(name);
    if (other === undefined || value === undefined) return other === value && right.has(name);
    return isSame(value, other);
  });
}

/** One is enough for a script not to be understood. */
const mostDoubts = 8;

/** After something that was not followed nothing is known of what could have been changed. */
export function forgetAll(state: State, doubt: UnreadText): void {
  for (const [name, { exported, location }] of state.variables) {
    state.variables.set(name, {
      ...unknownValue(name, doubt.reason),
      mayBeUnset: true,
      exported,
      ...(location && { location }),
    });
  }
  for (const name of state.arrays.keys()) state.arrays.set(name, undefined);
  for (const name of state.functions.keys()) state.functions.set(name, 'unknown');
  state.positional = undefined;
  state.directory = undefined;
  state.visited = [];
  state.complete = false;
  state.exportsAll = 'maybe';
  state.errexit = 'maybe';
  state.pipefail = 'maybe';
  state.nounset = 'maybe';
  const isRecorded = state.doubts.some(
    ({ path, line }) => path === doubt.path && line === doubt.line,
  );
  if (!isRecorded && state.doubts.length < mostDoubts) state.doubts = [...state.doubts, doubt];
  state.status = undefined;
}

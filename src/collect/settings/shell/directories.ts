import { directoryNamed } from '../target-paths.ts';
import { type Call, forget, type Run } from './runtime.ts';

/** `cd [-L|-P] DIRECTORY`, which is taken to succeed; without an operand it leads to a home that is not known. */
export function changeDirectory(call: Call, run: Run): void {
  enter(run, call, operandOf(call, run));
}

/** Puts the directory on a stack before it changes it; without an operand it changes places with the one before. */
export function pushDirectory(call: Call, run: Run): void {
  const { state } = run;
  const before = [...state.visited, state.directory];
  const target = operandOf(call, run);
  enter(run, call, target);
  state.visited = target === undefined ? [] : before;
}

export function popDirectory(call: Call, run: Run): void {
  const { state } = run;
  const [last, ...rest] = state.visited.toReversed();
  enter(run, call, call.given.length > 1 ? undefined : last);
  state.visited = rest.toReversed();
}

function operandOf({ given }: Call, { state }: Run): string | undefined {
  const operands = given.slice(1).filter(({ text }) => !/^-[LPe@n]*-?$/.test(text) || text === '-');
  const [operand, second] = operands;
  const isKnown = operand?.isKnown === true && second === undefined;
  // A search path may lead a relative name elsewhere.
  const isSearched = state.variables.has('CDPATH') && !/^\.{0,2}\//.test(operand?.text ?? '');
  if (!isKnown || isSearched || /^(?:-|[+-]\d+)$/.test(operand.text)) return undefined;
  return directoryNamed(operand.text, state.directory);
}

function enter(run: Run, { command }: Call, directory: string | undefined): void {
  for (const name of ['PWD', 'OLDPWD']) forget(run, name, command.line);
  run.state.directory = directory;
  run.state.status = undefined;
}

import type { Expanded } from './expand.ts';
import { type Call, notFollowed, type Run } from './runtime.ts';

/** `set`: its options, and the words to which `"$@"` expands from then on. */
export function set({ command, given }: Call, run: Run): void {
  const { state } = run;
  const operands = given.slice(1);
  const { options, words, isGiven } = takeOptions(operands);
  const odd = options.find(({ text }) => /[kn]/.test(text));
  if (odd !== undefined) {
    notFollowed(run, command.line, `\`set ${odd.text}\` changes how the rest is parsed`);
    return;
  }
  for (const [letter, name] of switches) {
    state[name] = options.findLast(({ text }) => text.includes(letter))?.isOn ?? state[name];
    if (operands[0]?.isKnown === false) state[name] = 'maybe';
  }
  const isKnown = operands.every((operand) => operand.isKnown);
  if (isGiven || !isKnown) state.positional = isKnown ? words : undefined;
  state.status = 0;
}

interface Option {
  /** Letters, or a name. */
  readonly text: string;
  readonly isOn: boolean;
}

function takeOptions(operands: readonly Expanded[]) {
  const options: Option[] = [];
  let rest = operands;
  for (;;) {
    const [text = '', name = ''] = rest.slice(0, 2).map((word) => word.text);
    if (!/^[-+][^-]/.test(text)) break;
    const isOn = text.startsWith('-');
    const isNamed = text.includes('o');
    options.push({ text: text.slice(1).replaceAll('o', lettersOf(name)), isOn });
    rest = rest.slice(isNamed ? 2 : 1);
  }
  const [first] = rest;
  const hasDashes = first !== undefined && /^--?$/.test(first.text);
  return { options, words: hasDashes ? rest.slice(1) : rest, isGiven: rest.length > 0 };
}

/** Options that change what is read here, by their letters; `pipefail` has none. */
const switches = [
  ['a', 'exportsAll'],
  ['e', 'errexit'],
  ['u', 'nounset'],
  ['|', 'pipefail'],
] as const;

/** Options by name whose letters change what is read here. */
const longLetters = new Map([
  ['allexport', 'a'],
  ['errexit', 'e'],
  ['nounset', 'u'],
  ['pipefail', '|'],
  ['keyword', 'k'],
  ['noexec', 'n'],
]);

function lettersOf(name: string): string {
  return longLetters.get(name) ?? '';
}

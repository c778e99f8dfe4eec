/** `${NAME##*-}` and its like: the value without a part that matches at one of its ends; undefined for other operators. */
export function cutBy(operand: string, value: string, effort: Effort): string | undefined {
  const [, side = '', pattern = ''] = /^(##?|%%?)(.+)$/s.exec(operand) ?? [];
  const steps = side === '' || /[$`"'\\~]/.test(pattern) ? undefined : stepsOf(pattern);
  if (steps === undefined) return undefined;
  const isLongest = side.length === 2;
  if (side.startsWith('#'))
    return withoutStart(matchedLengths(steps, value, effort), value, isLongest);
  const backwards = reversed(value);
  const cut = withoutStart(
    matchedLengths(steps.toReversed(), backwards, effort),
    backwards,
    isLongest,
  );
  return cut === undefined ? undefined : reversed(cut);
}

function withoutStart(
  lengths: readonly number[] | undefined,
  value: string,
  isLongest: boolean,
): string | undefined {
  return lengths && value.slice(lengths.at(isLongest ? -1 : 0) ?? 0);
}

/** Whether a pattern of the shell is the whole text; undefined where that is not known. */
export function isMatch(pattern: string, text: string, effort: Effort): boolean | undefined {
  const steps = stepsOf(pattern);
  if (steps?.every((step) => step !== 'star') === true && steps.length !== text.length)
    return false;
  return steps && matchedLengths(steps, text, effort)?.includes(text.length);
}

/** What a pattern wants next: anything, any one character, or one of these ranges of characters or of none of them. */
type Step =
  | 'star'
  | { readonly ranges: readonly (readonly [string, string])[]; readonly negated: boolean };

/**
 * POSIX.1-2017, 2.13; undefined for what bash adds, for classes of characters, for ranges that are backwards, for
 * brackets in brackets, and for `[^`, which is a negation to bash and a character to dash.
 */
function stepsOf(pattern: string): readonly Step[] | undefined {
  if (/\[\^|\[!?\]|\[[^\]]*[[:.=]|[?*+@!]\(/.test(pattern)) return undefined;
  const parts = pattern.match(/\[!?[^\]]+\]|[^]/g) ?? [];
  const steps = parts.map(stepOf);
  const isBackwards = (step: Step) =>
    step !== 'star' && step.ranges.some(([first, last]) => first > last);
  return steps.some(isBackwards) ? undefined : steps;
}

function stepOf(part: string): Step {
  if (part === '*') return 'star';
  if (part === '?') return { ranges: [], negated: true };
  const [, mark, inside = part] = /^\[(!?)([^]+)\]$/.exec(part) ?? [];
  const ranges = inside.replaceAll('\\', '').match(/[^]-[^]|[^]/g) ?? [];
  return {
    ranges: ranges.map((range) => [range.slice(0, 1), range.slice(-1)]),
    negated: mark === '!',
  };
}

/** How many more commands of a script are followed. Patterns take their part of that. */
export interface Effort {
  steps: number;
}

/** Comparisons of a character with a part of a pattern that cost as much as a command. */
const comparisonsPerStep = 32;

/** The lengths of the beginnings of a text that the steps match, shortest first. */
function matchedLengths(
  steps: readonly Step[],
  text: string,
  effort: Effort,
): readonly number[] | undefined {
  effort.steps -= (steps.length * text.length) / comparisonsPerStep;
  if (effort.steps < 0) return undefined;
  const lengths: number[] = [];
  // After as many of the steps as the index says.
  let reached = withStars([true, ...steps.map(() => false)], steps);
  for (let length = 0; ; length += 1) {
    if (reached[steps.length] === true) lengths.push(length);
    const character = text[length];
    if (character === undefined) return lengths;
    const before = reached;
    const next = [false, ...steps.map((step, at) => before[at] === true && takes(step, character))];
    for (const [at, step] of steps.entries()) {
      if (step === 'star' && before[at] === true) next[at] = true;
    }
    reached = withStars(next, steps);
  }
}

/** A star may also match nothing. */
function withStars(reached: readonly boolean[], steps: readonly Step[]): readonly boolean[] {
  const all = [...reached];
  for (const [at, step] of steps.entries()) {
    if (step === 'star' && all[at] === true) all[at + 1] = true;
  }
  return all;
}

function takes(step: Step, character: string): boolean {
  if (step === 'star') return true;
  const isIn = step.ranges.some(([first, last]) => first <= character && character <= last);
  return isIn !== step.negated;
}

function reversed(text: string): string {
  return text.split('').toReversed().join('');
}

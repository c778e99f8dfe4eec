/** `${NAME##*-}` and its like: the value without a part that matches at one of its ends; undefined for other operators. */
export function cutBy(operand: string, value: string): string | undefined {
  const [, side = '', pattern = ''] = /^(##?|%%?)(.+)$/s.exec(operand) ?? [];
  const steps = side === '' || /[$`"'\\~]/.test(pattern) ? undefined : stepsOf(pattern);
  if (steps === undefined) return undefined;
  if (side.startsWith('#')) return withoutStart(steps, value, side.length === 2);
  const cut = withoutStart(steps.toReversed(), reversed(value), side.length === 2);
  return cut === undefined ? undefined : reversed(cut);
}

function withoutStart(
  steps: readonly Step[],
  value: string,
  isLongest: boolean,
): string | undefined {
  const lengths = matchedLengths(steps, value);
  return lengths && value.slice(lengths.at(isLongest ? -1 : 0) ?? 0);
}

/** Whether a pattern of the shell is the whole text; undefined where that is not known. */
export function isMatch(pattern: string, text: string): boolean | undefined {
  const steps = stepsOf(pattern);
  if (steps?.every((step) => step !== 'star') === true && steps.length !== text.length)
    return false;
  return steps && matchedLengths(steps, text)?.includes(text.length);
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

/** Characters times steps: names and paths of real scripts have a hundredth of it. */
const mostComparisons = 65_536;

/** The lengths of the beginnings of a text that the steps match, shortest first. */
function matchedLengths(steps: readonly Step[], text: string): readonly number[] | undefined {
  if (steps.length * text.length > mostComparisons) return undefined;
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

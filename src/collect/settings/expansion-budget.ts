/** How much text variables may still become. Linux gives a process no more than this, and scripts can double it by the line. */
export interface ExpansionBudget {
  left: number;
}

const mostCharacters = 2 * 1024 * 1024;

export function expansionBudget(): ExpansionBudget {
  return { left: mostCharacters };
}

/**
 * The text with its references replaced; the pattern's groups are what `valueOf` is given after the reference as it
 * is written. Whatever expands variables goes through here or through `withinBudget`, so that nothing multiplies
 * without a bound.
 */
export function expandReferences(
  text: string,
  pattern: RegExp,
  valueOf: (written: string, ...groups: (string | undefined)[]) => string,
  budget: ExpansionBudget,
): string {
  return text.replaceAll(pattern, (written: string, ...rest: unknown[]) => {
    const groups = rest.map((group) => (typeof group === 'string' ? group : undefined));
    return withinBudget(valueOf(written, ...groups), written, budget);
  });
}

/** The value, or the text as it was written once there is no more room for values. */
export function withinBudget(value: string, written: string, budget: ExpansionBudget): string {
  budget.left -= value.length;
  return budget.left < 0 ? written : value;
}

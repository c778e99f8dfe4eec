/** How much text variables may still become. Linux gives a process no more than this, and scripts can double it by the line. */
export interface ExpansionBudget {
  left: number;
}

const mostCharacters = 2 * 1024 * 1024;

export function expansionBudget(): ExpansionBudget {
  return { left: mostCharacters };
}

/** The value, or the text as it was written once there is no more room for values. */
export function withinBudget(value: string, written: string, budget: ExpansionBudget): string {
  budget.left -= value.length;
  return budget.left < 0 ? written : value;
}

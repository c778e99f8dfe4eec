/** Runs one command line to its end and says with which code the process should exit. */
export type Run = (args: readonly string[]) => Promise<number>;

export function isRun(value: unknown): value is Run {
  return typeof value === 'function';
}

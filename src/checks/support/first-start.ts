import { inconclusive, type Verdict } from '../../model/check.ts';

/** What is wrong only with a member that has not started before, where that is not known. */
export function openAtStart(member: string, message: string): Verdict {
  return inconclusive(
    `whether ${member} has started before is not known; if not: ${message}`,
    `give the data directory of ${member} as well`,
  );
}

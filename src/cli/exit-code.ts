import type { OverallVerdict } from '../model/report.ts';

/** The contract with scripts: what each way of ending means. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  badInput: 2,
  incomplete: 3,
  interrupted: 130,
} as const;

/** What a verdict means for a script. `--accept-incomplete` excuses open questions, never a crash. */
export function exitCode(
  { status, crashed }: Pick<OverallVerdict, 'status' | 'crashed'>,
  { acceptIncomplete }: { readonly acceptIncomplete: boolean },
): number {
  return status === 'incomplete' && acceptIncomplete && !crashed
    ? exitCodes.pass
    : exitCodes[status];
}

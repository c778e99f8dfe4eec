import type { Report, Result } from '../model/report.ts';
import { isAtLeast, type Severity } from '../model/severity.ts';

/** The contract with scripts: what each way of ending means. */
export const exitCodes = {
  clean: 0,
  findings: 1,
  badInput: 2,
  incomplete: 3,
  interrupted: 130,
} as const;

export interface Gate {
  readonly failOn: Severity;
  /** Whether a question that could not be answered counts as a finding. */
  readonly strict: boolean;
}

/** What a report means for a script that asked. Never clean when nothing was examined. */
export function exitCode(report: Report, { failOn, strict }: Gate): number {
  const { results, waivers = [] } = report;
  const statuses = new Set(results.map(({ verdict }) => verdict.status));

  if (statuses.has('crashed')) return exitCodes.incomplete;
  if (results.some((result) => fails(result, failOn))) return exitCodes.findings;
  if (waivers.some(({ state }) => state === 'expired')) return exitCodes.findings;
  if (strict && statuses.has('inconclusive')) return exitCodes.findings;
  const isExamined = statuses.has('pass') || statuses.has('fail');
  return isExamined && sawAllThatWasAsked(report) ? exitCodes.clean : exitCodes.incomplete;
}

/** Files that were given count as asked for. */
function sawAllThatWasAsked({ gaps, facts: { files = [] } }: Report): boolean {
  return (
    gaps.every(({ asked }) => !asked) && files.every(({ unreadable }) => unreadable === undefined)
  );
}

function fails({ check, verdict, waived, known }: Result, failOn: Severity): boolean {
  return (
    verdict.status === 'fail' &&
    waived === undefined &&
    known !== true &&
    isAtLeast(check.severity, failOn)
  );
}

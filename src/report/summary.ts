import { byUrgency, countBySeverity, type Finding, isFinding } from '../model/finding.ts';
import type { Report, Result } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';
import { counted } from '../model/words.ts';

/** The results of a report, sorted for a reader. */
export interface Summary {
  /** Worst first, waived and known ones left out. */
  readonly findings: readonly Finding[];
  readonly waived: readonly Finding[];
  /** Findings that the baseline has already. */
  readonly known: readonly Finding[];
  readonly unanswered: readonly Result[];
  readonly crashed: readonly Result[];
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly passed: number;
  readonly notApplicable: number;
}

/** Sorts the results into what is wrong, what is accepted, what is fine and what is unknown. */
export function summarize({ results }: Pick<Report, 'results'>): Summary {
  const failures = results.filter(isFinding).toSorted(byUrgency);
  const findings = failures.filter(({ waived, known }) => waived === undefined && known !== true);
  return {
    findings,
    waived: failures.filter(({ waived }) => waived !== undefined),
    known: failures.filter(({ waived, known }) => waived === undefined && known === true),
    unanswered: results.filter(({ verdict }) => verdict.status === 'inconclusive'),
    crashed: results.filter(({ verdict }) => verdict.status === 'crashed'),
    passed: results.filter(({ verdict }) => verdict.status === 'pass').length,
    notApplicable: results.filter(({ verdict }) => verdict.status === 'not-applicable').length,
    bySeverity: countBySeverity(findings),
  };
}

/** What was looked at, e.g. `3 members, 2 clients, 9 files`. */
export function scopeOf({ facts }: Report): string {
  const counts = [
    [facts.members?.length, 'member'],
    [facts.clients?.length, 'client'],
    [facts.files?.length, 'file'],
    [facts.endpoints?.length, 'endpoint'],
  ] as const;
  return counts.flatMap(([count, noun]) => (count ? [counted(count, noun)] : [])).join(', ');
}

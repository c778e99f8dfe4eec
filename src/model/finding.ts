import type { Failure } from './check.ts';
import type { Result } from './report.ts';
import { severities, type Severity } from './severity.ts';
import { enumerate } from './words.ts';

/** A result that says that something is wrong. */
export type Finding = Result & { readonly verdict: { readonly status: 'fail' } & Failure };

/** Whether a result says that something is wrong, accepted or not. */
export function isFinding(result: Result): result is Finding {
  return result.verdict.status === 'fail';
}

/** Findings that count: neither waived nor in the baseline. */
export function openFindings(results: readonly Result[]): readonly Finding[] {
  return results
    .filter(isFinding)
    .filter(({ waived, known }) => waived === undefined && known !== true);
}

/** The check's severity, unless this very result has another. */
export function severityOf({ check, severity = check.severity }: Result): Severity {
  return severity;
}

/**
 * Worst first; among equals what stops connections or admits outsiders, then what has the nearest date.
 */
export function byUrgency(one: Finding, other: Finding): number {
  const bySeverity = severities.indexOf(severityOf(one)) - severities.indexOf(severityOf(other));
  if (bySeverity !== 0) return bySeverity;
  const byEffect = Number(isEffective(other)) - Number(isEffective(one));
  return byEffect === 0 ? byDate(one.verdict.due, other.verdict.due) : byEffect;
}

/** Whether it does its harm already. */
function isEffective({ check, folded = [] }: Finding): boolean {
  return check.effect !== undefined || folded.length > 0;
}

/** ISO 8601 in UTC sorts as text. What has no date comes last. */
function byDate(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  return other === undefined || one < other ? -1 : 1;
}

/** What to do about a finding: its own fix where it has one, else the check's. */
export function fixOf({ check, verdict }: Finding): string {
  return verdict.fix ?? check.remediation;
}

/** The connections that are part of a finding, in words; nothing where there are none. */
export function refusedWords({ folded = [] }: Result): string | undefined {
  return folded.length === 0 ? undefined : enumerate(folded, 4);
}

/** The heading under which reports list a result. */
export function groupOf({ target }: Result): string {
  if (target.member !== undefined) return target.member;
  const group = { client: target.name, member: target.name, endpoint: 'endpoints' };
  const others = { file: 'files', edge: 'connections', cluster: 'the cluster' };
  return { ...group, ...others }[target.kind];
}

/** The member, or else the client, file, endpoint or connection that a result is about. */
export function subjectOf({ target }: Result): string {
  return target.member ?? (target.kind === 'cluster' ? 'the cluster' : target.name);
}

/** How often each severity occurs. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const finding of findings) counts[severityOf(finding)] += 1;
  return counts;
}

/** `2 critical, 1 low`: only severities that occur, worst first. */
export function severityCounts(bySeverity: Readonly<Record<Severity, number>>): string {
  return severities
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => `${bySeverity[severity]} ${severity}`)
    .join(', ');
}

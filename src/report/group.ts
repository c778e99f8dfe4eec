import { severities } from '../model/severity.ts';
import { type Finding, fixOf, groupOf, severityOf } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';

/** Findings that say the same of several targets, as one. */
export interface MergedFinding {
  readonly finding: Finding;
  /** All of them, the first included. */
  readonly targets: readonly Finding['target'][];
  /** Each of them; absent for one that was not merged. */
  readonly same?: readonly Finding[];
}

/** The findings that were merged. */
export function sameFindings({ finding, same = [finding] }: MergedFinding): readonly Finding[] {
  return same;
}

/** Findings under the member, client or other thing that they are about. */
export interface Group {
  /** E.g. `['node1']`, or several where the same is wrong with all of them. */
  readonly names: readonly string[];
  readonly findings: readonly MergedFinding[];
}

/** Groups findings by whom they are about, worst group first; the order within a group is kept. */
export function groupFindings(findings: readonly Finding[]): readonly Group[] {
  const merged = mergeEqual(findings);
  const groups = groupBy(merged, ({ names }) => JSON.stringify(names));
  return [...groups.values()]
    .map((group) => ({ names: group[0].names, findings: group }))
    .toSorted(byWorst);
}

/** Findings by what mends them, worst first; what is only worth seeing asks for nothing. */
export function remedies(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const asking = findings.filter((finding) => severityOf(finding) !== 'info');
  return [...groupBy(asking, (finding) => finding.check.id + fixOf(finding)).values()];
}

/** The findings that were merged, one for each target. */
export function each({ finding, targets }: MergedFinding): readonly Finding[] {
  return targets.map((target) => ({ ...finding, target }));
}

interface NamedFinding extends MergedFinding {
  readonly names: readonly string[];
}

function mergeEqual(findings: readonly Finding[]): readonly NamedFinding[] {
  const equal = groupBy(findings, (finding) => {
    const { check, verdict, waived } = finding;
    const { message, expected, actual, cause } = verdict;
    return JSON.stringify([
      check.id,
      severityOf(finding),
      message,
      expected,
      actual,
      cause,
      fixOf(finding),
      waived,
    ]);
  });
  return [...equal.values()].map((same) => {
    const names = [...new Set(same.map(groupOf))].toSorted();
    return { finding: same[0], same, targets: same.map(({ target }) => target), names };
  });
}

function byWorst(one: Group, other: Group): number {
  const difference = worst(one) - worst(other);
  if (difference !== 0) return difference;
  return count(other) - count(one);
}

function worst({ findings }: Group): number {
  return Math.min(...findings.map(({ finding }) => severities.indexOf(severityOf(finding))));
}

/** Of the group's worst severity. */
function count(group: Group): number {
  const severity = severities[worst(group)];
  return group.findings.filter(({ finding }) => severityOf(finding) === severity).length;
}

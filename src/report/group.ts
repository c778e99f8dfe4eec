import { smallest } from '../model/extremes.ts';
import { enumerate } from '../model/words.ts';
import { printableLines } from './escape.ts';
import { severities } from '../model/severity.ts';
import { type Finding, fixOf, groupOf, severityOf } from '../model/finding.ts';
import { groupAlike, mergeTexts } from '../model/alike.ts';
import { groupBy } from '../model/group-by.ts';
import { naturally } from '../model/natural-order.ts';

/** Findings with the same statement about several targets, as one. */
export interface MergedFinding {
  readonly finding: Finding;
  /** All of them. */
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

/** Groups findings by the member or client that they are about, worst group first; the order within a group is kept. */
export function groupFindings(findings: readonly Finding[]): readonly Group[] {
  const merged = mergeEqual(findings);
  const groups = groupBy(merged, ({ names }) => JSON.stringify(names));
  return [...groups.values()]
    .map((group) => ({ names: group[0].names, findings: group }))
    .toSorted(byWorst);
}

/** Findings by what fixes them, worst first; information asks for nothing. */
export function remedies(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const asking = findings.filter((finding) => severityOf(finding) !== 'info');
  return [...groupBy(asking, (finding) => firstStep(fixOf(finding))).values()];
}

/** The first step of a fix; a condition is none without what holds otherwise. */
export function firstStep(fix: string): string {
  const [line = ''] = printableLines(fix);
  return (
    line.match(/^.{10,}?(?:[.:]|;(?! otherwise\b))(?=\s|$)/)?.[0].replace(/[.:;]$/, '') ?? line
  );
}

/** The findings that were merged, one for each target. */
export function each({ finding, targets }: MergedFinding): readonly Finding[] {
  return targets.map((target) => ({ ...finding, target }));
}

interface NamedFinding extends MergedFinding {
  readonly names: readonly string[];
}

/** Findings of one check that differ in names and values alone become one. */
function mergeEqual(findings: readonly Finding[]): readonly NamedFinding[] {
  const comparable = groupBy(findings, (finding) => {
    const { check, verdict, waived } = finding;
    const { expected, actual, cause } = verdict;
    const fields = [expected, actual, cause].map((value) => value === undefined);
    return JSON.stringify([check.id, severityOf(finding), fixOf(finding), fields, waived]);
  });
  const merged = [...comparable.values()].flatMap((findingsOfOneFix) =>
    groupAlike(findingsOfOneFix, (finding) => ({
      text: finding.verdict.message,
      name: groupOf(finding),
    })),
  );
  const position = new Map(findings.map((finding, index) => [finding, index]));
  const place = ([first]: readonly Finding[]) => (first && position.get(first)) ?? 0;
  return merged
    .toSorted((one, other) => place(one) - place(other))
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const names = [...new Set(same.map(groupOf))].toSorted(naturally);
      return [{ finding: combine(first, same), same, targets: same.map(targetOf), names }];
    });
}

function targetOf({ target }: Finding): Finding['target'] {
  return target;
}

function combine(first: Finding, same: readonly Finding[]): Finding {
  if (same.length === 1) return first;
  const { expected, actual, cause } = first.verdict;
  const folded = [...new Set(same.flatMap((finding) => finding.folded ?? []))];
  return {
    ...first,
    verdict: {
      ...first.verdict,
      message: mergeTexts(same.map(({ verdict }) => verdict.message)),
      ...(expected !== undefined && { expected: valuesOf(same, 'expected') }),
      ...(actual !== undefined && { actual: valuesOf(same, 'actual') }),
      ...(cause !== undefined && { cause: causeOf(same) }),
    },
    ...(folded.length > 0 && { folded }),
  };
}

const mostValues = 6;

/** One value where all have the same, else a line for each. */
function valuesOf(same: readonly Finding[], field: 'expected' | 'actual' | 'cause'): string {
  const byValue = groupBy(same, ({ verdict }) => verdict[field] ?? '');
  if (byValue.size === 1) return same[0]?.verdict[field] ?? '';
  const lines = [...byValue].map(
    ([value, having]) => `${enumerate([...new Set(having.map(placeName))], 4)}: ${value}`,
  );
  const others = lines.length - mostValues;
  return [...lines.slice(0, mostValues), ...(others > 0 ? [`and ${others} more`] : [])].join('\n');
}

/** Long texts that differ in values alone are shown once: each is what a program really prints. */
function causeOf(same: readonly Finding[]): string {
  const alike = groupAlike(same, (finding) => ({
    text: finding.verdict.cause ?? '',
    name: placeName(finding),
  }));
  const [first, ...others] = [...new Set(same.map(placeName))].toSorted(naturally);
  const cause = valuesOf(same.slice(0, 1), 'cause');
  if (alike.length > 1 || same.every(({ verdict }) => verdict.cause === cause)) {
    return valuesOf(same, 'cause');
  }
  return `${first}: ${cause}\nand the same for ${enumerate(others, 4)}`;
}

function placeName(finding: Finding): string {
  return finding.target.member ?? finding.target.name;
}

function byWorst(one: Group, other: Group): number {
  const difference = worst(one) - worst(other);
  if (difference !== 0) return difference;
  return count(other) - count(one);
}

function worst({ findings }: Group): number {
  return smallest(findings.map(({ finding }) => severities.indexOf(severityOf(finding))));
}

/** Of the group's worst severity. */
function count(group: Group): number {
  const severity = severities[worst(group)];
  return group.findings.filter(({ finding }) => severityOf(finding) === severity).length;
}

import type { Failure } from '../model/check.ts';
import type { Report, Result } from '../model/report.ts';
import { isAtLeast, severities, type Severity } from '../model/severity.ts';
import { counted, enumerate } from './layout.ts';

/** A result that says that something is wrong. */
export type Finding = Result & { readonly verdict: { readonly status: 'fail' } & Failure };

/** The report as one answer: what a person reads first, and a gate acts on. */
export interface Summary {
  /** `incomplete`: nothing at or above the threshold was found, but not everything could be looked at. */
  readonly outcome: 'failed' | 'incomplete' | 'passed' | 'nothing-checked';
  /** One sentence without markup. May hold text from certificates: escape before showing. */
  readonly sentence: string;
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
export function summarize(report: Report): Summary {
  const { results } = report;
  const failures = worstFirst(results.filter(isFinding));
  const findings = failures.filter(({ waived, known }) => waived === undefined && known !== true);
  const counts = {
    findings,
    waived: failures.filter(({ waived }) => waived !== undefined),
    known: failures.filter(({ waived, known }) => waived === undefined && known === true),
    unanswered: results.filter(({ verdict }) => verdict.status === 'inconclusive'),
    crashed: results.filter(({ verdict }) => verdict.status === 'crashed'),
    passed: results.filter(({ verdict }) => verdict.status === 'pass').length,
    notApplicable: results.filter(({ verdict }) => verdict.status === 'not-applicable').length,
    bySeverity: countBySeverity(findings),
  };
  const outcome = outcomeOf(report, counts);
  return { ...counts, outcome, sentence: sentenceOf(report, { ...counts, outcome }) };
}

/** Whether a result says that something is wrong, accepted or not. */
export function isFinding(result: Result): result is Finding {
  return result.verdict.status === 'fail';
}

/** What to do about a finding: its own fix where it has one, else the check's. */
export function fixOf({ check, verdict }: Finding): string {
  return verdict.fix ?? check.remediation;
}

/** `2 critical, 1 low`: only severities that occur, worst first. */
export function severityCounts(bySeverity: Readonly<Record<Severity, number>>): string {
  return severities
    .filter((severity) => bySeverity[severity] > 0)
    .map((severity) => `${bySeverity[severity]} ${severity}`)
    .join(', ');
}

/** How often each severity occurs. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { check } of findings) counts[check.severity] += 1;
  return counts;
}

/** Whom a result is about, in the words under which reports group it. */
export function groupOf({ target }: Result): string {
  if (target.member !== undefined) return target.member;
  const group = { client: target.name, member: target.name, endpoint: 'endpoints' };
  const others = { file: 'files', edge: 'connections', cluster: 'the cluster' };
  return { ...group, ...others }[target.kind];
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

function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) =>
      severities.indexOf(one.check.severity) - severities.indexOf(other.check.severity),
  );
}

type Counts = Omit<Summary, 'outcome' | 'sentence'>;

function outcomeOf(
  { failOn = 'high', gaps, waivers = [] }: Report,
  counts: Counts,
): Summary['outcome'] {
  const { findings, waived, known, passed, unanswered, crashed } = counts;
  if (findings.some(({ check }) => isAtLeast(check.severity, failOn))) return 'failed';
  if (waivers.some(({ state }) => state === 'expired')) return 'failed';
  if (findings.length + waived.length + known.length + passed === 0) return 'nothing-checked';
  const open = unanswered.length + crashed.length > 0 || gaps.some(({ asked }) => asked);
  return open ? 'incomplete' : 'passed';
}

function sentenceOf(report: Report, summary: Omit<Summary, 'sentence'>): string {
  const found = foundWords(report, summary);
  switch (summary.outcome) {
    case 'failed':
      return failedSentence(summary);
    case 'nothing-checked':
      return 'nothing could be examined, so nothing is known about this cluster';
    case 'incomplete':
      return `${found}, but ${openQuestions(report, summary)}, so this is no green verdict`;
    case 'passed':
      return `${found}${praise(report, summary)}`;
  }
}

function foundWords({ failOn = 'high' }: Report, counts: Counts): string {
  const { findings, bySeverity, waived, known } = counts;
  if (findings.length > 0) {
    return `${severityCounts(bySeverity)} found, none of them ${failOn} or worse`;
  }
  const accepted = waived.length + known.length;
  const others = accepted === 0 ? 'wrong' : `but ${counted(accepted, 'accepted finding')}`;
  return `nothing ${others} was found`;
}

/** What someone accepted is still wrong: etcd may well refuse it, so nothing is promised then. */
function praise({ command }: Report, { waived, known }: Counts): string {
  if (waived.length + known.length > 0) return '';
  return command === 'verify'
    ? '; the cluster does what its files say'
    : '; real etcd will accept this set';
}

function failedSentence({ findings, bySeverity }: Omit<Summary, 'sentence'>): string {
  const [worst] = findings;
  if (worst === undefined) return 'a waiver has expired, so its decision has to be taken anew';
  const same = findings.filter(({ check }) => check.id === worst.check.id);
  const where = [...new Set(same.map(groupOf))];
  return `${severityCounts(bySeverity)}; the worst: ${midSentence(worst.check.title)} (${enumerate(where)})`;
}

/** Lower case at the start, but for acronyms. */
function midSentence(title: string): string {
  return title.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

function openQuestions(
  { gaps }: Report,
  { unanswered, crashed }: Omit<Summary, 'sentence'>,
): string {
  const asked = gaps.filter((gap) => gap.asked).length;
  const parts = [
    unanswered.length > 0 && `${counted(unanswered.length, 'question')} could not be answered`,
    asked > 0 && `${counted(asked, 'thing')} asked for could not be seen`,
    crashed.length > 0 && `${counted(crashed.length, 'check')} crashed`,
  ];
  return parts.filter((part) => part !== false).join(' and ');
}

import type { Assumption } from '../model/basis.ts';
import type { NotUnderstood } from '../model/evidence.ts';
import {
  byUrgency,
  countBySeverity,
  type Finding,
  fixOf,
  isFinding,
  openFindings,
  severityCounts,
  severityOf,
  subjectOf,
} from '../model/finding.ts';
import { naturally } from '../model/natural-order.ts';
import type { OverallVerdict, Report, Result, Scope, SkippedCheck } from '../model/report.ts';
import { headlineRemarks } from '../model/scope-remarks.ts';
import { isAtLeast, severities, type Severity } from '../model/severity.ts';
import { counted, enumerate } from '../model/words.ts';

/** Everything that the verdict depends on. A report holds all of it, so that `render` gets the same. */
export type Judged = Pick<Report, 'command' | 'results' | 'gaps' | 'waivers' | 'failOn'> & {
  readonly scope: Scope;
  readonly assumptions: readonly Assumption[];
  readonly notUnderstood?: readonly NotUnderstood[];
  /** True for a `verify` that made no connection attempt which etcd ought to reject. */
  readonly predictedOnly?: boolean;
  readonly skipped?: readonly SkippedCheck[];
};

/** The answer to the whole audit: what a person reads first and a gate acts on. Pure. */
export function verdictOf(judged: Judged): OverallVerdict {
  const { scope, assumptions, notUnderstood = [], results, skipped = [] } = judged;
  const findings = openFindings(results).toSorted(byUrgency);
  const open = openItems(judged);
  const status = statusOf(judged, findings, open);
  const next = status === 'pass' ? undefined : nextStep(judged, findings, open);
  return {
    status,
    scope: scope.kind,
    missing: scope.missing,
    excerpts: scope.excerpts,
    ...(judged.predictedOnly === true && { predictedOnly: true }),
    ...(skipped.length > 0 && { skipped }),
    sentence: sentenceOf(judged, { status, findings, open }),
    ...(next !== undefined && { next }),
    crashed: results.some(({ verdict }) => verdict.status === 'crashed'),
    assumptions,
    notUnderstood,
  };
}

/** A report as it would have been with another `--fail-on`. */
export function withThreshold(report: Report, failOn: Severity): Report {
  const {
    scope: kind,
    missing,
    excerpts,
    assumptions,
    notUnderstood,
    predictedOnly,
    skipped = [],
  } = report.verdict;
  const rest = { assumptions, notUnderstood, skipped, ...(predictedOnly && { predictedOnly }) };
  const verdict = verdictOf({ ...report, failOn, scope: { kind, missing, excerpts }, ...rest });
  return { ...report, failOn, verdict };
}

/** A reason other than a finding why the audit is not a PASS. */
interface OpenItem {
  readonly what: string;
  /** What to provide or do to settle it. */
  readonly give?: string;
  /** The cluster that it is about, where there are several. */
  readonly cluster?: string | undefined;
}

/** Those that can be settled first: what the others depend on may be settled with them. */
function openItems(judged: Judged): readonly OpenItem[] {
  const { results, gaps, notUnderstood = [], failOn = 'high', scope } = judged;
  const crashes = results.flatMap(({ check, verdict }) =>
    verdict.status === 'crashed'
      ? [{ what: `check ${check.id} crashed`, give: 'report this bug with `--save-evidence FILE`' }]
      : [],
  );
  const missing =
    scope.missing.length > 0
      ? [
          {
            what: `the files of ${enumerate(scope.missing)} were not given`,
            give: `give the files of ${enumerate(scope.missing)} as well`,
          },
        ]
      : [];
  const unread = notUnderstood.map((each) => ({
    what: `${each.path}${each.line === undefined ? '' : `:${each.line}`} was not understood: ${each.reason}`,
    give: each.give ?? otherwiseGiven(each),
  }));
  const asked = gaps
    .filter((gap) => gap.asked)
    .map(({ what, because, give }) => ({
      what: `${what}: ${because}`,
      ...(give !== undefined && { give }),
    }));
  const questions = results
    .filter(
      (result) => result.verdict.status === 'inconclusive' && isAtLeast(severityOf(result), failOn),
    )
    .toSorted(
      (one, other) => severities.indexOf(severityOf(one)) - severities.indexOf(severityOf(other)),
    )
    .flatMap(({ verdict, target: { cluster } }) => {
      if (verdict.status !== 'inconclusive') return [];
      const { because: what, give } = verdict;
      return [{ what, cluster, ...(give !== undefined && { give }) }];
    });
  return [...crashes, ...missing, ...unread, ...asked, ...questions].toSorted(
    (one: OpenItem, other: OpenItem) =>
      Number(other.give !== undefined) - Number(one.give !== undefined),
  );
}

function otherwiseGiven({ path, isUnused }: NotUnderstood): string {
  return isUnused === true
    ? `if nothing reads ${path}, list it under \`ignore\` in etcd-tls.yaml; otherwise give what starts etcd with it`
    : `rewrite ${path} in a supported form, describe it in etcd-tls.yaml, or list it under \`ignore\``;
}

function statusOf(
  { results, waivers = [], failOn = 'high' }: Judged,
  findings: readonly Finding[],
  open: readonly OpenItem[],
): OverallVerdict['status'] {
  if (findings.some((finding) => isAtLeast(severityOf(finding), failOn))) return 'fail';
  if (waivers.some(({ state }) => state === 'expired')) return 'fail';
  return open.length > 0 || !wasExamined(results) ? 'incomplete' : 'pass';
}

function wasExamined(results: readonly Result[]): boolean {
  return results.some(({ verdict }) => verdict.status === 'pass' || verdict.status === 'fail');
}

/** Open questions that can be settled come first, because they may change the other results. */
function nextStep(
  { waivers = [] }: Judged,
  [worst]: readonly Finding[],
  [first]: readonly OpenItem[],
): string | undefined {
  if (first !== undefined) return first.give ?? first.what;
  if (worst !== undefined) return fixOf(worst);
  return waivers.some(({ state }) => state === 'expired')
    ? 'fix the finding, or renew the expired waiver'
    : undefined;
}

interface Weighed {
  readonly status: OverallVerdict['status'];
  readonly findings: readonly Finding[];
  readonly open: readonly OpenItem[];
}

function sentenceOf(judged: Judged, { status, findings, open }: Weighed): string {
  switch (status) {
    case 'fail':
      return failSentence(findings) + besides(judged);
    case 'pass':
      return `${foundWords(judged, findings)}${praise(judged)}${uncovered(judged)}${remarks(judged)}`;
    case 'incomplete':
      return wasExamined(judged.results)
        ? `${foundWords(judged, findings)}, but ${openWords(open)}${besides(judged)}`
        : `nothing could be examined${open.length > 0 ? `: ${openWords(open)}` : ''}`;
  }
}

function failSentence(findings: readonly Finding[]): string {
  const [worst] = findings;
  if (worst === undefined) return 'a waiver has expired, and its finding counts again';
  const { check: urgent, target } = worst;
  const same = findings.filter(
    (each) => each.check.id === urgent.id && each.target.cluster === target.cluster,
  );
  const where = [...new Set(same.map(subjectOf))].toSorted(naturally);
  const cluster = target.cluster === undefined ? '' : ` in cluster ${target.cluster}`;
  return `${severityCounts(countBySeverity(findings))}; most urgent: ${midSentence(urgent.title)}${cluster} (${enumerate(where, 4)})`;
}

function foundWords({ results, failOn = 'high' }: Judged, findings: readonly Finding[]): string {
  if (findings.length > 0)
    return `${severityCounts(countBySeverity(findings))}, none of them ${failOn} or worse`;
  const accepted = results.filter(isFinding).length;
  return accepted === 0
    ? 'no problems found'
    : `no problems found but ${counted(accepted, 'accepted finding')}`;
}

/** Accepted findings are still wrong: etcd may reject them, so nothing is promised then. */
function praise(judged: Judged): string {
  const { command, results, scope, predictedOnly } = judged;
  const unasked = skippedWords(judged);
  if (unasked !== '') return unasked;
  if (scope.kind === 'certificates') return '';
  if (
    results.some(
      (result) => isFinding(result) && (result.waived !== undefined || result.known === true),
    )
  )
    return '';
  if (scope.kind === 'client') return '; the endpoints accept this client';
  return command === 'verify' && predictedOnly !== true
    ? '; the running cluster behaves as its files predict'
    : '; real etcd accepts this set';
}

/** A check that was left out and might have decided the verdict. */
function skippedWords({ skipped = [], failOn = 'high' }: Judged): string {
  const ids = skipped
    .filter(({ severity }) => isAtLeast(severity, failOn))
    .map(({ id }) => id)
    .toSorted();
  if (ids.length === 0) return '';
  const which = ids.length > 3 ? counted(ids.length, 'check') : enumerate(ids);
  return `; ${which} ${ids.length > 1 ? 'were' : 'was'} skipped, so whether etcd accepts this set is not known`;
}

/** What is said of other verdicts than a PASS. */
function besides(judged: Judged): string {
  const { assumptions } = judged;
  return (
    uncovered({ assumptions: assumptions.filter((each) => each.isAlwaysSaid) }) + remarks(judged)
  );
}

/** What a PASS does not cover. */
function uncovered({ assumptions }: Pick<Judged, 'assumptions'>): string {
  return assumptions
    .flatMap(({ notCovered }) => notCovered ?? [])
    .map((part) => `; ${part}`)
    .join('');
}

function remarks({ command, scope, predictedOnly }: Judged): string {
  const { kind, excerpts } = scope;
  return headlineRemarks(command, {
    scope: kind,
    excerpts,
    ...(predictedOnly && { predictedOnly }),
  });
}

function openWords(open: readonly OpenItem[]): string {
  const [first] = open;
  if (first === undefined) return 'nothing was examined';
  const where = first.cluster === undefined ? '' : `in cluster ${first.cluster}: `;
  const others = open.length - 1;
  const more = others === 0 ? '' : ` (and ${counted(others, 'more open question')})`;
  return `${where}${first.what}${more}`;
}

/** Lower case at the start, but for acronyms. */
function midSentence(title: string): string {
  return title.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

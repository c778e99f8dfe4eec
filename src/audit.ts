import { checks } from './checks/index.ts';
import { type AuditRequest, collect } from './collect/collect.ts';
import { applyBaseline, type FindingKey } from './evaluate/baseline.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { applyWaivers } from './evaluate/waivers.ts';
import { forecast } from './forecast/forecast.ts';
import { quorumLoss } from './forecast/quorum-loss.ts';
import { withObservations } from './forecast/observe.ts';
import type { Check } from './model/check.ts';
import type { CollectedFacts, Evidence, FactName } from './model/evidence.ts';
import { defaultPolicy, type Policy } from './model/policy.ts';
import type { Gap, Report, Waiver } from './model/report.ts';
import { version } from './version.ts';

/** How to judge, beside the evidence itself. */
export interface Judgement {
  /** Thresholds that differ from the default ones. */
  readonly policy?: Partial<Policy>;
  readonly waivers?: readonly Waiver[];
  readonly baseline?: readonly FindingKey[];
  /** Which checks to put to the evidence; all of them unless told otherwise. */
  readonly selects?: (check: Check) => boolean;
}

/** Audits a cluster: looks at it once, then judges what was seen. */
export async function audit(request: AuditRequest, judgement: Judgement = {}): Promise<Report> {
  return judge(await collect(request), judgement);
}

/** Judges evidence that was collected before, perhaps on another host. Pure. */
export function judge(evidence: Evidence, judgement: Judgement = {}): Report {
  const { waivers = [], baseline = [], selects = () => true } = judgement;
  const policy = policyOf(evidence, judgement);
  const edges = withObservations(forecast(evidence), evidence);
  const asked = checks.filter(
    (check) => selects(check) && isPreferred(check, evidence) && isAskable(check, evidence),
  );
  const results = applyBaseline(evaluate(asked, { evidence, forecast: edges }, policy), baseline);
  const waived = applyWaivers(results, waivers, new Date(evidence.collectedAt));
  const loss = quorumLoss(evidence);

  return {
    schemaVersion: 1,
    tool: { name: 'etcd-tls-audit', version },
    command: evidence.facts.endpoints === undefined ? 'check' : 'verify',
    collectedAt: evidence.collectedAt,
    policy,
    checks: asked,
    results: waived.results,
    forecast: edges,
    gaps: gapsOf(evidence),
    ...(loss && { quorumLoss: loss }),
    ...(waivers.length > 0 && { waivers: waived.waivers }),
    facts: evidence.facts,
  };
}

/** What is said at the time wins over what the inventory prefers. */
function policyOf({ preferences = {} }: Evidence, { policy = {} }: Judgement): Policy {
  const { expiryWarningDays, maximumLeafLifetimeDays } = preferences;
  return {
    ...defaultPolicy,
    ...(expiryWarningDays !== undefined && { expiryWarningDays }),
    ...(maximumLeafLifetimeDays !== undefined && { maximumLeafLifetimeDays }),
    ...policy,
  };
}

function isPreferred({ id }: Check, { preferences = {} }: Evidence): boolean {
  const { skip = [], only = [] } = preferences;
  return !skip.includes(id) && (only.length === 0 || only.includes(id));
}

/** What `verify` alone can see. */
const seenLive: readonly (keyof CollectedFacts)[] = [
  'endpoints',
  'admissions',
  'memberLists',
  'statuses',
  'offers',
  'processes',
];

const liveNames: ReadonlySet<FactName> = new Set(seenLive);

/** Questions about a running cluster are not put to files alone: nobody asked for an answer. */
function isAskable({ needs }: Check, { facts, gaps }: Evidence): boolean {
  const wasLookedFor = seenLive.some((name) => (facts[name] ?? gaps[name]) !== undefined);
  return wasLookedFor || !needs.some((name) => liveNames.has(name));
}

function gapsOf(evidence: Evidence): readonly Gap[] {
  const gaps = Object.entries(evidence.gaps).map(([what, because]) => ({
    what,
    because,
    asked: false,
  }));
  const { endpoints } = evidence.facts;
  const isDark = endpoints?.every(({ speaks }) => speaks === 'unreachable') === true;
  if (!isDark) return gaps;
  return [
    ...gaps,
    { what: 'running cluster', because: 'no endpoint could be reached', asked: true },
  ];
}

import { catalogue } from './checks/index.ts';
import { type AuditRequest, collectAll } from './collect/collect.ts';
import type { LiveReading } from './collect/live.ts';
import { type Baseline, isKnown } from './model/baseline.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { foldRefusals } from './evaluate/one-cause-one-finding.ts';
import {
  missingAuthorities,
  missingFiles,
  unreadSources,
  notUnderstoodIn,
  unseenAddresses,
  unseenMembers,
} from './evaluate/not-given.ts';
import { keysWithoutCertificate } from './evaluate/keys-without-certificate.ts';
import { untrustedClients } from './evaluate/untrusted-clients.ts';
import { unsentIntermediates } from './evaluate/unsent-intermediates.ts';
import { scopeOf } from './evaluate/scope.ts';
import {
  decidesTheSame,
  edgesOpenByRelease,
  isPossible,
  onlyUnderOthers,
  otherReasons,
  resultsOpenByRelease,
  type UnderRelease,
} from './evaluate/release-range.ts';
import { combined } from './evaluate/combine.ts';
import { assumptionsOf, settle, settleEdges } from './evaluate/settle.ts';
import { earlierReleases, unknownReleases } from './etcd/release-range.ts';
import {
  newerReleases,
  olderReleases,
  openReleases,
  unstatedReleases,
} from './deployment/releases.ts';
import { unseenProcesses } from './deployment/process/unseen.ts';
import { unusedCertificates } from './deployment/unused-certificates.ts';
import { unseenOfOldReleases } from './deployment/alarms.ts';
import { proxiedClients } from './deployment/proxied-clients.ts';
import { silentAddresses } from './deployment/silent-addresses.ts';
import { unvisitedMembers } from './deployment/unvisited-members.ts';
import { verdictOf } from './evaluate/verdict.ts';
import { applyWaivers } from './evaluate/waivers.ts';
import { forecast } from './forecast/forecast.ts';
import { quorumLoss } from './forecast/quorum-loss.ts';
import { withObservations } from './forecast/observe.ts';
import { type CatalogueEntry, isQuestion } from './model/check.ts';
import { byCluster, clusterOf } from './model/clusters.ts';
import type { Edge, QuorumLoss } from './model/forecast.ts';
import { deploymentByRelease, deploymentOf, onlyEndpoints } from './deployment/deployment.ts';
import { mergeEvidence } from './deployment/merge-evidence.ts';
import { discoveryPlan, probePlan } from './deployment/probe-plan.ts';
import type { Deployment, DeploymentRequest } from './model/deployment.ts';
import { type Evidence, isLive } from './model/evidence.ts';
import { joinLiveFacts, withoutLive, type LiveFacts, liveFactsOf } from './model/live-facts.ts';
import { defaultPolicy, type Policy } from './model/policy.ts';
import type { Gap, Report, Result, Scope, Waiver } from './model/report.ts';
import type { Severity } from './model/severity.ts';
import { version } from './version.ts';

/** How to judge, in addition to the evidence. */
export interface Judgement {
  /** Thresholds that differ from the default ones. */
  readonly policy?: Partial<Policy>;
  readonly waivers?: readonly Waiver[];
  readonly baseline?: Baseline;
  /** From which severity a finding fails the run; the inventory's, else `high`. */
  readonly failOn?: Severity;
  /** Which checks to run; all by default. */
  readonly selects?: (check: CatalogueEntry) => boolean;
}

/** Audits a cluster: looks at it once, then judges what was seen. */
export async function audit(request: AuditRequest, judgement: Judgement = {}): Promise<Report> {
  return judge(await look(request, judgement), request, judgement);
}

/** Reads the files, and looks at the running cluster where that is asked for. */
export async function look(request: AuditRequest, judgement: Judgement = {}): Promise<Evidence> {
  const evidence = mergeEvidence(await collectAll(request), request);
  if (request.live === undefined) return evidence;

  const { discover, ...how } = request.live;
  const { observe } = await import('./collect/live.ts');
  const deployment = deploymentOf(evidence, request);
  const also = discover ? (['memberLists'] as const) : [];
  const plan = probePlan(deployment, chosen(deployment, judgement), also);
  const first = await observe({ ...plan, ...how });
  if (!discover) return withReadings(evidence, [first]);

  const listed = deploymentOf(withReadings(evidence, [first]), request);
  const { plan: more, leftOut } = discoveryPlan(listed, plan);
  const second = await observe({ ...more, ...how });
  const gaps = { ...second.gaps, ...(leftOut !== undefined && { endpoints: leftOut }) };
  return withReadings(evidence, [first, { ...second, gaps }]);
}

/** Evidence with what was seen of the running cluster, instead of what earlier looks saw. */
function withReadings(evidence: Evidence, readings: readonly LiveReading[]): Evidence {
  const before = withoutLive(evidence.gaps);
  const gaps = readings.reduce((all, reading) => ({ ...all, ...reading.gaps }), before);
  const seen = joinLiveFacts<Partial<LiveFacts>>(
    {},
    readings.map(({ gaps: _gaps, ...read }) => read),
  );
  return { ...evidence, facts: { ...withoutLive(evidence.facts), ...seen }, gaps };
}

/** Judges evidence that was collected before, perhaps on another host. Pure. */
export function judge(
  evidence: Evidence,
  request: DeploymentRequest = {},
  judgement: Judgement = {},
): Report {
  const { deployment, others } = deploymentsOf(evidence, request);
  return judgeDeployment(deployment, judgement, others);
}

/**
 * What follows from evidence, and what else it may be where no source states the release: etcd runs with the
 * settings at hand, so a release that refuses to start with them is not the one where another starts.
 */
function deploymentsOf(
  evidence: Evidence,
  request: DeploymentRequest,
): { readonly deployment: Deployment; readonly others: readonly Deployment[] } {
  const under = deploymentByRelease(evidence, request);
  const current = under();
  const { members = [], clients = [] } = current.facts;
  const isOpen = [...members, ...clients].some(
    ({ goVersion }) => goVersion.origin.via === 'assumed',
  );
  if (!isOpen) return { deployment: current, others: [] };
  const deployment = isStarting(current)
    ? current
    : (earlierReleases.map((release) => under({ unstated: release })).find(isStarting) ?? current);
  const others = unknownReleases.flatMap(({ unstated, newest }) => {
    for (const release of unstated) {
      const other = under({ unstated: release, newest });
      if (isPossible(deployment.facts, other.facts)) return [other];
    }
    return [];
  });
  return { deployment, others };
}

function isStarting({ facts }: Deployment): boolean {
  return isPossible({}, facts);
}

/** Judges what follows from evidence; `others` is what it may be under other releases. Pure. */
export function judgeDeployment(
  deployment: Deployment,
  judgement: Judgement = {},
  others: readonly Deployment[] = [],
): Report {
  const { facts, collectedAt } = deployment;
  const scope = scopeOf(facts, deployment.isClientAlone === true);
  const policy = policyOf(deployment, judgement);
  const parts = byCluster(deployment).map((part) =>
    judgeCluster(part, { scope, policy, judgement, others }),
  );
  const results = combined(parts);
  const judged = {
    command: facts.endpoints === undefined ? ('check' as const) : ('verify' as const),
    failOn: judgement.failOn ?? deployment.preferences?.failOn ?? 'high',
    gaps: [
      ...gapsOf(deployment),
      ...olderReleases(facts),
      ...unseenAddresses(facts),
      ...unseenMembers(facts),
      ...(scope.kind === 'certificates'
        ? [
            ...missingAuthorities(facts),
            ...unsentIntermediates(facts),
            ...keysWithoutCertificate(facts),
          ]
        : [...missingFiles(facts), ...unusedCertificates(facts)]),
      ...untrustedClients(
        facts,
        parts.flatMap(({ edges }) => edges),
      ),
    ],
    ...accepted(results, collectedAt, judgement),
  };
  const verdict = verdictOf({
    ...judged,
    scope,
    skipped: skippedIn(deployment, askedIn(parts)),
    assumptions: [
      ...assumptionsOf(facts),
      ...unseenProcesses(facts.members, facts.clients),
      ...(others.length > 0 ? [unstatedReleases(facts.members)] : []),
      ...newerReleases(facts),
      ...unvisitedMembers(facts, scope),
      ...silentAddresses(facts),
      ...unreadSources(facts),
      ...unseenOfOldReleases(facts),
      ...proxiedClients(deployment.you, facts.clients),
    ],
    notUnderstood: notUnderstoodIn(facts),
    predictedOnly: isPredictedOnly(facts),
  });
  const loss = firstLoss(parts);
  return {
    schemaVersion: 2,
    tool: { name: 'etcd-tls-audit', version },
    ...judged,
    verdict,
    collectedAt,
    policy,
    checks: askedIn(parts),
    forecast: parts.flatMap(({ edges }) => edges),
    ...(loss && { quorumLoss: loss }),
    facts,
  };
}

interface Circumstances {
  readonly scope: Scope;
  readonly policy: Policy;
  readonly judgement: Judgement;
  readonly others: readonly Deployment[];
}

/** What is said of one cluster, as if no other were there. */
function judgeCluster(deployment: Deployment, { scope, policy, judgement, others }: Circumstances) {
  const { facts } = deployment;
  const cluster = clusterOf(deployment);
  const answers = answersOf(deployment, judgement, policy);
  const range = others
    .flatMap(byCluster)
    .filter((other) => clusterOf(other) === cluster)
    .flatMap((other) => differentAnswers(other, answers, judgement, policy));
  const raw = [...answers.results, ...onlyUnderOthers(answers, range)];
  const assumption = openReleases(facts);
  const settled = settle(raw, {
    facts,
    edges: answers.edges,
    scope,
    openByRelease: { keys: resultsOpenByRelease(answers, range), assumption },
    otherReasons: otherReasons(answers, range),
  });
  const { loss } = answers;
  return {
    ...(cluster !== undefined && { cluster }),
    ...(loss && { loss: { ...loss, ...(cluster !== undefined && { cluster }) } }),
    asked: answers.asked,
    results: foldRefusals({ raw, settled, edges: answers.edges, entries: answers.asked }),
    edges: settleEdges(answers.edges, facts, {
      keys: edgesOpenByRelease(answers, range),
      assumption,
    }),
  };
}

type Part = ReturnType<typeof judgeCluster>;

/** Which checks are asked does not depend on the cluster. */
function askedIn([part]: readonly Part[]): readonly CatalogueEntry[] {
  return part?.asked ?? [];
}

function firstLoss(parts: readonly Part[]): Part['loss'] {
  const losses = parts.flatMap(({ loss }) => loss ?? []);
  return losses.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))[0];
}

interface Answers extends UnderRelease {
  readonly asked: readonly CatalogueEntry[];
  readonly loss?: QuorumLoss;
}

/** The forecast, and what every check says of it. */
function answersOf(
  deployment: Deployment,
  judgement: Judgement,
  policy: Policy,
  edges: readonly Edge[] = predicted(deployment),
): Answers {
  const asked = chosen(deployment, judgement).filter(askableOf(deployment));
  const loss = quorumLoss(deployment, edges);
  const judged = { deployment, forecast: edges, ...(loss && { quorumLoss: loss }) };
  const results = evaluate(asked, judged, policy);
  return { facts: deployment.facts, edges, asked, results, ...(loss && { loss }) };
}

function predicted(deployment: Deployment): readonly Edge[] {
  return withObservations(forecast(deployment), deployment);
}

/** Nothing where another release comes to the same. */
function differentAnswers(
  other: Deployment,
  supposed: Answers,
  judgement: Judgement,
  policy: Policy,
): readonly UnderRelease[] {
  const edges = predicted(other);
  return decidesTheSame(supposed, { facts: other.facts, edges })
    ? []
    : [answersOf(other, judgement, policy, edges)];
}

function accepted(
  settled: readonly Result[],
  collectedAt: string,
  { waivers = [], baseline }: Judgement,
): Pick<Report, 'results' | 'waivers'> {
  const compared = settled.map((result) =>
    baseline !== undefined && isKnown(result, baseline) ? { ...result, known: true } : result,
  );
  const waived = applyWaivers(compared, waivers, new Date(collectedAt));
  return { results: waived.results, ...(waivers.length > 0 && { waivers: waived.waivers }) };
}

/** Whether etcd was asked, and never with a credential that it ought to reject. */
function isPredictedOnly({ admissions }: Deployment['facts']): boolean {
  return (
    admissions !== undefined &&
    !admissions.some(({ presented }) => presented === 'nothing' || presented === 'foreign')
  );
}

/** What is said at the time wins over what the inventory prefers. */
function policyOf({ preferences = {} }: Deployment, { policy = {} }: Judgement): Policy {
  const { expiryWarningDays, maximumLeafLifetimeDays } = preferences;
  return {
    ...defaultPolicy,
    ...(expiryWarningDays !== undefined && { expiryWarningDays }),
    ...(maximumLeafLifetimeDays !== undefined && { maximumLeafLifetimeDays }),
    ...policy,
  };
}

/** The checks that the command line and the inventory leave. */
function chosen(
  { preferences = {} }: Deployment,
  { selects = () => true }: Judgement,
): readonly CatalogueEntry[] {
  const { skip = [], only = [] } = preferences;
  return catalogue.filter(
    (check) =>
      selects(check) && !skip.includes(check.id) && (only.length === 0 || only.includes(check.id)),
  );
}

/** Checks that apply and are not asked. */
function skippedIn(deployment: Deployment, asked: readonly CatalogueEntry[]) {
  return catalogue
    .filter(askableOf(deployment))
    .filter((check) => !asked.includes(check))
    .map(({ id, severity }) => ({ id, severity }));
}

/** Checks of a running cluster are skipped when only files were given. */
function askableOf({ facts, gaps }: Deployment): (entry: CatalogueEntry) => boolean {
  const wasLookedFor = Object.keys(liveFactsOf(facts)).length > 0 || Object.keys(gaps).some(isLive);
  return (entry) => wasLookedFor || !isQuestion(entry) || !entry.needs.some(isLive);
}

const clientOrSet =
  'give --cacert, --cert and --key to check a client, or a cert set to check the members';

function gapsOf(deployment: Deployment): readonly Gap[] {
  const { endpoints, members } = deployment.facts;
  const gaps = Object.entries(deployment.gaps).map(([what, because]) => {
    // `--discover` asked for all of them, and no check asks for each.
    if (what === 'endpoints')
      return { what: 'endpoints', because, asked: true, give: 'name the others in `--endpoints`' };
    // Where checks lack it, each says so.
    const asked = what === 'members' && members !== undefined;
    return { what, because, asked, ...(because === onlyEndpoints && { give: clientOrSet }) };
  });
  const isDark = endpoints?.every(({ speaks }) => speaks === 'unreachable') === true;
  if (!isDark) return gaps;
  return [
    ...gaps,
    { what: 'running cluster', because: 'no endpoint could be reached', asked: true },
  ];
}

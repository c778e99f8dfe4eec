import { audit } from '../../src/audit.ts';
import type { AuditRequest } from '../../src/collect/collect.ts';
import type { CauseCode } from '../../src/diagnoses/cause.ts';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { type Cluster, startCluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { withFault } from '../faults/fault.ts';
import type { LiveFault } from '../live-faults/index.ts';
import { clientUrl, type Node } from '../nodes.ts';
import { deployedDirectory, type Plan, planOf } from '../plan.ts';
import { run } from '../run.ts';
import { type Finding, findingsIn } from './findings.ts';

/** What was named for a fault that was injected into a running etcd. */
export interface LiveRow {
  readonly fault: LiveFault;
  readonly version: string;
  readonly findings: readonly Finding[];
  /** Causes of all lines of the logs that are not harmless, most frequent first, with a line of each. */
  readonly told: readonly { readonly cause: CauseCode; readonly line: string }[];
}

/** Starts etcd, lets the fault happen, and asks both halves for its cause. */
export async function tryLive(fault: LiveFault, binaries: EtcdBinaries): Promise<LiveRow> {
  await using cluster = await startCluster({
    runtime: 'native',
    ports: 'free',
    etcd: binaries.version,
    plan: (nodes) => planFor(fault, nodes),
  });
  const later: (() => Promise<void>)[] = [];
  try {
    await fault.inject?.({ cluster, later });
    // An ordinary client knocks; then the log is read, before our own probes write into it.
    await cluster.etcdctl('--dial-timeout=1s', '--command-timeout=1s', 'get', 'anything');
    const told = await toldBy(cluster);
    const findings = await auditOf(fault, cluster, binaries);
    return { fault, version: binaries.version, findings, told };
  } finally {
    await Promise.all(later.map(async (undo) => undo()));
  }
}

function planFor(fault: LiveFault, all: readonly Node[]): Plan {
  const nodes = (fault.nodes?.(all) ?? all).slice(0, fault.members ?? 1);
  const sound = planOf({ runtime: 'native', settings: 'mended', keys: 'ecdsa', nodes });
  const clients = { etcdctlEndpoints: nodes.map(clientUrl) };
  const { name, what, starts } = fault;
  return withFault({ ...sound, clients }, { name, what, changes: starts?.() ?? {} });
}

async function auditOf(
  { hoursAhead }: LiveFault,
  { set, certificates }: Cluster,
  { version, goVersion }: EtcdBinaries,
): Promise<readonly Finding[]> {
  const request: AuditRequest = {
    paths: [set],
    maps: [{ prefix: deployedDirectory, directory: certificates }],
    etcdVersion: version,
    goVersion,
    live: {
      timeoutMs: 2500,
      concurrency: 32,
      negativeProbes: true,
      discover: false,
      offers: false,
    },
  };
  if (hoursAhead === undefined) return findingsIn((await audit(request)).results);
  const script = `${import.meta.dirname}/audit-child.ts`;
  const parameters = ['--import', 'tsx', script, String(hoursAhead), JSON.stringify(request)];
  const ended = await run(process.execPath, parameters, { timeoutMilliseconds: 30_000 });
  if (ended.code !== 0) throw new Error(ended.stderr);
  const findings: unknown = JSON.parse(ended.stdout);
  if (!areFindings(findings)) throw new Error('the child printed no findings');
  return findings;
}

/** The text was written by this program. */
function areFindings(value: unknown): value is readonly Finding[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object');
}

async function toldBy(cluster: Cluster): Promise<LiveRow['told']> {
  const explainer = logExplainer(cluster.version);
  for (const { name } of cluster.members) {
    for (const line of (await cluster.logs(name)).split('\n')) explainer.add(line);
  }
  return explainer
    .episodes()
    .filter(({ explanation }) => !explanation.harmless)
    .toSorted((left, right) => right.count - left.count)
    .map(({ explanation }) => ({ cause: explanation.cause, line: explanation.line.text }));
}

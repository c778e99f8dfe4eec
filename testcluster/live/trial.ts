import type { AuditRequest } from '../../src/collect/collect.ts';
import type { CauseCode } from '../../src/diagnoses/cause.ts';
import type { Explanation } from '../../src/diagnoses/explain.ts';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { type Cluster, startCluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { withFault } from '../faults/fault.ts';
import type { LiveFault } from '../live-faults/index.ts';
import { clientUrl, type Node, type Runtime } from '../nodes.ts';
import { deployedDirectory, type Plan, planOf } from '../plan.ts';
import type { Finding } from './findings.ts';

/** What was named for a fault that was injected into a running etcd. */
export interface LiveResult {
  readonly fault: LiveFault;
  readonly version: string;
  readonly runtime: Runtime;
  readonly findings: readonly Finding[];
  /** The conclusion of `explain` on all logs and what it states next to it, with a line of each. */
  readonly explained: readonly { readonly cause: CauseCode; readonly line: string }[];
}

/** Starts etcd, lets the fault happen, and asks both halves for its cause. */
export async function tryLive(
  fault: LiveFault,
  binaries: EtcdBinaries,
  runtime: Runtime = fault.runtime ?? 'native',
): Promise<LiveResult> {
  await using cluster = await startCluster({
    runtime,
    etcd: binaries.version,
    plan: (nodes) => planFor(fault, nodes, runtime),
    ...(runtime === 'native' && { ports: 'free' }),
  });
  const later: (() => Promise<void>)[] = [];
  try {
    await fault.inject?.({ cluster, later });
    // An ordinary client knocks; then the log is read, before our own probes write into it.
    await cluster.etcdctl('--dial-timeout=1s', '--command-timeout=1s', 'get', 'anything');
    const explained = await explainLogs(cluster);
    const findings = await auditOf(cluster, binaries, fault.survey === true);
    return { fault, version: binaries.version, runtime, findings, explained };
  } finally {
    await Promise.all(later.map(async (undo) => undo()));
  }
}

function planFor(fault: LiveFault, all: readonly Node[], runtime: Runtime): Plan {
  const nodes = (fault.nodes?.(all) ?? all).slice(
    0,
    fault.members ?? (runtime === 'docker' ? 3 : 1),
  );
  const sound = planOf({ runtime, settings: 'fixed', keys: 'ecdsa', nodes });
  const clients = { etcdctlEndpoints: nodes.map(clientUrl) };
  const { name, what, starts } = fault;
  return withFault({ ...sound, clients }, { name, what, changes: starts?.() ?? {} });
}

/** From where a client of the cluster would be: addresses that only exist there are dialled. */
async function auditOf(
  cluster: Cluster,
  { version, goVersion }: EtcdBinaries,
  survey: boolean,
): Promise<readonly Finding[]> {
  const request: AuditRequest = {
    paths: [cluster.set],
    maps: [{ prefix: deployedDirectory, directory: cluster.certificates }],
    etcdVersion: version,
    goVersion,
    live: {
      timeoutMs: 2500,
      concurrency: 32,
      negativeProbes: true,
      discover: false,
      survey,
    },
  };
  const script = `${import.meta.dirname}/audit-child.ts`;
  const parameters = ['--import', import.meta.resolve('tsx'), script, JSON.stringify(request)];
  const ended = await cluster.run(process.execPath, parameters, { timeoutMilliseconds: 60_000 });
  if (ended.code !== 0) throw new Error(ended.stderr);
  const findings: unknown = JSON.parse(ended.stdout);
  if (!areFindings(findings)) throw new Error('the child printed no findings');
  return findings;
}

/** The text was written by this program. */
function areFindings(value: unknown): value is readonly Finding[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object');
}

async function explainLogs(cluster: Cluster): Promise<LiveResult['explained']> {
  const explainer = logExplainer();
  for (const { name } of cluster.members) {
    for (const line of (await cluster.logs(name)).split('\n')) explainer.add(line);
  }
  const { conclusion, also } = explainer.incident();
  return [...(conclusion === undefined ? [] : [conclusion]), ...also]
    .filter((episode) => !episode.explanation.harmless && !isOnlyLoad(episode.explanation))
    .filter((episode) => episode === conclusion || episode.explanation.confidence !== 'open')
    .map(({ explanation: { cause, line } }) => ({ cause, line: line.text }));
}

/** On a busy machine sound members say that they wait for each other; `explain` leaves open what that means. */
function isOnlyLoad({ signals, confidence }: Explanation): boolean {
  return confidence === 'open' && [...signals.keys()].join(' ') === 'raft-waits';
}

import { setTimeout as pause } from 'node:timers/promises';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { until } from '../processes.ts';
import { isReady } from '../readiness.ts';
import type { Cluster, ClusterMember } from '../types.ts';
import { type Attempt, attemptsAt } from './attempts.ts';
import { askGateway, dialInClear, dialWithEtcdctl, dialWithOpenssl, type Shown } from './dial.ts';
import { rejections } from './log.ts';
import { type Observation, refusingSide } from './observation.ts';
import { observePeers } from './observe-peers.ts';

/** Dials everything that can be dialled in a running cluster, and says what came of it. */
export async function observe(
  cluster: Cluster,
  binaries: EtcdBinaries,
  foreign: Shown,
): Promise<readonly Observation[]> {
  const [first] = cluster.members;
  if (first === undefined) {
    return [];
  }
  await settled(cluster);
  const attempts = attemptsAt(cluster, first, foreign);
  if (!(await cluster.isRunning(first.name))) {
    return refusedByAbsence(attempts, first, cluster);
  }
  // Until it is ready a member leaves clients waiting, which says nothing of their certificates.
  const serves = await isReady(cluster, first.name);
  const open = attempts.filter(({ port }) => serves || port === 'peer');
  const tried = await Promise.all(open.map((attempt) => tryOut(attempt, cluster, binaries)));
  return [...tried, ...(await observePeers(cluster))].map(briefly);
}

/** Every member serves, or has ended, or takes too long for either; and a moment for its last words. */
async function settled(cluster: Cluster): Promise<void> {
  const states = cluster.members.map(async ({ name }) => {
    const isOver = async () => (await isReady(cluster, name)) || !(await cluster.isRunning(name));
    await until(isOver, 6000);
  });
  await Promise.all(states);
  await pause(400);
}

/** A member that is not there any more refuses everybody, and dials nobody. */
async function refusedByAbsence(
  attempts: readonly Attempt[],
  first: ClusterMember,
  cluster: Cluster,
): Promise<readonly Observation[]> {
  const serverWords = lastWords(await cluster.logs(first.name));
  const refused = { outcome: 'refused', clientWords: [], serverWords } as const;
  const peers = cluster.members
    .filter((member) => member !== first)
    .flatMap(({ name, peerUrl }): Observation[] => [
      { edge: 'peer', from: name, to: first.peerUrl, refusedBy: 'start', ...refused },
      { edge: 'peer', from: first.name, to: peerUrl, refusedBy: 'never-dials', ...refused },
    ]);
  return [
    ...attempts.map(({ edge, from, to }): Observation => {
      return { edge, from, to, refusedBy: 'start', ...refused };
    }),
    ...peers,
  ];
}

function lastWords(log: string): readonly string[] {
  return log
    .trim()
    .split('\n')
    .filter((line) => /fatal|panic|C \||flag|invalid|conflict|error/i.test(line))
    .slice(-12)
    .map(unescaped);
}

async function tryOut(
  attempt: Attempt,
  cluster: Cluster,
  binaries: EtcdBinaries,
): Promise<Observation> {
  const { edge, from, to, source } = attempt;
  if (edge === 'self') {
    return observeGateway(attempt, cluster);
  }
  const seen = await dial(attempt, cluster, binaries);
  return withSide({ edge, from, to, ...seen }, await wordsAbout(cluster, to, source));
}

async function dial(
  { edge, to, source, shown }: Attempt,
  cluster: Cluster,
  binaries: EtcdBinaries,
): Promise<Pick<Observation, 'outcome' | 'clientWords'>> {
  if (edge === 'client') {
    return dialWithEtcdctl(cluster, binaries, to);
  }
  return to.startsWith('http:')
    ? dialInClear(cluster, to, source)
    : dialWithOpenssl(cluster, to, source, shown);
}

/** What comes of a request to the gateway; or, where nobody gets as far as that, what the logs say. */
async function observeGateway(
  { edge, from, to, source }: Attempt,
  cluster: Cluster,
): Promise<Observation> {
  const answer = await askGateway(cluster, to, source);
  const address = cluster.members.find(({ name }) => name === from)?.node.address ?? '';
  const words = await wordsAbout(cluster, to, address);
  const log = await cluster.logs(from);
  const ofGrpc = log.split('\n').filter((line) => line.includes('authentication handshake failed'));
  const outcome = words.length > 0 || ofGrpc.length > 0 ? 'refused' : 'unseen';
  const clientWords = [...(answer?.clientWords ?? []), ...ofGrpc];
  return withSide({ edge, from, to, outcome: answer?.outcome ?? outcome, clientWords }, words);
}

/** What the listener at a URL has logged about an address; a moment later, since logs come late. */
async function wordsAbout(
  cluster: Cluster,
  url: string,
  address: string,
): Promise<readonly string[]> {
  const host = new URL(url).hostname;
  const member = cluster.members.find(({ node }) => node.address === host);
  if (member === undefined || url.startsWith('http:')) {
    return [];
  }
  await pause(150);
  return rejections(await cluster.logs(member.name))
    .filter((rejection) => rejection.address === address)
    .map(({ error }) => error);
}

function withSide(
  seen: Omit<Observation, 'serverWords' | 'refusedBy'>,
  serverWords: readonly string[],
): Observation {
  if (seen.outcome !== 'refused' || serverWords.length === 0) {
    return { ...seen, serverWords };
  }
  return { ...seen, refusedBy: refusingSide(serverWords), serverWords };
}

/** Nobody needs what was said on the way to success, or anything twice. */
function briefly(seen: Observation): Observation {
  const { outcome, clientWords, serverWords } = seen;
  const isRefused = outcome === 'refused';
  return {
    ...seen,
    clientWords: isRefused ? [...new Set(clientWords.map(unescaped))].slice(-20) : [],
    serverWords: isRefused ? [...new Set(serverWords.map(unescaped))] : [],
  };
}

function unescaped(line: string): string {
  return line.replaceAll('\\"', '"').slice(0, 1500);
}

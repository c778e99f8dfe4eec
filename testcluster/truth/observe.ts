import { setTimeout as pause } from 'node:timers/promises';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import type { ClientsPlan } from '../plan.ts';
import { until } from '../processes.ts';
import { isReady } from '../readiness.ts';
import type { Cluster } from '../types.ts';
import { servesAlone } from './alone.ts';
import { type Attempt, attemptsAt, isServedInClear, unnamedClient } from './attempts.ts';
import { askGateway, dialWithEtcdctl, dialWithGo, seenBy, type Shown } from './dial.ts';
import { farewell } from './farewell.ts';
import { rejections } from './log.ts';
import { type Observation, refusingSide } from './observation.ts';
import { talkative } from './talkative.ts';
import { observePeers } from './observe-peers.ts';

/** Dials everything that can be dialled in a running cluster, and says what came of it. */
export async function observe(
  cluster: Cluster,
  binaries: EtcdBinaries,
  foreign: Shown,
): Promise<readonly Observation[]> {
  await settled(cluster);
  const states = new Map(
    await Promise.all(
      cluster.members.map(async ({ name }) => [name, await stateOf(cluster, name)] as const),
    ),
  );
  // Until it is ready a member leaves clients waiting, which says nothing of their certificates.
  const isOpen = ({ member, port }: Attempt) =>
    port === 'peer' || states.get(member) !== 'starting';
  const attempts = attemptsAt(cluster, foreign);
  const tried = await tryAll(attempts.filter(isOpen), cluster, binaries);
  const peers = await observePeers(cluster);
  const later = await tryLater(
    attempts.filter((attempt) => !isOpen(attempt)),
    cluster,
    binaries,
  );
  let all = [...tried, ...peers, ...later].map(briefly);
  for (const { name } of cluster.members) {
    if (states.get(name) === 'ended') all = all.map(endedBefore(name, await cluster.logs(name)));
  }
  return all;
}

async function tryAll(
  attempts: readonly Attempt[],
  cluster: Cluster,
  binaries: EtcdBinaries,
): Promise<readonly Observation[]> {
  return Promise.all(attempts.map(async (attempt) => tryOut(attempt, cluster, binaries)));
}

/** Client ports of members without a quorum, one member after the other: each is started alone. */
async function tryLater(
  attempts: readonly Attempt[],
  cluster: Cluster,
  binaries: EtcdBinaries,
): Promise<readonly Observation[]> {
  const seen: Observation[] = [];
  for (const name of new Set(attempts.map(({ member }) => member))) {
    const own = attempts.filter(({ member }) => member === name);
    const member = await servesAlone(cluster, name, binaries, talkative(binaries.version));
    try {
      seen.push(...(member.isReady ? await tryAll(own, cluster, binaries) : own.map(unseen)));
    } finally {
      await member.stop();
    }
  }
  return seen;
}

function unseen({ edge, from, to, member }: Attempt): Observation {
  return { edge, from, to, member, outcome: 'unseen', clientWords: [], serverWords: [] };
}

async function stateOf(cluster: Cluster, name: string): Promise<'ended' | 'starting' | 'serves'> {
  if (!(await cluster.isRunning(name))) return 'ended';
  return (await isReady(cluster, name)) ? 'serves' : 'starting';
}

/** Waits until every member serves, or has ended, or takes too long for either; and a moment for its last words. */
export async function settled(cluster: Cluster): Promise<void> {
  const states = cluster.members.map(async ({ name }) => {
    const isOver = async () => (await isReady(cluster, name)) || !(await cluster.isRunning(name));
    await until(isOver, 6000);
  });
  await Promise.all(states);
  await pause(400);
}

/**
 * Observations of a member that has ended: connections to it fail because it is gone, and it connects to
 * nothing. Its last words say why.
 */
function endedBefore(ended: string, log: string): (seen: Observation) => Observation {
  const serverWords = lastWords(log);
  return (seen) => {
    const { edge, from, to, member, clientWords } = seen;
    const ends = { edge, from, to, ...(member === undefined ? {} : { member }) };
    if (edge === 'peer' && from === ended) {
      return {
        ...ends,
        outcome: 'refused',
        refusedBy: 'never-dials',
        clientWords: [],
        serverWords,
      };
    }
    const isAway = edge === 'self' || (seen.outcome === 'refused' && seen.serverWords.length === 0);
    return member === ended && isAway
      ? { ...ends, outcome: 'refused', refusedBy: 'start', clientWords, serverWords }
      : seen;
  };
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
  const { edge, from, to, member, source } = attempt;
  if (edge === 'self') {
    return observeGateway(attempt, cluster);
  }
  const ends = { edge, from, to, member };
  if (edge === 'client') {
    const seen = await dialWithEtcdctl(cluster, binaries, to, clientNamed(from, cluster));
    return withSide({ ...ends, ...seen }, await wordsAbout(cluster, attempt, source));
  }
  const answer = await dialWithGo(cluster, to, source, attempt);
  const port = answer.local?.slice(answer.local.lastIndexOf(':') + 1);
  const words = await wordsAbout(cluster, attempt, source, port);
  return withSide({ ...ends, ...seenBy(answer) }, words);
}

/** etcdctl's settings; a client of which only the certificate is known has the document's files. */
function clientNamed(from: string, { plan: { clients } }: Cluster): ClientsPlan {
  return from === unnamedClient ? { etcdctlEndpoints: clients.etcdctlEndpoints } : clients;
}

/** What comes of a request to the gateway; or, where no client reaches it, what the logs say. */
async function observeGateway(attempt: Attempt, cluster: Cluster): Promise<Observation> {
  const { edge, from, to, member, source } = attempt;
  const own = cluster.members.find(({ name }) => name === from);
  const answer = own && (await askGateway(cluster, own, to, source));
  const address = own?.node.address ?? '';
  const logged = await wordsAbout(cluster, attempt, address);
  const words = isUnexplained(answer, logged) ? await farewell(cluster, own, to) : logged;
  const ofGrpc = ofGatewayClient(await cluster.logs(from));
  const seen = answer ?? { outcome: undefined, clientWords: [] };
  const outcome = words.length > 0 || ofGrpc.length > 0 ? 'refused' : 'unseen';
  const clientWords = [...seen.clientWords, ...ofGrpc];
  return withSide({ edge, from, to, member, outcome: seen.outcome ?? outcome, clientWords }, words);
}

function isUnexplained(answer: Pick<Observation, 'outcome'> | undefined, words: readonly string[]) {
  return words.length === 0 && answer?.outcome === 'refused';
}

/** What the gateway's own connection has to say, in the member's log. */
function ofGatewayClient(log: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) =>
      /authentication handshake failed|connection error: desc|server preface/.test(line),
    );
}

/** What a listener has logged about an address, or one port of it; a moment later, since logs come late. */
async function wordsAbout(
  cluster: Cluster,
  { member, to }: Attempt,
  address: string,
  port?: string,
): Promise<readonly string[]> {
  if (isServedInClear(cluster, member, to)) return [];
  await pause(150);
  return rejections(await cluster.logs(member))
    .filter((rejection) => rejection.address === address)
    .filter((rejection) => port === undefined || rejection.port === port)
    .map(({ error }) => error);
}

function withSide(
  seen: Omit<Observation, 'serverWords' | 'refusedBy'>,
  serverWords: readonly string[],
): Observation {
  const side = seen.outcome === 'refused' ? refusingSide(serverWords, seen.clientWords) : undefined;
  return { ...seen, ...(side && { refusedBy: side }), serverWords };
}

/** What was said on the way to success is of no interest, nor is anything said twice. */
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

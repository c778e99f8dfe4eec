import { setTimeout as pause } from 'node:timers/promises';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { until } from '../processes.ts';
import { isReady } from '../readiness.ts';
import type { Cluster } from '../types.ts';
import { type Attempt, attemptsAt } from './attempts.ts';
import { askGateway, dialWithEtcdctl, dialWithGo, seenBy, type Shown } from './dial.ts';
import { rejections } from './log.ts';
import { type Observation, refusingSide } from './observation.ts';
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
  const tried = await Promise.all(
    attemptsAt(cluster, foreign).map(async (attempt) =>
      isOpen(attempt) ? tryOut(attempt, cluster, binaries) : unseen(attempt),
    ),
  );
  let all = [...tried, ...(await observePeers(cluster))].map(briefly);
  for (const { name } of cluster.members) {
    if (states.get(name) === 'ended') all = all.map(endedBefore(name, await cluster.logs(name)));
  }
  return all;
}

function unseen({ edge, from, to, member }: Attempt): Observation {
  return { edge, from, to, member, outcome: 'unseen', clientWords: [], serverWords: [] };
}

async function stateOf(cluster: Cluster, name: string): Promise<'ended' | 'starting' | 'serves'> {
  if (!(await cluster.isRunning(name))) return 'ended';
  return (await isReady(cluster, name)) ? 'serves' : 'starting';
}

/** Every member serves, or has ended, or takes too long for either; and a moment for its last words. */
export async function settled(cluster: Cluster): Promise<void> {
  const states = cluster.members.map(async ({ name }) => {
    const isOver = async () => (await isReady(cluster, name)) || !(await cluster.isRunning(name));
    await until(isOver, 6000);
  });
  await Promise.all(states);
  await pause(400);
}

/**
 * What was seen of a member that has ended: connections to it are refused by its absence, and it dials
 * nobody. Its last words say why.
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
    const isAway =
      edge === 'self' || clientWords.some((words) => /refused|no such file/.test(words));
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
  const seen =
    edge === 'client'
      ? await dialWithEtcdctl(cluster, binaries, to)
      : seenBy(await dialWithGo(cluster, to, source, attempt));
  return withSide({ edge, from, to, member, ...seen }, await wordsAbout(cluster, attempt, source));
}

/** What comes of a request to the gateway; or, where nobody gets as far as that, what the logs say. */
async function observeGateway(attempt: Attempt, cluster: Cluster): Promise<Observation> {
  const { edge, from, to, member, source } = attempt;
  const own = cluster.members.find(({ name }) => name === from);
  const answer = own && (await askGateway(cluster, own, to, source));
  const address = own?.node.address ?? '';
  const words = await wordsAbout(cluster, attempt, address);
  const log = await cluster.logs(from);
  const ofGrpc = log
    .split('\n')
    .filter((line) =>
      /authentication handshake failed|connection error: desc|server preface/.test(line),
    );
  const outcome = words.length > 0 || ofGrpc.length > 0 ? 'refused' : 'unseen';
  const clientWords = [...(answer?.clientWords ?? []), ...ofGrpc];
  return withSide(
    { edge, from, to, member, outcome: answer?.outcome ?? outcome, clientWords },
    words,
  );
}

/** What a listener has logged about an address; a moment later, since logs come late. */
async function wordsAbout(
  cluster: Cluster,
  { member, to }: Attempt,
  address: string,
): Promise<readonly string[]> {
  if (to.startsWith('http:')) {
    return [];
  }
  await pause(150);
  return rejections(await cluster.logs(member))
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

import { setTimeout as pause } from 'node:timers/promises';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { until } from '../processes.ts';
import { isReady } from '../readiness.ts';
import { clientAddresses } from '../runtimes/netns.ts';
import type { Cluster, ClusterMember } from '../types.ts';
import { askGateway, dialInClear, dialWithEtcdctl, dialWithOpenssl, type Shown } from './dial.ts';
import { failuresTowards, hasDialled, memberIds, rejections } from './log.ts';
import { type Observation, refusingSide } from './observation.ts';

const [etcdctlAddress = '', gatewayAddress = '', ...intruderAddresses] = clientAddresses;

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
  const dialled = await Promise.all([
    ...clientEdges(cluster, binaries),
    selfEdge(cluster, first),
    ...intruderEdges(cluster, first, foreign),
  ]);
  const seen = [...dialled.filter((each) => each !== undefined), ...(await peerEdges(cluster))];
  if (await cluster.isRunning(first.name)) {
    return seen.map(briefly);
  }
  const fatal = lastWords(await cluster.logs(first.name));
  return seen.map((each) => briefly(endedAtStart(each, first, fatal)));
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

/** Every member serves, or has ended, or takes too long for either; and a moment for its last words. */
async function settled(cluster: Cluster): Promise<void> {
  const states = cluster.members.map(async ({ name }) => {
    const isOver = async () => (await isReady(cluster, name)) || !(await cluster.isRunning(name));
    await until(isOver, cluster.members.length > 1 ? 10_000 : 6000);
  });
  await Promise.all(states);
  await pause(400);
}

/** A member that is not there any more refuses everybody, and dials nobody. */
function endedAtStart(
  seen: Observation,
  first: ClusterMember,
  fatal: readonly string[],
): Observation {
  const dialsNobody = seen.edge === 'peer' && seen.from === first.name;
  const isTarget = seen.edge !== 'peer' || seen.to === first.peerUrl;
  if (!dialsNobody && !isTarget) {
    return seen;
  }
  const refusedBy = dialsNobody ? 'never-dials' : 'start';
  return { ...seen, outcome: 'refused', refusedBy, serverWords: fatal };
}

function lastWords(log: string): readonly string[] {
  return log
    .trim()
    .split('\n')
    .filter((line) => /fatal|panic|C \||flag|invalid|conflict|error/i.test(line))
    .slice(-12);
}

function unescaped(line: string): string {
  return line.replaceAll('\\"', '"').slice(0, 1500);
}

function clientEdges(cluster: Cluster, binaries: EtcdBinaries): readonly Promise<Observation>[] {
  return cluster.plan.clients.etcdctlEndpoints.map(async (to) => {
    const seen = await dialWithEtcdctl(cluster, binaries, to);
    const words = await rejectionsAt(cluster, to, etcdctlAddress);
    return withSide({ edge: 'client', from: 'etcdctl', to, ...seen }, words);
  });
}

async function selfEdge(cluster: Cluster, member: ClusterMember): Promise<Observation | undefined> {
  const to = urlsOf(cluster, 'ETCD_LISTEN_CLIENT_URLS', 'listen-client-urls').find((url) =>
    url.startsWith('https:'),
  );
  if (to === undefined) {
    return undefined;
  }
  const answer = await askGateway(cluster, to, gatewayAddress);
  const log = await cluster.logs(member.name);
  const words = rejections(log)
    .filter(({ address }) => address === member.node.address)
    .map(({ error }) => error);
  const ofGrpc = log.split('\n').filter((line) => /authentication handshake failed/.test(line));
  const refused = words.length > 0 || ofGrpc.length > 0 ? 'refused' : 'unseen';
  const outcome = answer?.outcome ?? refused;
  const clientWords = [...(answer?.clientWords ?? []), ...ofGrpc];
  return withSide({ edge: 'self', from: member.name, to, outcome, clientWords }, words);
}

function intruderEdges(
  cluster: Cluster,
  member: ClusterMember,
  foreign: Shown,
): readonly Promise<Observation>[] {
  const [nobodyFrom = '', foreignFrom = '', ownFrom = '', clientFrom = ''] = intruderAddresses;
  const strangers = [
    { from: 'nobody', source: nobodyFrom, shown: undefined },
    { from: 'foreign', source: foreignFrom, shown: foreign },
  ];
  const own = { from: member.name, source: ownFrom, shown: credential(cluster, 'node_1_peer') };
  const client = { from: 'etcdctl', source: clientFrom, shown: credential(cluster, 'client') };
  const clientUrls = urlsOf(cluster, 'ETCD_LISTEN_CLIENT_URLS', 'listen-client-urls');
  const peerUrls = urlsOf(cluster, 'ETCD_LISTEN_PEER_URLS', 'listen-peer-urls');
  return [
    ...clientUrls.flatMap((url) => [...strangers, own].map((each) => ({ ...each, url }))),
    ...peerUrls.flatMap((url) => [...strangers, client].map((each) => ({ ...each, url }))),
  ].map(async ({ from, source, shown, url }) => {
    const seen = url.startsWith('http:')
      ? await dialInClear(cluster, url, source)
      : await dialWithOpenssl(cluster, url, source, shown);
    const words = await rejectionsAt(cluster, url, source);
    return withSide({ edge: 'intruder', from, to: url, ...seen }, words);
  });
}

function credential(cluster: Cluster, stem: string): Shown {
  const path = (name: string) => `${cluster.certificates}/${stem}_${name}.pem`;
  return { certificate: path('cert'), key: path('key_insecure') };
}

/** URLs of the first member, from wherever it is told. */
function urlsOf(cluster: Cluster, variable: string, key: string): readonly string[] {
  const member = cluster.plan.members[0];
  const inFile = new RegExp(`^${key}: (.*)$`, 'm').exec(member?.configFile ?? '')?.[1];
  const text = member?.environment[variable] ?? inFile ?? '';
  return text.split(',').filter((url) => url !== '');
}

/** What the listener at a URL has logged about an address; a moment later, since logs come late. */
async function rejectionsAt(
  cluster: Cluster,
  url: string,
  address: string,
): Promise<readonly string[]> {
  const host = new URL(url).hostname;
  const member = cluster.members.find(({ node }) => node.address === host);
  if (member === undefined) {
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
  if (seen.outcome !== 'refused') {
    return { ...seen, serverWords };
  }
  const side = serverWords.length === 0 ? {} : { refusedBy: refusingSide(serverWords) };
  return { ...seen, ...side, serverWords };
}

/** Every member's way to every other one, by what both write in their logs. */
async function peerEdges(cluster: Cluster): Promise<readonly Observation[]> {
  const pairs = cluster.members.flatMap((from) =>
    cluster.members.filter((to) => to !== from).map((to) => ({ from, to })),
  );
  return Promise.all(
    pairs.map(async ({ from, to }) => {
      await until(async () => (await peerEdge(cluster, from, to)).outcome !== 'unseen', 6000);
      return peerEdge(cluster, from, to);
    }),
  );
}

async function peerEdge(
  cluster: Cluster,
  from: ClusterMember,
  to: ClusterMember,
): Promise<Observation> {
  const log = await cluster.logs(from.name);
  const id = memberIds(log).get(to.peerUrl) ?? 'unknown';
  const ends = { edge: 'peer', from: from.name, to: to.peerUrl } as const;
  if (hasDialled(log, id)) {
    return { ...ends, outcome: 'accepted', clientWords: [], serverWords: [] };
  }
  const clientWords = failuresTowards(log, id, to.peerUrl);
  const serverWords = rejections(await cluster.logs(to.name))
    .filter(({ address }) => address === from.node.address)
    .map(({ error }) => error);
  const isRefused = serverWords.length > 0 || clientWords.some((words) => /tls:|x509:/.test(words));
  const outcome = isRefused ? 'refused' : 'unseen';
  return withSide({ ...ends, outcome, clientWords }, serverWords);
}

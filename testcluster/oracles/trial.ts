import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startCluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { type Fault, withFault } from '../faults/index.ts';
import { clientUrl, type Node } from '../nodes.ts';
import { type Plan, planOf } from '../plan.ts';
import { clientAddresses } from '../runtimes/netns.ts';
import { rejections } from '../truth/log.ts';
import { settled } from '../truth/observe.ts';
import type { Cluster } from '../types.ts';
import type { Answer, OracleClient, Program } from './oracle-client.ts';
import { onThisMachine, type ClientAccess, accessOf } from './client-access.ts';

/** The settings of a program, what it answered, and what etcd logged about it. */
export interface Heard {
  readonly client: string;
  readonly program: Program;
  readonly given: ClientAccess;
  readonly answers: readonly (Answer & { readonly serverWords: readonly string[] })[];
}

/** A program to ask. */
export interface Asked {
  readonly client: OracleClient;
  readonly program: Program;
}

const recordings = join(import.meta.dirname, '..', '..', '.cache', 'oracles', 'recordings');

/** The cert set that one run of a fault was started with, and what came of it. */
export interface Recording {
  readonly set: string;
  readonly heard: readonly Heard[];
}

/** Starts real etcd with a fault and lets every program connect, one after another; keeps what was heard. */
export async function record(
  fault: Fault,
  binaries: EtcdBinaries,
  asked: readonly Asked[],
): Promise<void> {
  for (const members of [1, 3] as const) {
    const some = asked.filter(({ client }) => (client.members ?? 1) === members);
    if (some.length > 0) await recordOn(members, fault, binaries, some);
  }
}

async function recordOn(
  members: 1 | 3,
  fault: Fault,
  binaries: EtcdBinaries,
  asked: readonly Asked[],
): Promise<void> {
  const place = placeOf(fault, binaries, members);
  const directory = await mkdtemp(join(tmpdir(), 'etcd-oracles-'));
  try {
    await using cluster = await startCluster({
      runtime: 'netns',
      etcd: binaries.name,
      directory: join(directory, 'cluster'),
      plan: (nodes) => planFor(nodes.slice(0, members), fault),
      unready: 'everybody',
    });
    await mkdir(place, { recursive: true });
    await rm(join(place, 'set'), { recursive: true, force: true });
    await cp(cluster.set, join(place, 'set'), { recursive: true });
    await settled(cluster);
    const heard: Heard[] = [];
    for (const each of asked) heard.push(await listen(each, cluster, directory));
    const before = await heardAt(place);
    const isNew = (one: Heard) =>
      heard.every(
        ({ client, program }) => client !== one.client || program.release !== one.program.release,
      );
    const all = [...before.filter(isNew), ...heard];
    await writeFile(join(place, 'heard.json'), JSON.stringify(all, undefined, 1));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function planFor(nodes: readonly Node[], fault: Fault): Plan {
  const sound = planOf({ runtime: 'netns', settings: 'fixed', keys: 'ecdsa', nodes });
  const clients = { etcdctlEndpoints: nodes.map(clientUrl) };
  return withFault({ ...sound, clients }, fault);
}

async function listen(
  { client, program }: Asked,
  cluster: Cluster,
  scratch: string,
): Promise<Heard> {
  const given = accessOf(cluster.plan.clients);
  const directory = await mkdtemp(join(scratch, 'client-'));
  const counts = await rejectionsOf(cluster);
  const answers = await client.connect({
    program,
    given: onThisMachine(given, cluster.certificates),
    cluster,
    directory,
  });
  await pause(200);
  const after = await rejectionsOf(cluster);
  const withServers = answers.map((answer) => {
    const member = cluster.members.find(({ clientUrl: url }) => url === answer.to)?.name ?? 'node1';
    const words = (after.get(member) ?? []).slice(counts.get(member)?.length ?? 0);
    return { ...answer, words: ofInterest(answer), serverWords: [...new Set(words)] };
  });
  return { client: client.name, program, given, answers: withServers };
}

/** What was said on the way to success is of no interest. */
function ofInterest({ outcome, words }: Answer): readonly string[] {
  if (outcome === 'accepted') return [];
  const some = words.filter((line) => line.trim() !== '').map((line) => line.slice(0, 1500));
  return [...new Set(some.map((line) => line.replaceAll('\\"', '"')))].slice(-60);
}

/** By member, what its log says of connections of clients: the member's own come from elsewhere. */
async function rejectionsOf(cluster: Cluster): Promise<ReadonlyMap<string, readonly string[]>> {
  const [own] = clientAddresses;
  const all = cluster.members.map(async ({ name }) => {
    const ofClient = rejections(await cluster.logs(name)).filter(({ address }) => address === own);
    return [name, ofClient.map(({ error }) => error)] as const;
  });
  return new Map(await Promise.all(all));
}

/** What is kept of the last runs of a fault. */
export async function recorded(
  fault: Fault,
  binaries: EtcdBinaries,
): Promise<readonly Recording[]> {
  const places = ([1, 3] as const).map((members) => placeOf(fault, binaries, members));
  return Promise.all(
    places.map(async (place) => ({ set: join(place, 'set'), heard: await heardAt(place) })),
  );
}

async function heardAt(place: string): Promise<readonly Heard[]> {
  const text = await readFile(join(place, 'heard.json'), 'utf8').catch(() => '[]');
  const heard: unknown = JSON.parse(text);
  if (!areHeard(heard)) throw new Error(`${place} holds nothing that was heard`);
  return heard;
}

function placeOf({ name }: Fault, { version }: EtcdBinaries, members: 1 | 3): string {
  return join(recordings, version, `${name}-${members}`);
}

/** The file was written by this program. */
function areHeard(value: unknown): value is readonly Heard[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object');
}

import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EtcdBinaries, etcdBinaries } from './etcd-binaries.ts';
import { logFileOf, type Places, startMember } from './members.ts';
import { clientUrl, type Node, nodesOf, onFreePorts, peerUrl } from './nodes.ts';
import { type Plan, planOf } from './plan.ts';
import { endProcess, isRunning } from './processes.ts';
import { waitUntilReady } from './readiness.ts';
import { type Access, asApi3, clientFlags } from './access.ts';
import { run } from './run.ts';
import { stopCompose } from './runtimes/compose.ts';
import { containerAccess, launchContainers } from './runtimes/docker.ts';
import { nativePlacement } from './runtimes/placement.ts';
import { namespacePlacement } from './runtimes/netns.ts';
import type { Cluster, ClusterMember, ClusterOptions, Handle } from './types.ts';
import { certificatesIn, writePlan } from './write-plan.ts';

export type { Cluster, ClusterOptions } from './types.ts';

/** Writes a cluster's files, starts it and waits until its members serve. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'etcd-testcluster-')));
  const places = { set: join(directory, 'set'), work: join(directory, 'work') };
  await mkdir(places.work, { recursive: true });
  const nodes = await nodesFor(options);
  const { runtime, settings = 'fixed', keys = 'ecdsa' } = options;
  const plan = options.plan?.(nodes) ?? planOf({ runtime, settings, nodes, keys });
  await writePlan(plan, places.set);
  const handle = await launch(plan, places, options);
  const temporary = options.directory === undefined ? directory : undefined;
  try {
    const cluster = await clusterOf({ plan, places, options, handle, temporary });
    await waitUntilReady(cluster, options);
    return cluster;
  } catch (error) {
    await stopHandle(handle);
    await discard(temporary);
    throw error;
  }
}

async function discard(directory: string | undefined): Promise<void> {
  if (directory !== undefined) {
    await rm(directory, { recursive: true, force: true });
  }
}

async function nodesFor(options: ClusterOptions): Promise<readonly Node[]> {
  const nodes = nodesOf(options.runtime);
  const free = options.runtime === 'native' && options.ports === 'free';
  return free ? onFreePorts(nodes) : nodes;
}

async function launch(plan: Plan, places: Places, options: ClusterOptions): Promise<Handle> {
  const { runtime } = options;
  if (runtime === 'docker') {
    return launchContainers(plan, places, options);
  }
  const binaries = await etcdBinaries(options.etcd);
  const placement =
    runtime === 'netns'
      ? await namespacePlacement(plan.nodes, places.work)
      : nativePlacement(plan.nodes);
  const started = plan.members.map(async (member) => {
    const { name } = member.node;
    const surroundings = { inside: placement.inside[name] ?? [], tuning: options.tuning ?? {} };
    return [name, await startMember(member, places, binaries, surroundings)] as const;
  });
  return { runtime, placement, processes: Object.fromEntries(await Promise.all(started)) };
}

interface Launched {
  readonly plan: Plan;
  readonly places: Places;
  readonly options: ClusterOptions;
  readonly handle: Handle;
  /** What to remove in the end. */
  readonly temporary: string | undefined;
}

async function clusterOf(launched: Launched): Promise<Cluster> {
  const { plan, places, options, handle, temporary } = launched;
  const members = membersOf(plan);
  const stop = async () => {
    await stopHandle(handle);
    await discard(temporary);
  };
  const access =
    handle.compose === undefined
      ? processAccess(launched, await etcdBinaries(options.etcd))
      : containerAccess(handle.compose);
  return {
    ...access,
    ...(await access.release()),
    runtime: handle.runtime,
    plan,
    set: places.set,
    certificates: certificatesIn(places.set),
    members,
    handle,
    etcdctl: async (...parameters) => access.etcdctl(members, parameters),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function processAccess(
  { plan, places, handle: { processes, placement } }: Launched,
  binaries: EtcdBinaries,
): Access {
  const runHere: Cluster['run'] = async (command, parameters, where = {}) => {
    const { client, inside } = placement;
    const prefix = where.inside === undefined ? client : (inside[where.inside] ?? []);
    const [program = command, ...rest] = [...prefix, command, ...parameters];
    return run(program, rest, where);
  };
  return {
    release: async () => Promise.resolve(binaries),
    logs: async (name) => {
      const member = plan.members.find(({ node }) => node.name === name);
      return member === undefined ? '' : readFile(logFileOf(member, places), 'utf8');
    },
    isRunning: async (name) => {
      const started = processes[name];
      return started !== undefined && (await isRunning(started));
    },
    run: runHere,
    etcdctl: async (members, parameters) => {
      const flags = clientFlags(members, certificatesIn(places.set));
      return runHere(binaries.etcdctl, [...flags, ...parameters], asApi3);
    },
  };
}

function membersOf(plan: Plan): readonly ClusterMember[] {
  return plan.members.map(({ node }) => ({
    name: node.name,
    node,
    clientUrl: clientUrl(node),
    peerUrl: peerUrl(node),
  }));
}

/** Ends what belongs to a cluster and nothing else: members first, then what they ran on. */
export async function stopHandle(handle: Handle): Promise<void> {
  await Promise.all(Object.values(handle.processes).map(endProcess));
  if (handle.placement.holder !== undefined) {
    await endProcess(handle.placement.holder);
  }
  if (handle.compose !== undefined) {
    await stopCompose(handle.compose);
  }
}

import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { etcdBinaries } from './etcd-binaries.ts';
import { logFileOf, startMember } from './members.ts';
import { clientUrl, type Node, nodesOf, onFreePorts, peerUrl } from './nodes.ts';
import { type Plan, planOf } from './plan.ts';
import { endProcess, isRunning } from './processes.ts';
import { waitUntilReady } from './readiness.ts';
import { run, type RunOptions } from './run.ts';
import { stopCompose } from './runtimes/compose.ts';
import { containerAccess, launchContainers } from './runtimes/docker.ts';
import { nativeGround } from './runtimes/ground.ts';
import { netnsGround } from './runtimes/netns.ts';
import type { Cluster, ClusterMember, ClusterOptions, Handle } from './types.ts';
import { certificatesIn, writePlan } from './write-plan.ts';

export type { Cluster, ClusterMember, ClusterOptions, Handle } from './types.ts';

/** Writes a cluster's files, starts it and waits until its members serve. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'etcd-testcluster-')));
  await mkdir(directory, { recursive: true });
  const nodes = await nodesFor(options);
  const { runtime, settings = 'mended', keys = 'ecdsa' } = options;
  const plan = options.plan?.(nodes) ?? planOf({ runtime, settings, nodes, keys });
  await writePlan(plan, directory);
  const handle = await launch(plan, directory, options);
  try {
    const cluster = await clusterOf(plan, directory, options, handle);
    await waitUntilReady(cluster, options);
    return cluster;
  } catch (error) {
    await stopHandle(handle);
    throw error;
  }
}

async function nodesFor(options: ClusterOptions): Promise<readonly Node[]> {
  const nodes = nodesOf(options.runtime);
  const free = options.runtime === 'native' && options.ports === 'free';
  return free ? onFreePorts(nodes) : nodes;
}

async function launch(plan: Plan, directory: string, options: ClusterOptions): Promise<Handle> {
  const { runtime } = options;
  if (runtime === 'docker') {
    return launchContainers(plan, directory, options);
  }
  const binaries = await etcdBinaries(options.etcd);
  const ground =
    runtime === 'netns' ? await netnsGround(plan.nodes, directory) : nativeGround(plan.nodes);
  const started = plan.members.map(async (member) => {
    const inside = ground.inside[member.node.name] ?? [];
    return [member.node.name, await startMember(member, directory, binaries, inside)] as const;
  });
  return { runtime, ground, processes: Object.fromEntries(await Promise.all(started)) };
}

async function clusterOf(
  plan: Plan,
  directory: string,
  options: ClusterOptions,
  handle: Handle,
): Promise<Cluster> {
  const members = membersOf(plan);
  const { version, goVersion, etcdctl } = await etcdBinaries(options.etcd);
  const stop = async () => {
    await stopHandle(handle);
    if (options.directory === undefined) {
      await rm(directory, { recursive: true, force: true });
    }
  };
  const access =
    handle.compose === undefined
      ? processAccess(plan, directory, handle)
      : containerAccess(handle.compose);
  return {
    runtime: handle.runtime,
    version,
    goVersion,
    plan,
    directory,
    certificates: certificatesIn(directory),
    members,
    handle,
    logs: access.logs,
    isRunning: access.isRunning,
    run: access.run,
    etcdctl: async (...parameters) => {
      const flags = clientFlags(members, certificatesIn(directory));
      return access.run(etcdctl, [...flags, ...parameters], asApi3);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function processAccess(
  plan: Plan,
  directory: string,
  { processes, ground }: Handle,
): Pick<Cluster, 'logs' | 'isRunning' | 'run'> {
  return {
    logs: async (name) => {
      const member = plan.members.find(({ node }) => node.name === name);
      return member === undefined ? '' : readFile(logFileOf(member, directory), 'utf8');
    },
    isRunning: async (name) => {
      const started = processes[name];
      return started !== undefined && (await isRunning(started));
    },
    run: async (command, parameters, where = {}) => {
      const { client, inside } = ground;
      const prefix = where.inside === undefined ? client : (inside[where.inside] ?? []);
      const [program = command, ...rest] = [...prefix, command, ...parameters];
      return run(program, rest, where);
    },
  };
}

/** etcdctl of 3.3 speaks version 2 unless told otherwise. */
const asApi3: RunOptions = { environment: { ETCDCTL_API: '3' }, timeoutMilliseconds: 20_000 };

/** What tells etcdctl about all members and the client's certificate. */
function clientFlags(members: readonly ClusterMember[], certificates: string): readonly string[] {
  return [
    `--endpoints=${members.map((member) => member.clientUrl).join(',')}`,
    `--cacert=${join(certificates, 'ca_cert.pem')}`,
    `--cert=${join(certificates, 'client_cert.pem')}`,
    `--key=${join(certificates, 'client_key_insecure.pem')}`,
  ];
}

function membersOf(plan: Plan): readonly ClusterMember[] {
  return plan.members.map(({ node }) => ({
    name: node.name,
    node,
    clientUrl: clientUrl(node),
    peerUrl: peerUrl(node),
  }));
}

/** Ends what belongs to a cluster and nothing else: members first, then what they stood on. */
export async function stopHandle(handle: Handle): Promise<void> {
  await Promise.all(Object.values(handle.processes).map(endProcess));
  if (handle.ground.holder !== undefined) {
    await endProcess(handle.ground.holder);
  }
  if (handle.compose !== undefined) {
    await stopCompose(handle.compose);
  }
}

import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { longAgo, withFault } from '../faults/fault.ts';
import { clientUrl, inSubnet, type Node, nodesOf } from '../nodes.ts';
import { type MemberPlan, type Plan, planOf } from '../plan.ts';
import type { Recipe } from '../recipe.ts';
import { until, endProcess } from '../processes.ts';
import { certificatesIn } from '../write-plan.ts';
import type { Scene } from './scene.ts';
import type { Stage } from './situation.ts';

/** A stage that is up: everything of a scene but what has to be undone. */
export type Standing = Omit<Scene, 'later'> & { readonly stop: () => Promise<void> };

/** Starts a cluster with a machine for fronts and one for a member to come. */
export async function standing(stage: Stage, binaries: EtcdBinaries): Promise<Standing> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-situation-'));
  const extra = join(directory, 'extra');
  const places = { set: join(directory, 'set'), work: join(directory, 'work') };
  const machines = machinesOf(stage);
  const plan = planFor(stage, machines);
  const cluster = await startCluster({
    runtime: 'netns',
    etcd: binaries.version,
    directory,
    plan: () => plan,
    ...(stage.tuning && { tuning: stage.tuning }),
    unready: [...(stage.unready ?? []), ...(stage.absent ?? [])],
  });
  await mkdir(extra);
  await moveExtras(certificatesIn(places.set), extra);
  for (const name of stage.absent ?? []) {
    const started = cluster.handle.processes[name];
    if (started !== undefined) await endProcess(started);
  }
  await settled(cluster);
  const { front, spare } = machines;
  return {
    cluster,
    binaries,
    places,
    extra,
    front,
    spare: memberToCome(machines.members, spare),
    log: async (member) => readFile(join(places.work, `${member}.log`), 'utf8').catch(() => ''),
    stop: async () => {
      await cluster.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** etcd writes the version of the cluster into its log soon after the start. */
async function settled(cluster: Cluster): Promise<void> {
  const said = /set cluster version|updated cluster version|set the initial cluster version/;
  const [first] = cluster.members;
  await until(async () => said.test(await cluster.logs(first?.name ?? '')), 5000);
}

interface Machines {
  readonly members: readonly Node[];
  readonly spare: Node;
  readonly front: Node;
}

function machinesOf(stage: Stage): Machines {
  const usual = [...nodesOf('netns'), ...[4, 5, 6, 7].map(furtherNode)].slice(0, stage.members);
  const members = stage.nodes?.(usual) ?? usual;
  return {
    members,
    spare: furtherNode(8),
    front: { ...furtherNode(9), name: 'front', address: inSubnet(200) },
  };
}

function furtherNode(number: number): Node {
  return {
    name: `node${number}`,
    number,
    hostname: `prod00kube0${number}.ams01.service.moovel.ibm.com`,
    address: inSubnet(100 + number),
    publicAddress: `37.58.99.${100 + number}`,
    clientPort: 2379,
    peerPort: 2380,
  };
}

function planFor(stage: Stage, machines: Machines): Plan {
  const { members, spare, front } = machines;
  const options = { runtime: 'netns', settings: 'fixed', keys: 'ecdsa' } as const;
  const sound = planOf({ ...options, nodes: members });
  const changed = withFault(
    { ...sound, clients: { etcdctlEndpoints: members.map(clientUrl) } },
    { name: '', what: '', changes: stage.changes ?? {} },
  );
  const { leaves } = planOf({ ...options, nodes: [spare] }).recipe;
  return {
    ...changed,
    nodes: [...members, spare, front],
    recipe: withExtras(changed.recipe, {
      ...leaves,
      ...renewedLeaf(machines),
      ...extraLeaves(front),
    }),
  };
}

/** Of what is in the set, only these belong to it. */
const prefixesOfTheSet = /^(ca|peer_ca|client|node_[1-7](_peer)?)_|\.crl$/;

async function moveExtras(certificates: string, extra: string): Promise<void> {
  for (const name of await readdir(certificates)) {
    if (prefixesOfTheSet.test(name)) continue;
    await rename(join(certificates, name), join(extra, name));
  }
}

function withExtras(recipe: Recipe, leaves: Recipe['leaves']): Recipe {
  return {
    ...recipe,
    authorities: {
      ...recipe.authorities,
      other_ca: { commonName: 'Corporate Root CA' },
      same_name_ca: { commonName: 'etcd cluster CA' },
      balancer_ca: { commonName: 'Load Balancer CA' },
    },
    leaves: { ...leaves, ...recipe.leaves },
  };
}

/** A new certificate for the first member, which nothing serves yet. */
function renewedLeaf({ members }: Machines): Recipe['leaves'] {
  const nodes = members.slice(0, 1);
  const { leaves } = planOf({ runtime: 'netns', settings: 'fixed', keys: 'ecdsa', nodes }).recipe;
  const { node_1: leaf } = leaves;
  return leaf === undefined ? {} : { renewed: leaf };
}

/** Certificates that an operator or a front may hold. */
function extraLeaves(front: Node): Recipe['leaves'] {
  const clientAuth = { usages: ['clientAuth'] } as const;
  const hosts = [front.address, 'etcd.example'];
  return {
    expired: { signedBy: 'ca', commonName: 'etcd-client', ...clientAuth, ...longAgo },
    foreign: { signedBy: 'other_ca', commonName: 'etcd-client', ...clientAuth },
    twin: { signedBy: 'same_name_ca', commonName: 'etcd-client', ...clientAuth },
    serving_only: { signedBy: 'ca', commonName: 'etcd-client', usages: ['serverAuth'] },
    of_today: {
      signedBy: 'ca',
      commonName: 'etcd-client',
      ...clientAuth,
      validFrom: new Date(Date.now() - 60_000),
    },
    balancer: { signedBy: 'balancer_ca', commonName: 'lb', hosts, usages: ['serverAuth'] },
    front_of_old: { signedBy: 'ca', commonName: 'front', hosts, ...longAgo },
    front: { signedBy: 'ca', commonName: 'front', hosts, usages: ['serverAuth', 'clientAuth'] },
    // Without a common name, as `etcd grpc-proxy` wants it.
    proxy: { signedBy: 'ca', organization: 'proxy', ...clientAuth },
  };
}

/** The settings with which the spare machine would join the members. */
function memberToCome(members: readonly Node[], spare: Node): MemberPlan {
  const plan = planOf({
    runtime: 'netns',
    settings: 'fixed',
    keys: 'ecdsa',
    nodes: [...members, spare],
  });
  const member = plan.members.at(-1);
  if (member === undefined) throw new Error('there is no machine to spare');
  return {
    ...member,
    environment: { ...member.environment, ETCD_INITIAL_CLUSTER_STATE: 'existing' },
  };
}

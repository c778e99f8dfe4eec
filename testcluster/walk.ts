import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { look } from '../src/audit.ts';
import { deploymentOf } from '../src/deployment/deployment.ts';
import { rollout, type Rollout, type RolloutStep } from '../src/forecast/rollout.ts';
import { rotation } from '../src/forecast/rotation.ts';
import type { Deployment } from '../src/model/deployment.ts';
import type { EtcdBinaries } from './etcd-binaries.ts';
import { startMember } from './members.ts';
import { deployed, deployedDirectory, type Plan, planOf } from './plan.ts';
import { endProcess, isRunning, type StartedProcess, until } from './processes.ts';
import { isReady } from './readiness.ts';
import { type Content, type LeafRecipe, make } from './recipe.ts';
import type { Cluster, ClusterMember } from './types.ts';
import { certificatesIn, writePlan } from './write-plan.ts';

/** What is replaced: leaves by the same CAs, both CAs, or the CA of the peers and the leaves of the clients' port. */
export type Change = 'leaves' | 'authorities' | 'mixed';

/** The three states of a set's files, by name. */
export interface States {
  readonly old: Files;
  readonly new: Files;
  /** The old leaves, and both CAs in every CA file. */
  readonly trusting: Files;
  /** The new leaves, and both CAs in every CA file. */
  readonly renewed: Files;
}

type Files = Readonly<Record<string, Content>>;

const authorityFiles = ['ca_cert.pem', 'peer_ca_cert.pem', 'client_ca.pem'];

/** A sound plan whose client has a CA file of its own, as it has on a host of its own. */
export function walkPlan(nodes: Plan['nodes']): Plan {
  const plan = planOf({ runtime: 'native', settings: 'fixed', keys: 'ecdsa', nodes });
  const { apiserverEndpoints: _, flannel: __, ...clients } = plan.clients;
  return {
    ...plan,
    recipe: {
      ...plan.recipe,
      files: { 'client_ca.pem': (made) => made.authority('ca').certificatePem },
    },
    clients: { ...clients, etcdctlFiles: { CACERT: deployed('client_ca.pem') } },
  };
}

/** Issues the files before and after a change. New CAs have the old names, as they do in practice. */
export async function statesOf(plan: Plan, change: Change): Promise<States> {
  const { authorities, leaves, files } = plan.recipe;
  const { ca = { commonName: 'ca' }, peer_ca: peer = { commonName: 'peer ca' } } = authorities;
  const renewedLeaves = Object.entries(leaves).map(([name, leaf]): [string, LeafRecipe] => {
    const isRotated = change === 'authorities' || (change === 'mixed' && leaf.signedBy !== 'ca');
    return [
      `new_${name}`,
      { ...leaf, signedBy: isRotated ? `new_${leaf.signedBy}` : leaf.signedBy },
    ];
  });
  const made = await make({
    authorities: { ...authorities, new_ca: ca, new_peer_ca: peer },
    leaves: { ...leaves, ...Object.fromEntries(renewedLeaves) },
    files,
  });
  const old = Object.fromEntries(Object.entries(made).filter(([name]) => !name.startsWith('new_')));
  const rotated: readonly string[] = {
    leaves: [],
    mixed: ['peer_ca_cert.pem'],
    authorities: authorityFiles,
  }[change];
  const after = Object.fromEntries(
    Object.entries(old).map(([name, content]): [string, Content] => {
      if (!authorityFiles.includes(name)) return [name, made[`new_${name}`] ?? content];
      const source = name === 'client_ca.pem' ? 'new_ca_cert.pem' : `new_${name}`;
      return [name, rotated.includes(name) ? (made[source] ?? content) : content];
    }),
  );
  const both = (base: Files): Files =>
    Object.fromEntries(
      Object.entries(base).map(([name, content]): [string, Content] =>
        authorityFiles.includes(name)
          ? [name, `${String(old[name])}${String(after[name])}`]
          : [name, content],
      ),
    );
  return { old, new: after, trusting: both(old), renewed: both(after) };
}

/** One stage of a walk: from which files to which, with what is predicted. */
export interface Stage {
  readonly name: string;
  readonly from: Files;
  readonly to: Files;
  readonly predicted: Rollout;
}

/** The replacement in one go, and the phases that are recommended instead. */
export async function stagesOf(
  plan: Plan,
  states: States,
  directory: string,
  binaries: EtcdBinaries,
): Promise<{ readonly direct: Stage; readonly phases: readonly Stage[] }> {
  const old = await deploymentFrom(plan, states.old, join(directory, 'old'), binaries);
  const fresh = await deploymentFrom(plan, states.new, join(directory, 'new'), binaries);
  const ends = {
    'trust-both': { from: states.old, to: states.trusting },
    'new-leaves': { from: states.trusting, to: states.renewed },
    'drop-old': { from: states.renewed, to: states.new },
  } as const;
  return {
    direct: { name: 'direct', from: states.old, to: states.new, predicted: rollout(old, fresh) },
    phases: rotation(old, fresh).map(({ phase, rollout: predicted }) => {
      return { name: phase, ...ends[phase], predicted };
    }),
  };
}

async function deploymentFrom(
  plan: Plan,
  files: Files,
  set: string,
  { version, goVersion }: EtcdBinaries,
): Promise<Deployment> {
  await writePlan(plan, set);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(certificatesIn(set), name), content);
  }
  const request = {
    paths: [set],
    maps: [{ prefix: deployedDirectory, directory: certificatesIn(set) }],
    etcdVersion: version,
    goVersion,
  };
  return deploymentOf(await look(request), request);
}

/** What was seen at one step, in the same words as what is predicted for it. */
export interface SeenStep {
  readonly step: Pick<RolloutStep, 'member' | 'phase'>;
  /** `peer a -> b` and `client -> b`: connections that are refused now. */
  readonly refused: readonly string[];
  /** Whether a write through the members that the client reaches succeeds. */
  readonly writes: boolean;
}

/** The connections that a step is predicted to break. */
export function predictedAt({ broken }: RolloutStep): readonly string[] {
  return broken
    .filter(({ edge }) => edge === 'peer' || edge === 'client')
    .map(({ edge, from, member = '' }) =>
      edge === 'peer' ? `peer ${from} -> ${member}` : `client -> ${member}`,
    )
    .toSorted();
}

/** Walks a running cluster through one stage as an operator would, and looks after each step. */
export async function walk(
  cluster: Cluster,
  { to, predicted }: Stage,
  binaries: EtcdBinaries,
  work: string,
): Promise<readonly SeenStep[]> {
  const processes = new Map<string, StartedProcess>(Object.entries(cluster.handle.processes));
  const seen: SeenStep[] = [];
  for (const { member, phase } of predicted.steps) {
    const plan = cluster.plan.members.find(({ node }) => node.name === member);
    if (plan === undefined) {
      await writeFiles(cluster, to, (name) => name.startsWith('client_'));
    } else if (phase === 'files-written') {
      await writeFiles(cluster, to, (name) => name.startsWith(`node_${plan.node.number}_`));
    } else {
      // All members of this machine read the same CA files, each when it starts.
      await writeFiles(cluster, to, (name) => /^(?:peer_)?ca_cert/.test(name));
      await restart(plan.node.name);
    }
    seen.push({
      step: { ...(member === undefined ? {} : { member }), phase },
      ...(await seenNow()),
    });
  }
  return seen;

  async function restart(name: string): Promise<void> {
    const plan = cluster.plan.members.find(({ node }) => node.name === name);
    const running = processes.get(name);
    if (plan === undefined || running === undefined) throw new Error(`${name} does not run`);
    await endProcess(running);
    await rememberAuthorities(cluster, work, name);
    const surroundings = { inside: [], tuning: {} };
    const places = { set: cluster.set, work };
    const start = async () => startMember(plan, places, binaries, surroundings);
    const started = await startAgainIfEnded(start);
    processes.set(name, started);
    Object.assign(cluster.handle.processes, { [name]: started });
    await until(() => isReady(cluster, name), 8000);
  }

  async function seenNow(): Promise<Pick<SeenStep, 'refused' | 'writes'>> {
    return lookAround(cluster, binaries, work);
  }
}

/** As a service manager does: the lock of the data directory can outlive the process that was killed for a moment. */
async function startAgainIfEnded(start: () => Promise<StartedProcess>): Promise<StartedProcess> {
  let started = await start();
  for (let again = 0; again < 3; again += 1) {
    const hasEnded = async () => !(await isRunning(started));
    if (!(await until(hasEnded, 500))) break;
    started = await start();
  }
  return started;
}

/** A member has in memory what its CA file held when it started: the dialling side judges by that. */
export async function rememberAuthorities(
  cluster: Cluster,
  work: string,
  name: string,
): Promise<void> {
  const memory = join(work, `${name}.memory`);
  await mkdir(memory, { recursive: true });
  await copyFile(join(cluster.certificates, 'peer_ca_cert.pem'), join(memory, 'peer_ca_cert.pem'));
}

async function writeFiles(
  cluster: Cluster,
  files: Files,
  isMeant: (name: string) => boolean,
): Promise<void> {
  for (const [name, content] of Object.entries(files).filter(([each]) => isMeant(each))) {
    await writeFile(join(cluster.certificates, name), content);
  }
}

async function lookAround(
  cluster: Cluster,
  binaries: EtcdBinaries,
  work: string,
): Promise<Pick<SeenStep, 'refused' | 'writes'>> {
  const peers = cluster.members.flatMap((from) =>
    cluster.members
      .filter((to) => to !== from)
      .map(async (to): Promise<readonly string[]> => {
        return (await isPeerAccepted(cluster, work, from, to))
          ? []
          : [`peer ${from.name} -> ${to.name}`];
      }),
  );
  const clients = cluster.members.map(async (to): Promise<readonly string[]> => {
    const isAccepted = await ask(cluster, binaries, [to.clientUrl], 'get', 'a', '--consistency=s');
    return isAccepted ? [] : [`client -> ${to.name}`];
  });
  const refused = (await Promise.all([...peers, ...clients])).flat().toSorted();
  const reachable = cluster.members.filter(({ name }) => !refused.includes(`client -> ${name}`));
  const urls = reachable.map(({ clientUrl }) => clientUrl);
  const writes = urls.length > 0 && (await ask(cluster, binaries, urls, 'put', 'a', 'b'));
  return { refused, writes };
}

/** Dials as a member would now: with its certificate on disk, and the CAs that it has in memory. */
async function isPeerAccepted(
  cluster: Cluster,
  work: string,
  from: ClusterMember,
  to: ClusterMember,
): Promise<boolean> {
  const own = join(cluster.certificates, `node_${from.node.number}_peer`);
  const parameters = [
    '--silent',
    '--http1.1',
    '--max-time',
    '8',
    '--noproxy',
    '*',
    '--cacert',
    join(work, `${from.name}.memory`, 'peer_ca_cert.pem'),
    '--cert',
    `${own}_cert.pem`,
    '--key',
    `${own}_key_insecure.pem`,
    `${to.peerUrl}/version`,
  ];
  // 7 and 28: nothing listens yet, or the machine is slow, which says nothing of certificates.
  for (let tries = 0; ; tries++) {
    const { code } = await cluster.run('curl', parameters);
    if (!(code === 7 || code === 28) || tries === 3) return code === 0;
  }
}

async function ask(
  cluster: Cluster,
  { etcdctl }: EtcdBinaries,
  urls: readonly string[],
  ...command: readonly string[]
): Promise<boolean> {
  const at = (name: string) => join(cluster.certificates, name);
  const parameters = [
    '--endpoints',
    urls.join(','),
    '--dial-timeout=3s',
    '--command-timeout=6s',
    '--cacert',
    at('client_ca.pem'),
    '--cert',
    at('client_cert.pem'),
    '--key',
    at('client_key_insecure.pem'),
    ...command,
  ];
  const environment = { ETCDCTL_API: '3' };
  const first = await cluster.run(etcdctl, parameters, { environment });
  // A time-out may be an election or a slow machine; a refusal is one again.
  return first.code === 0 || (await cluster.run(etcdctl, parameters, { environment })).code === 0;
}

import { setTimeout } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CauseCode } from '../../src/diagnoses/cause.ts';
import type { Cluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { type Places, startMember } from '../members.ts';
import type { Node } from '../nodes.ts';
import { deployedDirectory, type MemberPlan } from '../plan.ts';
import { endPolitely, endProcess, type StartedProcess, startProcess, until } from '../processes.ts';
import { cleanEnvironment } from '../run.ts';

/** A cluster at the moment when something is about to happen to it, and the means to make it happen. */
export interface Scene {
  readonly cluster: Cluster;
  readonly binaries: EtcdBinaries;
  readonly places: Places;
  /** Certificates and keys that are not part of the set: of other CAs, expired, of fronts. */
  readonly extra: string;
  /** A machine of the network without a member, for balancers and proxies. */
  readonly front: Node;
  /** A machine that has certificates, and no member yet. */
  readonly spare: MemberPlan;
  /** What a member or the spare machine has logged so far. */
  log(member: string): Promise<string>;
  /** What to undo, last first. */
  readonly later: (() => Promise<unknown>)[];
}

/** What `explain` stated, with a line of it. */
export interface Cited {
  readonly cause: CauseCode;
  /** Whether it leaves the cause open. */
  readonly isOpen: boolean;
  readonly line: string;
}

/** Runs shell commands in the namespace of a member, or a client's; any that fails is an error. */
export async function inside(
  { cluster }: Scene,
  place: string | undefined,
  ...commands: readonly string[]
): Promise<string> {
  let said = '';
  for (const command of commands) {
    const where = place === undefined ? {} : { inside: place };
    const { code, stdout, stderr } = await cluster.run('sh', ['-c', command], where);
    if (code !== 0) throw new Error(`${place ?? 'client'}: ${command}: ${stderr}`);
    said += stdout;
  }
  return said;
}

/** Does it now, and undoes it afterwards, in the namespace of a member or a client's. */
export async function meanwhile(
  scene: Scene,
  place: string | undefined,
  make: string,
  undo: string,
): Promise<void> {
  await inside(scene, place, make);
  scene.later.push(async () => inside(scene, place, undo));
}

/** A rule of iptables for as long as the situation lasts. */
export async function filtered(scene: Scene, place: string, ...rules: readonly string[]) {
  for (const rule of rules) {
    await meanwhile(scene, place, `iptables ${rule}`, `iptables ${rule.replace(/-[AI] /, '-D ')}`);
  }
}

/** What /etc/hosts says for a client of the cluster. */
export async function named(
  scene: Scene,
  names: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  const file = join(scene.places.work, 'hosts');
  const lines = Object.entries({ localhost: '127.0.0.1', ...names }).flatMap(([name, addresses]) =>
    [addresses].flat().map((address) => `${address} ${name}\n`),
  );
  await writeFile(file, lines.join(''));
  await meanwhile(scene, undefined, `mount --bind ${file} /etc/hosts`, 'umount /etc/hosts');
}

/** Starts a program in a namespace and waits until a port of it listens. */
export async function serving(
  scene: Scene,
  place: string,
  command: readonly string[],
  port: number,
): Promise<void> {
  const log = join(scene.places.work, `${command[0]?.split('/').at(-1)}.log`);
  const prefix = scene.cluster.handle.placement.inside[place] ?? [];
  const environment = { ...cleanEnvironment(), PATH: `${process.env['PATH']}:/usr/sbin` };
  const started = await startProcess([...prefix, ...command], log, environment);
  scene.later.push(async () => {
    // Asked politely, nginx ends its workers too.
    await endPolitely(started, 3000);
    await endProcess(started);
  });
  const listens = `ss -Hltn sport = :${port} | grep -q .`;
  const isThere = async () =>
    (await scene.cluster.run('sh', ['-c', listens], { inside: place })).code === 0;
  if (!(await until(isThere, 15_000))) throw new Error(`${command.join(' ')} never listened`);
}

export function processOf({ cluster }: Scene, member: string): StartedProcess {
  const started = cluster.handle.processes[member];
  if (started === undefined) throw new Error(`there is no process of ${member}`);
  return started;
}

/**
 * Stops the process where it is, and lets it go on afterwards, until the members have said what they
 * have to say of it: a stream that waited longer than 5 s is closed (rafthttp.ConnReadTimeout).
 */
export function frozen(scene: Scene, ...members: readonly string[]): void {
  for (const member of members) {
    const { id } = processOf(scene, member);
    process.kill(id, 'SIGSTOP');
    scene.later.push(async () => {
      process.kill(id, 'SIGCONT');
      await setTimeout(7000);
    });
  }
}

export async function ended(scene: Scene, ...members: readonly string[]): Promise<void> {
  await Promise.all(members.map(async (member) => endProcess(processOf(scene, member))));
}

/** Starts a member, again or for the first time; the situation's end ends it. */
export async function starts(
  scene: Scene,
  member: MemberPlan,
  environment: MemberPlan['environment'] = {},
): Promise<void> {
  const plan = { ...member, environment: { ...member.environment, ...environment } };
  const surroundings = {
    inside: scene.cluster.handle.placement.inside[member.node.name] ?? [],
    tuning: {},
  };
  const process = await startMember(plan, scene.places, scene.binaries, surroundings);
  scene.later.push(async () => endProcess(process));
}

export function planOfMember({ cluster }: Scene, name: string): MemberPlan {
  const member = cluster.plan.members.find(({ node }) => node.name === name);
  if (member === undefined) throw new Error(`there is no member ${name}`);
  return member;
}

export async function untilLogged(
  scene: Scene,
  member: string,
  words: RegExp,
  times = 1,
): Promise<void> {
  const all = new RegExp(words, 'g');
  const isThere = async () => [...(await scene.log(member)).matchAll(all)].length >= times;
  if (!(await until(isThere, 40_000))) throw new Error(`${member} never logged ${words}`);
}

/** etcdctl by the client of the cluster, which must succeed. */
export async function etcdctl({ cluster }: Scene, ...parameters: readonly string[]) {
  const { code, stdout, stderr } = await cluster.etcdctl(...parameters);
  if (code !== 0) throw new Error(`etcdctl ${parameters.join(' ')}: ${stderr}`);
  return stdout;
}

/** The id by which the cluster lists a member. */
export async function idOf(scene: Scene, name: string): Promise<string> {
  const list = await etcdctl(scene, 'member', 'list');
  const line = list.split('\n').find((each) => each.includes(`, ${name}, `));
  const [id] = line?.split(',') ?? [];
  if (id === undefined) throw new Error(`${name} is not listed`);
  return id;
}

/** Makes a member the leader. etcd refuses to transfer leadership to the leader itself. */
export async function leads(scene: Scene, name: string): Promise<void> {
  const id = await idOf(scene, name);
  const status = await etcdctl(scene, 'endpoint', 'status', '--write-out=json');
  const leader = BigInt(/"leader":(\d+)/.exec(status)?.[1] ?? 0).toString(16);
  if (leader !== id) await etcdctl(scene, 'move-leader', id);
}

/** The arguments that give `verify` the whole set. */
export function wholeSet({ cluster }: Scene): readonly string[] {
  return [cluster.set, '--map', `${deployedDirectory}=${cluster.certificates}`];
}

/** The arguments that describe the client who runs `verify`. */
export function client(
  scene: Scene,
  endpoints: readonly string[],
  files: { readonly ca?: string; readonly pair?: string } = {},
): readonly string[] {
  const { ca = 'ca', pair = 'client' } = files;
  return [
    `--endpoints=${endpoints.join(',')}`,
    `--cacert=${fileOf(scene, `${ca}_cert.pem`)}`,
    `--cert=${fileOf(scene, `${pair}_cert.pem`)}`,
    `--key=${fileOf(scene, `${pair}_key_insecure.pem`)}`,
  ];
}

const setNames = /^(ca|peer_ca|client|node_[1-7](_peer)?)_/;

/** A file of the set, or of what is not part of it. */
export function fileOf(scene: Scene, name: string): string {
  return join(setNames.test(name) ? scene.cluster.certificates : scene.extra, name);
}

export function memberAt({ cluster }: Scene, number: number) {
  const member = cluster.members[number - 1];
  if (member === undefined) throw new Error(`there is no member ${number}`);
  return member;
}

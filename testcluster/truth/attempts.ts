import type { MemberPlan } from '../plan.ts';
import { clientAddresses } from '../runtimes/netns.ts';
import type { Cluster, ClusterMember } from '../types.ts';
import type { Shown } from './dial.ts';
import type { Observation } from './observation.ts';

/** A connection that can be tried from where clients are. */
export type Attempt = Pick<Observation, 'edge' | 'from' | 'to'> & {
  readonly member: string;
  readonly port: 'client' | 'peer';
  /** The address it comes from, by which the listener's log distinguishes it from the others. */
  readonly source: string;
  readonly shown?: Shown;
};

const [
  etcdctlAddress = '',
  gatewayAddress = '',
  unusedAddress = '',
  foreignAddress = '',
  memberAddress = '',
  clientAddress = '',
] = clientAddresses;

/** Everything that clients, the gateways and intruders can try. */
export function attemptsAt(cluster: Cluster, foreign: Shown): readonly Attempt[] {
  return cluster.members.flatMap((member, index) => [
    ...(index === 0 ? clientAttempts(cluster, member) : []),
    ...attemptsAtMember(cluster, member, foreign),
  ]);
}

function clientAttempts(cluster: Cluster, { name }: ClusterMember): readonly Attempt[] {
  return cluster.plan.clients.etcdctlEndpoints.flatMap((to): readonly Attempt[] => {
    const source = isLoopback(to) ? '127.0.0.1' : etcdctlAddress;
    const attempt = { edge: 'client', to, member: name, port: 'client', source } as const;
    const isUnnamed = ownerOfClientCertificate(cluster) === unnamedClient;
    const names = isUnnamed ? ['etcdctl', unnamedClient] : ['etcdctl'];
    return names.map((from) => ({ ...attempt, from }));
  });
}

/** What the audit calls a client of which it knows the certificate alone: by its common name. */
export const unnamedClient = 'etcd-client';

/** The owner of the client certificate: etcdctl, unless it is set to another one or to none. */
function ownerOfClientCertificate({ plan: { clients } }: Cluster): string {
  const { etcdctlFiles = {} } = clients;
  return 'CERT' in etcdctlFiles ? unnamedClient : 'etcdctl';
}

/** Whether a member listens there without TLS, and so never logs why a handshake failed. */
export function isServedInClear(cluster: Cluster, name: string, url: string): boolean {
  const plan = cluster.plan.members.find(({ node }) => node.name === name);
  const own = [
    ...urlsOf(plan, 'ETCD_LISTEN_CLIENT_URLS', 'listen-client-urls'),
    ...urlsOf(plan, 'ETCD_LISTEN_PEER_URLS', 'listen-peer-urls'),
  ];
  return url.startsWith('http:') && own.includes(url);
}

function attemptsAtMember(
  cluster: Cluster,
  member: ClusterMember,
  foreign: Shown,
): readonly Attempt[] {
  const { name, node } = member;
  const plan = cluster.plan.members.find((each) => each.node.name === name);
  const clientUrls = urlsOf(plan, 'ETCD_LISTEN_CLIENT_URLS', 'listen-client-urls');
  const peerUrls = urlsOf(plan, 'ETCD_LISTEN_PEER_URLS', 'listen-peer-urls');
  const own = credential(cluster, `node_${node.number}_peer`);
  const hasOwn =
    plan?.environment['ETCD_PEER_CERT_FILE'] !== undefined ||
    plan?.configFile?.includes('peer-transport-security') === true;
  const client = credential(cluster, 'client');
  const owner = ownerOfClientCertificate(cluster);
  const encrypted = clientUrls.find((url) => url.startsWith('https:'));
  return [
    ...(encrypted === undefined ? [] : [selfDial(member, encrypted)]),
    ...clientUrls.flatMap((to) => [
      ...foreignAttempts(member, foreign, to, 'client'),
      ...(hasOwn ? [intruder(member, name, to, 'client', memberAddress, own)] : []),
    ]),
    ...peerUrls.flatMap((to) => [
      ...foreignAttempts(member, foreign, to, 'peer'),
      intruder(member, owner, to, 'peer', clientAddress, client),
    ]),
  ];
}

function selfDial({ name }: ClusterMember, to: string): Attempt {
  return { edge: 'self', from: name, to, member: name, port: 'client', source: gatewayAddress };
}

function foreignAttempts(
  member: ClusterMember,
  foreign: Shown,
  to: string,
  port: Attempt['port'],
): readonly Attempt[] {
  return [
    intruder(member, 'nobody', to, port, unusedAddress),
    intruder(member, 'foreign', to, port, foreignAddress, foreign),
  ];
}

function intruder(
  { name }: ClusterMember,
  from: string,
  to: string,
  port: Attempt['port'],
  source: string,
  shown?: Shown,
): Attempt {
  const own = isLoopback(to) ? `127.0.0.${source.split('.').at(-1) ?? '1'}` : source;
  const attempt = { edge: 'intruder', from, to, member: name, port, source: own } as const;
  return { ...attempt, ...(shown === undefined ? {} : { shown }) };
}

/** There every address of 127.0.0.0/8 is one's own. */
export function isLoopback(url: string): boolean {
  return /\/\/(127\.|localhost|\[::1\])/.test(url);
}

function credential(cluster: Cluster, stem: string): Shown {
  const prefix = `${cluster.certificates}/${stem}`;
  return { certificate: `${prefix}_cert.pem`, key: `${prefix}_key_insecure.pem` };
}

/** URLs of a member, from wherever they are set. */
function urlsOf(plan: MemberPlan | undefined, variable: string, key: string): readonly string[] {
  const inFile = new RegExp(`^${key}: (.*)$`, 'm').exec(plan?.configFile ?? '')?.[1];
  const text = inFile ?? plan?.environment[variable] ?? '';
  return text.split(',').filter((url) => url !== '');
}

import { clientAddresses } from '../runtimes/netns.ts';
import type { Cluster, ClusterMember } from '../types.ts';
import type { Shown } from './dial.ts';
import type { Observation } from './observation.ts';

/** A connection that can be tried from where clients are. */
export type Attempt = Pick<Observation, 'edge' | 'from' | 'to'> & {
  readonly port: 'client' | 'peer';
  /** The address it comes from, by which the listener's log tells it from the others. */
  readonly source: string;
  readonly shown?: Shown;
};

const [
  etcdctlAddress = '',
  gatewayAddress = '',
  nobodyAddress = '',
  foreignAddress = '',
  memberAddress = '',
  clientAddress = '',
] = clientAddresses;

/** Everything that clients, the gateway and intruders can try at the first member. */
export function attemptsAt(
  cluster: Cluster,
  member: ClusterMember,
  foreign: Shown,
): readonly Attempt[] {
  const clientUrls = urlsOf(cluster, 'ETCD_LISTEN_CLIENT_URLS', 'listen-client-urls');
  const peerUrls = urlsOf(cluster, 'ETCD_LISTEN_PEER_URLS', 'listen-peer-urls');
  const own = credential(cluster, 'node_1_peer');
  const hasOwn = cluster.plan.members[0]?.environment['ETCD_PEER_CERT_FILE'] !== undefined;
  const client = credential(cluster, 'client');
  const { etcdctlFiles = {} } = cluster.plan.clients;
  const hasClient = !('CERT' in etcdctlFiles || 'KEY' in etcdctlFiles);
  const encrypted = clientUrls.find((url) => url.startsWith('https:'));
  return [
    ...cluster.plan.clients.etcdctlEndpoints.map((to): Attempt => {
      return { edge: 'client', from: 'etcdctl', to, port: 'client', source: etcdctlAddress };
    }),
    ...(encrypted === undefined ? [] : [selfDial(member, encrypted)]),
    ...clientUrls.flatMap((to) => [
      ...strangers(foreign, to, 'client'),
      ...(hasOwn ? [intruder(member.name, to, 'client', memberAddress, own)] : []),
    ]),
    ...peerUrls.flatMap((to) => [
      ...strangers(foreign, to, 'peer'),
      ...(hasClient ? [intruder('etcdctl', to, 'peer', clientAddress, client)] : []),
    ]),
  ];
}

function selfDial({ name }: ClusterMember, to: string): Attempt {
  return { edge: 'self', from: name, to, port: 'client', source: gatewayAddress };
}

function strangers(foreign: Shown, to: string, port: Attempt['port']): readonly Attempt[] {
  return [
    intruder('nobody', to, port, nobodyAddress),
    intruder('foreign', to, port, foreignAddress, foreign),
  ];
}

function intruder(
  from: string,
  to: string,
  port: Attempt['port'],
  source: string,
  shown?: Shown,
): Attempt {
  return { edge: 'intruder', from, to, port, source, ...(shown === undefined ? {} : { shown }) };
}

function credential(cluster: Cluster, stem: string): Shown {
  const prefix = `${cluster.certificates}/${stem}`;
  return { certificate: `${prefix}_cert.pem`, key: `${prefix}_key_insecure.pem` };
}

/** URLs of the first member, from wherever it is told. */
function urlsOf(cluster: Cluster, variable: string, key: string): readonly string[] {
  const member = cluster.plan.members[0];
  const inFile = new RegExp(`^${key}: (.*)$`, 'm').exec(member?.configFile ?? '')?.[1];
  const text = inFile ?? member?.environment[variable] ?? '';
  return text.split(',').filter((url) => url !== '');
}

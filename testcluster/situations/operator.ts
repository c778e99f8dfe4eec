import { longAgo } from '../faults/fault.ts';
import { client, fileOf, meanwhile, memberAt, named, type Scene, wholeSet } from './scene.ts';
import type { Situation, Stage } from './situation.ts';

/** The client that runs `verify` is a client like any other. */
export const operator: readonly Situation[] = [
  {
    name: 'you-sound',
    what: 'a client with the right files, given alone',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'you-sound-by-environment',
    what: 'the same by ETCDCTL_ variables',
    on: 'three',
    arrange: (scene) => ({
      parameters: [],
      environment: {
        ETCDCTL_ENDPOINTS: everyUrl(scene).join(','),
        ETCDCTL_CACERT: fileOf(scene, 'ca_cert.pem'),
        ETCDCTL_CERT: fileOf(scene, 'client_cert.pem'),
        ETCDCTL_KEY: fileOf(scene, 'client_key_insecure.pem'),
      },
    }),
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'you-sound-next-to-the-set',
    what: 'a client with the right files, next to the whole set',
    on: 'three',
    arrange: (scene) => ({
      parameters: [...wholeSet(scene), ...client(scene, everyUrl(scene))],
    }),
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'you-name-in-no-certificate',
    what: 'the operator connects by a name that no certificate has',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, { 'etcd-0.example': memberAt(scene, 1).node.address });
      return { parameters: client(scene, ['https://etcd-0.example:2379']) };
    },
    verify: ['SAN'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'you-name-in-no-certificate-with-the-set',
    what: 'the same with the whole set',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, { 'etcd-0.example': memberAt(scene, 1).node.address });
      return {
        parameters: [...wholeSet(scene), ...client(scene, ['https://etcd-0.example:2379'])],
      };
    },
    verify: ['SAN'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'you-translated-address',
    what: 'the operator connects to an address that NAT translates into that of a member',
    on: 'three',
    arrange: async (scene) => {
      const { node } = memberAt(scene, 1);
      const alias = node.address.replace(/\d+$/, '77');
      const rule = `PREROUTING -t nat -p tcp -d ${alias} -j DNAT --to-destination ${node.address}`;
      await meanwhile(
        scene,
        node.name,
        `ip addr add ${alias}/32 dev eth0 && iptables -A ${rule}`,
        `iptables -D ${rule} && ip addr del ${alias}/32 dev eth0`,
      );
      return { parameters: client(scene, [`https://${alias}:2379`]) };
    },
    verify: ['SAN'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'you-loopback-on-a-member',
    what: 'the operator connects to 127.0.0.1 on a member whose certificate lacks that address',
    on: bareOfLoopback(),
    arrange: (scene) => ({
      parameters: client(scene, ['https://127.0.0.1:2379']),
      inside: memberAt(scene, 1).name,
    }),
    verify: ['SAN'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'you-another-ca',
    what: 'the CA file of the operator is that of another service',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { ca: 'other_ca' }) }),
    verify: ['CA-CLIENT'],
    exit: 1,
    explain: ['CA-CLIENT', 'UNKNOWN'],
  },
  {
    name: 'you-ca-of-the-same-name',
    what: 'the CA file of the operator has the name of the right one and another key',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { ca: 'same_name_ca' }) }),
    verify: ['CA-MIX', 'CA-CLIENT'],
    exit: 1,
    explain: ['CA-CLIENT', 'CA-MIX', 'UNKNOWN'],
  },
  {
    name: 'you-no-ca-file',
    what: 'the operator has certificate and key and gives no CA file',
    on: 'three',
    arrange: (scene) => ({
      parameters: client(scene, everyUrl(scene)).filter((each) => !each.startsWith('--cacert')),
    }),
    verify: [],
    exit: 3,
    explain: [],
  },
  {
    name: 'you-no-certificate',
    what: 'the operator gives the CA file and no certificate',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)).slice(0, 2) }),
    verify: ['NOCERT', 'client-without-certificate'],
    exit: 1,
    explain: ['NOCERT', 'UNKNOWN'],
  },
  {
    name: 'you-expired',
    what: 'the certificate of the operator has expired',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'expired' }) }),
    verify: ['EXPIRED'],
    exit: 1,
    explain: ['EXPIRED', 'UNKNOWN'],
  },
  {
    name: 'you-foreign',
    what: 'the certificate of the operator is of another CA',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'foreign' }) }),
    verify: ['CA-SERVER'],
    exit: 1,
    explain: ['CA-SERVER', 'UNKNOWN'],
  },
  {
    name: 'you-twin',
    what: 'the certificate of the operator is of a CA with the right name and another key',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'twin' }) }),
    verify: ['CA-MIX', 'CA-SERVER'],
    exit: 1,
    explain: ['CA-MIX', 'CA-SERVER'],
  },
  {
    name: 'you-without-client-auth',
    what: 'the certificate of the operator lacks clientAuth',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'serving_only' }) }),
    verify: ['EKU', 'client-certificate-without-client-auth'],
    also: ['right-certificate-refused'],
    exit: 1,
    explain: ['EKU'],
  },
  {
    name: 'you-key-of-another',
    what: 'the key of the operator is that of another certificate',
    on: 'three',
    arrange: (scene) => ({
      parameters: [
        ...client(scene, everyUrl(scene)).slice(0, 3),
        `--key=${fileOf(scene, 'foreign_key_insecure.pem')}`,
      ],
    }),
    verify: ['key-of-another-certificate', 'PEM'],
    exit: 1,
    explain: [],
  },
  {
    name: 'you-url-only',
    what: 'nothing but URLs is given',
    on: 'three',
    arrange: (scene) => ({ parameters: [`--endpoints=${everyUrl(scene).join(',')}`] }),
    verify: [],
    exit: 3,
    explain: [],
  },
  {
    name: 'you-http-to-https',
    what: 'the operator writes http in a URL where etcd listens with https',
    on: 'three',
    arrange: (scene) => ({
      parameters: [`--endpoints=${everyUrl(scene)[0]?.replace('https', 'http')}`],
    }),
    verify: ['endpoint-unreachable', 'SCHEME'],
    exit: 1,
    explain: ['SCHEME', 'UNKNOWN'],
  },
  {
    name: 'you-peer-port',
    what: 'the operator gives the peer port as an endpoint',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, [memberAt(scene, 1).peerUrl]) }),
    verify: [],
    exit: 2,
    explain: [],
  },
  {
    name: 'you-nothing-listens',
    what: 'the operator gives a port on which nothing listens',
    on: 'three',
    arrange: (scene) => ({
      parameters: client(scene, [`https://${memberAt(scene, 1).node.address}:4001`]),
    }),
    verify: ['NET'],
    exit: 1,
    explain: [],
  },
  {
    name: 'you-unknown-name',
    what: 'the name that the operator gives does not resolve',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, {});
      return { parameters: client(scene, ['https://no-such-host.invalid:2379']) };
    },
    verify: ['DNS'],
    exit: 1,
    explain: [],
  },
  {
    name: 'you-expired-server',
    what: 'the server certificate of the only member has expired',
    on: { members: 1, changes: { leaves: { node_1: longAgo } } },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['EXPIRED', 'certificate-expired'],
    exit: 1,
    // 3.7 logs nothing of its own gateway's connection, so that clients' alerts are all there is.
    explain: ['EXPIRED', 'UNKNOWN'],
  },
  {
    name: 'you-server-without-server-auth',
    what: 'the server certificate of the only member lacks serverAuth',
    on: { members: 1, changes: { leaves: { node_1: { usages: ['clientAuth'] } } } },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['EKU'],
    exit: 1,
    explain: ['EKU', 'UNKNOWN'],
  },
  {
    name: 'you-open-port',
    what: 'the client port asks for no client certificate',
    on: {
      members: 1,
      changes: {
        environment: { ETCD_CLIENT_CERT_AUTH: undefined, ETCD_TRUSTED_CA_FILE: undefined },
      },
    },
    arrange: (scene) => ({ parameters: [`--endpoints=${everyUrl(scene).join(',')}`] }),
    verify: ['client-port-admits-anonymous'],
    exit: 1,
    // One line for one ClientHello that was none.
    explain: ['SCHEME'],
  },
];

function bareOfLoopback(): Stage {
  return {
    members: 1,
    changes: { leaves: { node_1: { hosts: ['10.104.100.236', 'node1.example'] } } },
  };
}

export function everyUrl({ cluster }: Scene): readonly string[] {
  return cluster.members.map(({ clientUrl }) => clientUrl);
}

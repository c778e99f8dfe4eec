import type { Node } from '../nodes.ts';
import { clientUrl } from '../nodes.ts';
import { deployed } from '../plan.ts';
import { everyUrl } from './operator.ts';
import { client, fileOf, memberAt, named, type Scene } from './scene.ts';
import type { Asked, Situation } from './situation.ts';

type Expected = Omit<Situation, 'name' | 'what' | 'on' | 'arrange'>;

const sound: Expected = { verify: [], exit: 0, explain: [] };

/** What the environment of the operator says, with something else in it. */
function environmentOf(scene: Scene, other: Readonly<Record<string, string>>): Asked {
  return {
    parameters: [],
    environment: {
      ETCDCTL_ENDPOINTS: everyUrl(scene).join(','),
      ETCDCTL_CACERT: fileOf(scene, 'ca_cert.pem'),
      ETCDCTL_CERT: fileOf(scene, 'client_cert.pem'),
      ETCDCTL_KEY: fileOf(scene, 'client_key_insecure.pem'),
      ...other,
    },
  };
}

const withPlainPort = (node: Node) => ({
  ETCD_LISTEN_CLIENT_URLS: `${clientUrl(node)},http://${node.address}:2378`,
});

const wildcard = ['*.etcd.test', '10.104.100.236', '127.0.0.1', 'localhost'];

/** One member that differs from the others, and operators who mix things up. */
export const rarer: readonly Situation[] = [
  {
    name: 'peer-ca-of-one-member-differs',
    what: 'one of three members trusts another CA for peers than the others',
    on: {
      members: 3,
      unready: ['node1'],
      changes: { environment: { ETCD_PEER_TRUSTED_CA_FILE: deployed('ca_cert.pem') } },
    },
    verify: ['CA-SERVER', 'CA-CLIENT', 'unknown-authority'],
    also: [
      'endpoint-unreachable',
      'no-leader',
      'handshake-refused',
      'peer-port-admits-client',
      'unstarted-member',
      'members-trust-different-authorities',
    ],
    exit: 1,
    explain: ['CA-SERVER', 'CA-CLIENT', 'NET', 'QUORUM'],
  },
  {
    name: 'second-client-url-in-clear',
    what: 'one of three members has a second client URL, in clear',
    on: { members: 3, changes: { environment: withPlainPort } },
    verify: ['plaintext-client-port'],
    exit: 1,
    explain: [],
  },
  {
    name: 'one-member-asks-for-no-certificate',
    what: 'one of three members asks clients for no certificate, seen by a client alone',
    on: {
      members: 3,
      changes: {
        environment: { ETCD_CLIENT_CERT_AUTH: undefined, ETCD_TRUSTED_CA_FILE: undefined },
      },
    },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['client-port-admits-anonymous'],
    also: ['members-accept-different-clients', 'client-port-admits-foreign'],
    exit: 1,
    explain: [],
  },
  {
    name: 'revoked-on-one-member',
    what: 'one of three members has a CRL with the operator in it, seen by a client alone',
    on: {
      members: 3,
      changes: {
        files: {
          'clients.crl': async (made) => made.authority('ca').revoke(['2a']),
        },
        leaves: { client: { serialNumber: '2a' } },
        environment: { ETCD_CLIENT_CRL_FILE: deployed('clients.crl') },
      },
    },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['AUTHZ', 'credential-refused'],
    also: ['ordinary-client-refused', 'members-accept-different-clients'],
    exit: 1,
    explain: ['AUTHZ'],
  },
  {
    name: 'name-of-two-members',
    what: 'the name that the operator connects by leads to two members in turn',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, {
        'etcd.balanced': [1, 2].map((each) => memberAt(scene, each).node.address),
      });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    ...sound,
  },
  {
    name: 'wildcard-covers-the-name',
    what: 'the certificate has a wildcard that covers the name',
    on: { members: 1, changes: { leaves: { node_1: { hosts: wildcard } } } },
    arrange: async (scene) => {
      await named(scene, { 'one.etcd.test': memberAt(scene, 1).node.address });
      return { parameters: client(scene, ['https://one.etcd.test:2379']) };
    },
    ...sound,
  },
  {
    name: 'wildcard-is-for-one-label',
    what: 'the certificate has a wildcard, and the name has one label more',
    on: { members: 1, changes: { leaves: { node_1: { hosts: wildcard } } } },
    arrange: async (scene) => {
      await named(scene, { 'one.of.etcd.test': memberAt(scene, 1).node.address });
      return { parameters: client(scene, ['https://one.of.etcd.test:2379']) };
    },
    verify: ['SAN'],
    exit: 1,
    explain: ['SAN', 'UNKNOWN'],
  },
  {
    name: 'environment-names-the-peer-port',
    what: "ETCDCTL_ENDPOINTS has the peers' port",
    on: 'three',
    arrange: (scene) =>
      environmentOf(scene, {
        ETCDCTL_ENDPOINTS: everyUrl(scene).join(',').replaceAll(':2379', ':2380'),
      }),
    // No report: the message names the client port.
    verify: [],
    exit: 2,
    explain: [],
  },
  {
    name: 'environment-mixes-two-pairs',
    what: "ETCDCTL_CERT is the operator's and ETCDCTL_KEY a member's",
    on: 'three',
    arrange: (scene) =>
      environmentOf(scene, { ETCDCTL_KEY: fileOf(scene, 'node_1_key_insecure.pem') }),
    verify: ['key-of-another-certificate', 'PEM'],
    also: ['credential-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'environment-under-flags',
    what: 'the environment has a CA that is wrong, and the flags have the right one',
    on: 'three',
    arrange: (scene) => ({
      ...environmentOf(scene, { ETCDCTL_CACERT: fileOf(scene, 'other_ca_cert.pem') }),
      parameters: client(scene, everyUrl(scene)),
    }),
    ...sound,
  },
  {
    name: 'you-ca-of-the-peers',
    what: 'the operator trusts the CA of the peers, not that of the clients',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { ca: 'peer_ca' }) }),
    verify: ['CA-CLIENT', 'unknown-authority'],
    also: ['ordinary-client-refused', 'served-certificate-refused'],
    exit: 1,
    explain: ['CA-CLIENT', 'UNKNOWN'],
  },
  {
    name: 'you-certificate-of-a-peer',
    what: 'the operator presents the peer certificate of a member at the client port',
    on: 'three',
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { pair: 'node_1_peer' }) }),
    verify: ['CA-SERVER', 'credential-refused'],
    also: ['ordinary-client-refused', 'credential-refused'],
    exit: 1,
    explain: ['CA-SERVER', 'UNKNOWN'],
  },
];

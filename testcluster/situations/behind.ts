import { longAgo } from '../faults/fault.ts';
import { deployed } from '../plan.ts';
import { everyUrl } from './operator.ts';
import { client, ended, etcdctl, memberAt, named, type Scene, wholeSet } from './scene.ts';
import type { Asked, Situation, Stage } from './situation.ts';

/** Every member has a CRL with the operator in it, and something else is wrong as well. */
function revoking(changes: Stage['changes'] = {}): Stage {
  return {
    members: 3,
    changes: {
      ...changes,
      files: { 'clients.crl': async (made) => made.authority('ca').revoke(['2a']) },
      leaves: { ...changes.leaves, client: { serialNumber: '2a' } },
      everywhere: { ETCD_CLIENT_CRL_FILE: deployed('clients.crl') },
    },
    unready: ['node1', 'node2', 'node3'],
  };
}

const expiredServers = {
  leaves: { node_1: longAgo, node_2: longAgo, node_3: longAgo },
};

async function byUnknownName(scene: Scene): Promise<readonly string[]> {
  await named(scene, { 'etcd-0.example': memberAt(scene, 1).node.address });
  return client(scene, ['https://etcd-0.example:2379']);
}

const both = {
  also: [
    'ordinary-client-refused',
    'served-certificate-refused',
    'credential-refused',
    'right-certificate-refused',
    'handshake-refused',
    'gateway-connection-rejected',
    'certificate-expired',
    'requested-name-not-in-certificate',
    'client-endpoint-not-a-member',
    'unknown-authority',
    'AUTHZ',
    'SAN',
    'CA-CLIENT',
    'CA-SERVER',
    'EXPIRED',
    'DNS',
  ],
  exit: 1,
} as const;

/** Two faults at one connection, of which each side sees its own. */
export const behind: readonly Situation[] = [
  {
    name: 'revoked-behind-another-ca',
    what: 'the operator is revoked everywhere, and trusts the CA of another service',
    on: revoking(),
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { ca: 'other_ca' }) }),
    verify: ['CA-CLIENT', 'AUTHZ', 'unknown-authority'],
    all: ['CA-CLIENT', 'AUTHZ'],
    ...both,
  },
  {
    name: 'revoked-behind-a-name',
    what: 'the operator is revoked everywhere, and connects by a name that no certificate has',
    on: revoking(),
    arrange: async (scene) => ({ parameters: await byUnknownName(scene) }),
    verify: ['SAN', 'AUTHZ'],
    all: ['SAN', 'AUTHZ'],
    ...both,
  },
  {
    name: 'revoked-behind-a-name-with-the-set',
    what: 'the same with the whole set',
    on: revoking(),
    arrange: async (scene) => ({
      parameters: [...wholeSet(scene), ...(await byUnknownName(scene))],
    }),
    verify: ['SAN', 'AUTHZ', 'handshake-refused', 'revoked-certificate-in-use'],
    all: ['SAN'],
    ...both,
  },
  {
    name: 'revoked-behind-expired-servers',
    what: 'the operator is revoked everywhere, and the certificates of the members have expired',
    on: revoking(expiredServers),
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['EXPIRED', 'AUTHZ', 'certificate-expired'],
    all: ['EXPIRED', 'AUTHZ'],
    ...both,
  },
  {
    name: 'foreign-behind-another-ca',
    what: 'certificate and CA file of the operator are those of another service',
    on: 'three',
    arrange: (scene) => ({
      parameters: client(scene, everyUrl(scene), { ca: 'other_ca', pair: 'foreign' }),
    }),
    verify: ['CA-CLIENT', 'CA-SERVER', 'unknown-authority'],
    all: ['CA-CLIENT', 'CA-SERVER'],
    ...both,
  },
  {
    name: 'expired-behind-a-name',
    what: 'the certificate of the operator has expired, and no certificate has the name of the endpoint',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, { 'etcd-0.example': memberAt(scene, 1).node.address });
      return {
        parameters: client(scene, ['https://etcd-0.example:2379'], { pair: 'expired' }),
      };
    },
    verify: ['SAN', 'EXPIRED', 'certificate-expired'],
    all: ['SAN', 'certificate-expired'],
    ...both,
  },
  {
    name: 'foreign-behind-a-name-with-the-set',
    what: 'the certificate of the operator is of another CA, the name in no certificate, with the whole set',
    on: 'three',
    arrange: async (scene) => {
      await named(scene, { 'etcd-0.example': memberAt(scene, 1).node.address });
      const asked: Asked = {
        parameters: [
          ...wholeSet(scene),
          ...client(scene, ['https://etcd-0.example:2379'], { pair: 'foreign' }),
        ],
      };
      return asked;
    },
    // The finding about a file has no side.
    verify: ['SAN', 'CA-SERVER', 'CA-CLIENT', 'unknown-authority'],
    all: ['SAN', 'unknown-authority'],
    ...both,
  },
  {
    name: 'no-rights-behind-expired-servers',
    what: 'the certificates of the members have expired, and no user has the name of the operator, who asks for the survey',
    on: { members: 3, changes: expiredServers, unready: ['node1', 'node2', 'node3'] },
    arrange: async (scene) => {
      const flag = '--insecure-skip-tls-verify';
      await etcdctl(scene, flag, 'user', 'add', 'root:unused');
      await etcdctl(scene, flag, 'user', 'grant-role', 'root', 'root');
      await etcdctl(scene, flag, 'auth', 'enable');
      return { parameters: ['--survey', ...client(scene, everyUrl(scene))] };
    },
    verify: ['EXPIRED', 'client-without-rights'],
    all: ['EXPIRED', 'client-without-rights'],
    ...both,
  },
  {
    name: 'dead-behind-another-ca',
    what: 'one member has ended, and the operator trusts the CA of another service',
    on: { members: 3 },
    arrange: async (scene) => {
      await ended(scene, 'node2');
      return { parameters: client(scene, everyUrl(scene), { ca: 'other_ca' }) };
    },
    verify: ['CA-CLIENT', 'unknown-authority', 'NET'],
    all: ['CA-CLIENT', 'NET'],
    ...both,
    also: [...both.also, 'peer-connection-down'],
  },
  {
    name: 'open-behind-expired-servers',
    what: 'the client ports ask for no certificate, and those of the members have expired',
    on: {
      members: 3,
      changes: {
        ...expiredServers,
        everywhere: { ETCD_CLIENT_CERT_AUTH: undefined, ETCD_TRUSTED_CA_FILE: undefined },
      },
      unready: ['node1', 'node2', 'node3'],
    },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['EXPIRED', 'client-port-admits-anonymous'],
    all: ['EXPIRED', 'client-port-admits-anonymous'],
    ...both,
  },
  {
    name: 'expired-servers-behind-a-name',
    what: 'the certificates of the members have expired, and none has the name of the endpoint',
    on: { members: 3, changes: expiredServers, unready: ['node1', 'node2', 'node3'] },
    arrange: async (scene) => ({ parameters: await byUnknownName(scene) }),
    verify: ['EXPIRED', 'SAN'],
    all: ['EXPIRED', 'SAN'],
    ...both,
  },
  {
    name: 'expired-servers-behind-another-ca',
    what: 'the certificates of the members have expired, and the operator trusts the CA of another service',
    on: { members: 3, changes: expiredServers, unready: ['node1', 'node2', 'node3'] },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene), { ca: 'other_ca' }) }),
    verify: ['EXPIRED', 'CA-CLIENT'],
    all: ['EXPIRED', 'CA-CLIENT'],
    ...both,
  },
];

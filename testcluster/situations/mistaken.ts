import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../issue/issue.ts';
import { shiftClock } from '../shift-clock.ts';
import type { Node } from '../nodes.ts';
import { deployed } from '../plan.ts';
import { haproxy, members, nginx } from './fronts.ts';
import { everyUrl } from './operator.ts';
import { client, ended, etcdctl, frozen, memberAt, named, processOf, wholeSet } from './scene.ts';
import type { Situation, Stage } from './situation.ts';

/** What a kube-apiserver says to a client that it does not know. */
const forbidden = String.raw`default_type application/json; return 403 '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \"system:anonymous\" cannot get path \"/version\"","reason":"Forbidden","details":{},"code":403}';`;

const sound = { verify: [], exit: 0, explain: [] } as const;

/** Every member has a CRL with the operator's certificate in it. */
const revoking: Stage = {
  members: 3,
  changes: {
    files: { 'clients.crl': async (made) => made.authority('ca').revoke(['2a']) },
    leaves: { client: { serialNumber: '2a' } },
    everywhere: { ETCD_CLIENT_CRL_FILE: deployed('clients.crl') },
  },
  unready: ['node1', 'node2', 'node3'],
};

/** Wrong addresses, wrong certificates, and members that are configured in other ways than the operator believes. */
export const mistaken: readonly Situation[] = [
  {
    name: 'name-of-a-member-and-a-web-server',
    what: 'the name leads to a member and to a web server',
    on: 'three',
    arrange: async (scene) => {
      await nginx(scene, 'ssl', 'location / { return 404; }');
      await named(scene, {
        'etcd.balanced': [memberAt(scene, 1).node.address, scene.front.address],
      });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: ['endpoint-unreachable', 'CA-CLIENT', 'SAN'],
    also: ['ordinary-client-refused', 'served-certificate-refused', 'endpoint-unreachable'],
    exit: 1,
    explain: [],
  },
  {
    name: 'api-server',
    what: 'the operator gives the port of a kube-apiserver, which answers 403 to everyone it does not know',
    on: 'three',
    arrange: async (scene) => {
      await nginx(scene, 'ssl http2', `location / { ${forbidden} }`);
      return { parameters: client(scene, [`https://${scene.front.address}:2379`]) };
    },
    verify: ['endpoint-unreachable'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'haproxy-sends-its-own-header',
    what: 'haproxy passes TCP on with send-proxy, of which etcd understands nothing',
    on: 'three',
    arrange: async (scene) => {
      await haproxy(scene, '', ...members(scene).map((server) => `${server} send-proxy`));
      await named(scene, { 'etcd.balanced': scene.front.address });
      return { parameters: client(scene, ['https://etcd.balanced:2379']) };
    },
    verify: ['PROXY', 'NET'],
    exit: 1,
    explain: ['SCHEME', 'UNKNOWN', 'PROXY'],
  },
  {
    name: 'certificate-replaced-on-disk',
    what: 'the certificate of a member was replaced on disk and its key was not',
    on: { members: 3 },
    arrange: async ({ cluster }) => {
      const other = await (
        await issueAuthority({ commonName: 'other' })
      ).issue({
        commonName: 'node1',
        hosts: ['10.104.100.236', '127.0.0.1', 'localhost'],
        usages: ['serverAuth', 'clientAuth'],
      });
      await writeFile(join(cluster.certificates, 'node_1_cert.pem'), other.certificatePem);
    },
    verify: ['key-of-another-certificate', 'PEM'],
    also: [
      'ordinary-client-refused',
      'endpoint-unreachable',
      'unknown-authority',
      'handshake-refused',
    ],
    exit: 1,
  },
  {
    name: 'revoked-everywhere',
    what: "every member has a CRL with the operator's certificate in it, seen by a client alone",
    on: revoking,
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['AUTHZ', 'credential-refused'],
    also: ['ordinary-client-refused', 'right-certificate-refused'],
    exit: 1,
    explain: ['AUTHZ'],
  },
  {
    name: 'revoked-everywhere-with-the-set',
    what: 'the same with the whole set',
    on: revoking,
    arrange: (scene) => ({ parameters: [...wholeSet(scene), ...client(scene, everyUrl(scene))] }),
    // No client is accepted, so the release is not known, and 3.6 cannot read a CRL in PEM.
    verify: ['handshake-refused', 'revoked-certificate-in-use'],
    also: [
      'handshake-refused',
      'gateway-connection-rejected',
      'ordinary-client-refused',
      'right-certificate-refused',
    ],
    exit: 1,
  },
  {
    name: 'another-host-name-is-allowed',
    what: 'the members allow clients whose certificate has one name, and that of the operator has another',
    on: {
      members: 3,
      changes: { everywhere: { ETCD_CLIENT_CERT_ALLOWED_HOSTNAME: 'operators.example' } },
      unready: ['node1', 'node2', 'node3'],
    },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['AUTHZ', 'credential-refused'],
    also: ['ordinary-client-refused', 'right-certificate-refused'],
    exit: 1,
    explain: ['AUTHZ'],
    since: '3.5.0',
  },
  {
    name: 'clients-in-clear',
    what: 'clients connect in clear while peers use TLS, and the operator says http',
    on: {
      members: 3,
      changes: { everywhere: inClear },
    },
    arrange: (scene) => ({
      parameters: [`--endpoints=${everyUrl(scene).join(',').replaceAll('https', 'http')}`],
    }),
    verify: ['plaintext-client-port', 'endpoint-without-tls', 'client-port-admits-anonymous'],
    also: ['endpoint-without-tls', 'plaintext-url-in-member-list', 'plaintext-client-port'],
    exit: 1,
    explain: [],
  },
  {
    name: 'metrics-port-as-endpoint',
    what: 'the operator gives the metrics port as an endpoint',
    on: {
      members: 3,
      changes: {
        everywhere: ({ address }: Node) => ({ ETCD_LISTEN_METRICS_URLS: `http://${address}:2381` }),
      },
    },
    arrange: (scene) => ({
      parameters: client(scene, [`https://${memberAt(scene, 1).node.address}:2381`]),
    }),
    verify: ['SCHEME'],
    exit: 1,
    explain: [],
  },
  {
    name: 'peer-port-of-another-number-as-endpoint',
    what: 'the operator gives the peer port, which has another number than usual, as an endpoint',
    on: { members: 3, nodes: (nodes) => nodes.map((node) => ({ ...node, peerPort: 12_380 })) },
    arrange: (scene) => ({
      parameters: client(scene, [`https://${memberAt(scene, 1).node.address}:12380`]),
    }),
    verify: ['endpoint-unreachable', 'CA-CLIENT', 'CA-SERVER', 'unknown-authority'],
    also: ['ordinary-client-refused', 'served-certificate-refused', 'credential-refused'],
    exit: 1,
  },
  {
    name: 'member-pauses-for-eight-seconds',
    what: 'a member is stopped for eight seconds while it is looked at',
    on: 'three',
    arrange: async (scene) => {
      const { id } = processOf(scene, 'node2');
      frozen(scene, 'node2');
      execFile('sh', ['-c', `sleep 8; kill -CONT ${id}`]);
      return { parameters: client(scene, everyUrl(scene)) };
    },
    verify: ['NET'],
    also: ['peer-connection-down', 'unhealthy-member', 'ordinary-client-refused', 'no-leader'],
    exit: 1,
  },
  {
    name: 'member-pauses-within-the-time-out',
    what: 'the same with a time-out of 15 seconds',
    on: 'three',
    arrange: async (scene) => {
      const { id } = processOf(scene, 'node2');
      frozen(scene, 'node2');
      execFile('sh', ['-c', `sleep 8; kill -CONT ${id}`]);
      return { parameters: [...client(scene, everyUrl(scene)), '--timeout=15s'] };
    },
    verify: [],
    also: ['peer-connection-down', 'unhealthy-member', 'no-leader', 'clock-skew'],
    exit: 0,
  },
  {
    name: 'this-clock-is-behind',
    what: 'the clock of the operator is two hours behind those of the members, and nothing but the client is given',
    on: { members: 3 },
    arrange: async (scene) => {
      for (const member of ['node1', 'node2', 'node3'])
        await shiftClock(processOf(scene, member).id, 2 * 3600);
      return { parameters: client(scene, everyUrl(scene)) };
    },
    verify: ['CLOCK'],
    exit: 0,
    explain: [],
  },
  {
    name: 'certificate-that-the-members-see-as-future',
    what: 'the clocks of the members are two hours behind, and the certificate of the operator was issued a minute ago',
    on: { members: 3 },
    arrange: async (scene) => {
      for (const member of ['node1', 'node2', 'node3'])
        await shiftClock(processOf(scene, member).id, -2 * 3600);
      return { parameters: client(scene, everyUrl(scene), { pair: 'of_today' }) };
    },
    verify: ['CLOCK', 'EXPIRED', 'certificate-not-yet-valid', 'NOT-YET'],
    also: ['clock-skew', 'ordinary-client-refused', 'right-certificate-refused'],
    exit: 1,
    explain: ['CLOCK', 'EXPIRED'],
  },
  {
    name: 'user-of-no-name',
    what: 'users are on, and no user has the name in the certificate of the operator, who asks for the survey',
    on: { members: 3 },
    arrange: async (scene) => {
      await etcdctl(scene, 'user', 'add', 'root:unused');
      await etcdctl(scene, 'user', 'grant-role', 'root', 'root');
      await etcdctl(scene, 'auth', 'enable');
      // Without it, 3.4 and 3.6 answer `permission denied` alone, as to a user with few rights.
      return { parameters: ['--survey', ...client(scene, everyUrl(scene))] };
    },
    verify: ['client-without-rights', 'AUTHZ'],
    also: ['ordinary-client-refused', 'client-without-rights'],
    exit: 1,
    explain: ['AUTHZ'],
  },
  {
    name: 'endpoints-of-a-dead-and-two-living-members',
    what: 'one of the endpoints has ended, seen by a client alone',
    on: { members: 3 },
    arrange: async (scene) => {
      await ended(scene, 'node2');
      return { parameters: client(scene, everyUrl(scene)) };
    },
    verify: ['NET'],
    also: ['peer-connection-down', 'unhealthy-member', 'ordinary-client-refused'],
    exit: 1,
    explain: ['NET'],
  },
  {
    name: 'certificates-alone',
    what: 'certificates alone, without settings, and the endpoints',
    on: 'three',
    arrange: (scene) => ({
      parameters: [scene.cluster.certificates, `--endpoints=${everyUrl(scene).join(',')}`],
    }),
    ...sound,
  },
  {
    name: 'certificates-alone-and-a-frozen-member',
    what: 'certificates alone, and one of three members hangs',
    on: 'three',
    arrange: (scene) => {
      frozen(scene, 'node3');
      return {
        parameters: [scene.cluster.certificates, `--endpoints=${everyUrl(scene).join(',')}`],
      };
    },
    verify: ['NET'],
    also: ['peer-connection-down', 'unhealthy-member', 'ordinary-client-refused', 'no-leader'],
    exit: 1,
  },
  {
    name: 'newest-tls-alone',
    what: 'the members speak TLS 1.3 alone',
    on: { members: 3, changes: { everywhere: { ETCD_TLS_MIN_VERSION: 'TLS1.3' } } },
    ...sound,
    since: '3.5.9',
  },
  {
    name: 'one-cipher-suite',
    what: 'the members allow one cipher suite of TLS 1.2',
    on: {
      members: 3,
      changes: { everywhere: { ETCD_CIPHER_SUITES: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' } },
    },
    ...sound,
  },
  {
    name: 'ca-of-one-member-differs',
    what: 'one of three members trusts another CA for clients, seen by a client alone',
    on: {
      members: 3,
      unready: ['node1'],
      changes: { environment: { ETCD_TRUSTED_CA_FILE: deployed('peer_ca_cert.pem') } },
    },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['CA-SERVER', 'members-accept-different-clients', 'credential-refused'],
    also: [
      'members-accept-different-clients',
      'ordinary-client-refused',
      'members-trust-different-authorities',
      'credential-refused',
    ],
    exit: 1,
    explain: ['CA-SERVER', 'CA-CLIENT', 'UNKNOWN'],
  },
  {
    name: 'endpoints-written-in-several-ways',
    what: 'the endpoints have no scheme, a slash, and one twice',
    on: 'three',
    arrange: (scene) => {
      const [one = '', two = '', three = ''] = everyUrl(scene);
      return { parameters: client(scene, [one.replace('https://', ''), `${two}/`, three, three]) };
    },
    ...sound,
  },
];

function inClear({ address }: Node) {
  return {
    ETCD_LISTEN_CLIENT_URLS: `http://${address}:2379`,
    ETCD_ADVERTISE_CLIENT_URLS: `http://${address}:2379`,
  };
}

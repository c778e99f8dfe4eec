import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../issue/issue.ts';
import { longAgo } from '../faults/fault.ts';
import { asApi3, clientFlags } from '../access.ts';
import type { Node } from '../nodes.ts';
import { until } from '../processes.ts';
import { added, initialCluster, urlOfSpare } from './membership.ts';
import { everyUrl } from './operator.ts';
import {
  client,
  ended,
  etcdctl,
  fileOf,
  frozen,
  idOf,
  inside,
  leads,
  memberAt,
  planOfMember,
  processOf,
  type Scene,
  starts,
  untilLogged,
} from './scene.ts';
import type { Situation, Stage } from './situation.ts';
import { brokenNetwork } from './broken-network.ts';

const three: Stage = { members: 3 };

/** The others are ended long before the first election, which is as good as never started. */
const neverStarted: Stage = {
  members: 3,
  absent: ['node2', 'node3'],
  unready: ['node1'],
  tuning: { ETCD_HEARTBEAT_INTERVAL: '2000', ETCD_ELECTION_TIMEOUT: '30000' },
};

const withScheme = (port: 'Client' | 'Peer', scheme: 'http' | 'https') => (node: Node) => ({
  [`ETCD_LISTEN_${port.toUpperCase()}_URLS`]: `${scheme}://${node.address}:${port === 'Client' ? node.clientPort : node.peerPort}`,
});

/** Clusters that do not work, or not wholly. */
export const broken: readonly Situation[] = [
  {
    name: 'no-quorum-yet',
    what: 'one of three members was started, and the others never were',
    on: neverStarted,
    verify: ['NET', 'QUORUM', 'no-quorum', 'endpoint-unreachable'],
    also: ['endpoint-unreachable', 'no-leader', 'ordinary-client-refused'],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
  {
    name: 'no-quorum-yet-seen-alone',
    what: 'the same, seen with nothing but the URL and files of a client',
    on: neverStarted,
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene).slice(0, 1)) }),
    // One silent port shows neither: both are named, with the look that decides.
    verify: ['NET', 'QUORUM', 'no-leader', 'endpoint-unreachable'],
    also: ['endpoint-unreachable', 'ordinary-client-refused'],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
  {
    name: 'bootstrap-refused',
    what: 'the peers of a new cluster trust a CA that issued none of their certificates',
    on: {
      members: 3,
      unready: ['node1', 'node2', 'node3'],
      changes: { everywhere: { ETCD_PEER_TRUSTED_CA_FILE: '/etc/ssl/certs/etcd/ca_cert.pem' } },
    },
    arrange: async (scene) => untilLogged(scene, 'node1', /x509|bad certificate/),
    verify: ['CA-SERVER', 'CA-CLIENT', 'unknown-authority'],
    also: [
      'endpoint-unreachable',
      'no-leader',
      'no-quorum',
      'ordinary-client-refused',
      'handshake-refused',
      'peer-port-admits-client',
    ],
    exit: 1,
    explain: ['CA-SERVER', 'CA-CLIENT'],
  },
  {
    name: 'one-peer-refused-at-bootstrap',
    what: 'the peer certificate of one of three new members has expired',
    on: { members: 3, unready: ['node1'], changes: { leaves: { node_1_peer: longAgo } } },
    arrange: async (scene) => untilLogged(scene, 'node2', /expired/),
    verify: ['EXPIRED'],
    also: [
      'endpoint-unreachable',
      'no-leader',
      'quorum-lost-soon',
      'unstarted-member',
      'ordinary-client-refused',
      'unhealthy-member',
      'handshake-refused',
      'peer-connection-down',
    ],
    exit: 1,
    explain: ['EXPIRED'],
  },
  {
    name: 'cluster-id-mismatch',
    what: 'one of three members was bootstrapped as a cluster of its own and has the peers of the others',
    on: three,
    arrange: async (scene) => {
      // Only the leader remembers what it got acknowledged: a new one sends everything again.
      await leads(scene, 'node1');
      await ended(scene, 'node3');
      await rm(join(scene.places.work, 'node3.etcd'), { recursive: true });
      await starts(scene, planOfMember(scene, 'node3'), {
        ETCD_INITIAL_CLUSTER: `node3=${memberAt(scene, 3).peerUrl}`,
        ETCD_INITIAL_CLUSTER_TOKEN: 'another',
      });
      await untilLogged(scene, 'node3', /ready to serve client requests/, 2);
      await untilLogged(scene, 'node1', /cluster ID mismatch|request sent was ignored/);
    },
    verify: ['different-cluster-ids', 'CLUSTER-ID'],
    also: [
      'member-missing-from-cluster',
      'unhealthy-member',
      'peer-connection-down',
      'one-way-peer-handshakes',
      'running-settings-differ-from-files',
    ],
    exit: 1,
    explain: ['CLUSTER-ID'],
  },
  {
    name: 'plain-where-tls-is-expected',
    what: 'the members listen for clients with http; clients and files say https',
    on: { members: 3, changes: { everywhere: withScheme('Client', 'http') } },
    arrange: (scene) => ({ parameters: client(scene, everyUrl(scene)) }),
    verify: ['SCHEME', 'endpoint-without-tls'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'peer-plain-where-tls-is-expected',
    what: 'one of three members listens for peers with http, and the others connect with https',
    on: { members: 3, unready: ['node1'], changes: { environment: withScheme('Peer', 'http') } },
    arrange: async (scene) =>
      untilLogged(scene, 'node2', /HTTP response to HTTPS|first record does not look/),
    verify: ['SCHEME', 'plaintext-peer-port'],
    also: [
      'endpoint-without-tls',
      'plaintext-peer-port',
      'endpoint-unreachable',
      'unstarted-member',
      'setting-without-effect',
      'no-leader',
      'quorum-lost-soon',
      'advertised-url-not-served',
      'handshake-refused',
      'ordinary-client-refused',
      'peer-connection-down',
      'unhealthy-member',
    ],
    exit: 1,
    // The reason may have been logged before the window that is read.
    explain: ['SCHEME', 'CONFIG', 'UNKNOWN'],
  },
  {
    name: 'member-frozen',
    what: 'one of three members hangs: the kernel takes connections, and no process answers',
    on: 'three',
    arrange: async (scene) => {
      frozen(scene, 'node3');
      await untilLogged(
        scene,
        'node1',
        /prober detected unhealthy|lost the TCP streaming|i\/o timeout|deadline/,
      );
    },
    verify: ['NET'],
    also: [
      'peer-connection-down',
      'unhealthy-member',
      'quorum-lost-soon',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
  {
    name: 'member-stopped',
    what: 'one of three members has ended',
    on: three,
    arrange: async (scene) => {
      await ended(scene, 'node3');
      await untilLogged(scene, 'node1', /connection refused/);
    },
    verify: ['NET'],
    also: [
      'peer-connection-down',
      'unhealthy-member',
      'quorum-lost-soon',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: ['NET'],
  },
  {
    name: 'quorum-lost',
    what: 'two of three members have ended',
    on: three,
    arrange: async (scene) => {
      await ended(scene, 'node2', 'node3');
      await untilLogged(scene, 'node1', /connection refused/);
    },
    verify: ['NET'],
    also: [
      'peer-connection-down',
      'unhealthy-member',
      'no-quorum',
      'no-leader',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: ['NET', 'QUORUM'],
  },
  {
    name: 'single-member-ended',
    what: 'the only member has ended',
    on: { members: 1 },
    arrange: async (scene) => ended(scene, 'node1'),
    verify: ['NET'],
    exit: 1,
    explain: [],
  },
  {
    name: 'member-replaced',
    what: 'a member was removed and another added in its place, as the documentation has it; all is well',
    on: three,
    arrange: async (scene) => {
      await removed(scene, 'node3');
      await added(scene);
      await starts(scene, scene.spare, initialCluster(scene, 1, 2));
      await untilLogged(scene, 'node8', /ready to serve client requests/);
      const urls = [...everyUrl(scene).slice(0, 2), urlOfSpare(scene)];
      return { parameters: client(scene, urls) };
    },
    verify: [],
    exit: 0,
  },
  {
    name: 'member-added-never-started',
    what: 'a member was added and never started',
    on: three,
    arrange: async (scene) => {
      await added(scene);
      await untilLogged(scene, 'node1', /connection refused|no route to host|i\/o timeout/);
    },
    verify: ['unstarted-member'],
    also: ['unknown-member', 'quorum-lost-soon', 'unhealthy-member', 'peer-connection-down'],
    exit: 1,
    explain: ['NET'],
  },
  {
    name: 'member-removed-and-restarted',
    what: 'a member was removed and is started again with its old data',
    on: three,
    arrange: async (scene) => {
      await removed(scene, 'node3');
      await starts(scene, planOfMember(scene, 'node3'));
      await untilLogged(scene, 'node3', /permanently removed/);
    },
    verify: ['member-missing-from-cluster', 'NET'],
    also: ['endpoint-unreachable', 'ordinary-client-refused'],
    exit: 1,
    explain: ['CLUSTER-ID', 'CONFIG', 'QUORUM'],
  },
  {
    name: 'data-directory-wiped',
    what: 'a member lost its data directory and was started again with the old settings',
    on: three,
    arrange: async (scene) => {
      await ended(scene, 'node3');
      await rm(join(scene.places.work, 'node3.etcd'), { recursive: true });
      await starts(scene, planOfMember(scene, 'node3'), {
        ETCD_INITIAL_CLUSTER_STATE: 'existing',
      });
      await untilLogged(scene, 'node3', /is out of range|panic|has already been bootstrapped/);
    },
    verify: ['NET'],
    also: [
      'peer-connection-down',
      'unhealthy-member',
      'quorum-lost-soon',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: ['QUORUM', 'CONFIG', 'CLUSTER-ID', 'NET'],
  },
  {
    name: 're-added-with-another-ca',
    what: 'a member was replaced by one whose peer certificate is of a re-created CA',
    on: three,
    arrange: async (scene) => {
      await removed(scene, 'node3');
      await added(scene);
      await reissuedPeer(scene);
      await starts(scene, scene.spare, initialCluster(scene, 1, 2));
      await untilLogged(scene, 'node1', /rejected connection|bad certificate|x509/);
      return {
        parameters: client(scene, [...everyUrl(scene).slice(0, 2), urlOfSpare(scene)]),
      };
    },
    verify: ['NET', 'unstarted-member', 'CA-MIX', 'CA-SERVER', 'CA-CLIENT'],
    also: [
      'endpoint-unreachable',
      'unstarted-member',
      'unhealthy-member',
      'peer-connection-down',
      'ordinary-client-refused',
    ],
    exit: 1,
    // The end of the removed member is in the log as well.
    explain: ['CA-MIX', 'CA-SERVER', 'CA-CLIENT', 'CLUSTER-ID'],
  },
  {
    name: 'no-space',
    what: 'the quota of the database is used up',
    on: { members: 3, tuning: { ETCD_QUOTA_BACKEND_BYTES: '200000' } },
    arrange: async (scene) => {
      const value = 'x'.repeat(40_000);
      for (let each = 0; each < 12; each += 1) {
        await scene.cluster.etcdctl('put', `key${each}`, value);
      }
      // 3.6 logs nothing of it.
      const isRaised = async () => (await etcdctl(scene, 'alarm', 'list')).includes('NOSPACE');
      if (!(await until(isRaised, 20_000))) throw new Error('the alarm was never raised');
    },
    verify: ['cluster-alarm'],
    exit: 1,
    explain: ['NET'],
    // The status of 3.3 lists no alarms, and asking for them adds an entry to the raft log.
    since: '3.4.0',
  },
  {
    name: 'descriptors-exhausted',
    what: 'a member may not open another file',
    on: three,
    arrange: async (scene) => {
      const { id } = processOf(scene, 'node1');
      await inside(scene, undefined, `prlimit --pid ${id} --nofile=8:8`);
      await scene.cluster.etcdctl('--command-timeout=2s', 'get', 'anything');
      await untilLogged(scene, 'node1', /too many open files/);
    },
    verify: ['NET'],
    also: [
      'peer-connection-down',
      'unhealthy-member',
      'quorum-lost-soon',
      'ordinary-client-refused',
    ],
    exit: 1,
    explain: ['NET', 'FILE', 'CONFIG'],
  },
  ...brokenNetwork,
];

async function removed(scene: Scene, name: string): Promise<void> {
  const id = await idOf(scene, name);
  const { cluster, binaries } = scene;
  // By a member that stays: the one that goes may answer by ending.
  const flags = clientFlags(cluster.members.slice(0, 1), cluster.certificates);
  const isDone = async () => {
    const remove = [...flags, 'member', 'remove', id];
    return (await cluster.run(binaries.etcdctl, remove, asApi3)).code === 0;
  };
  // etcd refuses for some seconds after the start, until all members are known to be healthy.
  if (!(await until(isDone, 30_000))) throw new Error(`${name} was never removed`);
  await untilLogged(scene, name, /removed|stopped/);
  await ended(scene, name);
}

async function reissuedPeer(scene: Scene): Promise<void> {
  const { address, hostname } = scene.spare.node;
  const authority = await issueAuthority({ commonName: 'etcd peer CA' });
  const leaf = await authority.issue({
    commonName: hostname,
    hosts: [address, hostname],
    usages: ['serverAuth', 'clientAuth'],
  });
  await writeFile(fileOf(scene, 'node_8_peer_cert.pem'), leaf.certificatePem);
  await writeFile(fileOf(scene, 'node_8_peer_key_insecure.pem'), leaf.privateKeyPem);
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asApi3, clientFlags } from '../access.ts';
import { longAgo } from '../faults/fault.ts';
import { type Authority, issueAuthority } from '../issue/issue.ts';
import { inSubnet } from '../nodes.ts';
import { deployed } from '../plan.ts';
import { until } from '../processes.ts';
import { added, filesOfSpare, urlOfSpare } from './membership.ts';
import { everyUrl } from './operator.ts';
import {
  client,
  ended,
  etcdctl,
  fileOf,
  filtered,
  inside,
  meanwhile,
  memberAt,
  planOfMember,
  processOf,
  type Scene,
  serving,
  starts,
  untilLogged,
  wholeSet,
} from './scene.ts';
import type { Asked, Situation, Stage } from './situation.ts';

type Expected = Omit<Situation, 'name' | 'what' | 'on' | 'arrange'>;

/** The same, with the whole set and by a client alone. etcd 3.3 does not count the streams between members. */
function twice(
  name: string,
  what: string,
  on: string | Stage,
  happens: (scene: Scene) => Promise<void>,
  rest: Expected,
  restAlone: Expected = rest,
): readonly Situation[] {
  const withSet = async (scene: Scene): Promise<Asked> => {
    await happens(scene);
    return { parameters: wholeSet(scene) };
  };
  const alone = async (scene: Scene): Promise<Asked> => {
    await happens(scene);
    return { parameters: client(scene, everyUrl(scene)) };
  };
  return [
    { name, what, on, arrange: withSet, ...rest },
    {
      name: `${name}-alone`,
      what: `${what}, seen by a client alone`,
      on,
      arrange: alone,
      ...restAlone,
    },
  ];
}

const nothing = async (): Promise<void> => {};

export const several: readonly Situation[] = [
  {
    name: 'no-space-elsewhere',
    what: 'a member that was not given has raised NOSPACE',
    on: { members: 3, tuning: { ETCD_QUOTA_BACKEND_BYTES: '200000' } },
    arrange: async (scene) => {
      const value = 'x'.repeat(40_000);
      const { cluster, binaries } = scene;
      // The member that a client writes to raises the alarm, for itself alone.
      const flags = clientFlags(cluster.members.slice(0, 1), cluster.certificates);
      for (let each = 0; each < 12; each += 1) {
        await cluster.run(binaries.etcdctl, [...flags, 'put', `key${each}`, value], asApi3);
      }
      const isRaised = async () => (await etcdctl(scene, 'alarm', 'list')).includes('NOSPACE');
      if (!(await until(isRaised, 20_000))) throw new Error('the alarm was never raised');
      return { parameters: client(scene, everyUrl(scene).slice(1)) };
    },
    verify: ['cluster-alarm'],
    exit: 1,
    explain: ['NET'],
    since: '3.4.0',
  },
  ...twice(
    'two-faults-of-five',
    'one of five serves an expired certificate, another presents a peer certificate of another CA',
    {
      members: 5,
      changes: { leaves: { node_2: longAgo, node_4_peer: { signedBy: 'other_ca' } } },
      unready: ['node2', 'node4'],
    },
    nothing,
    {
      verify: ['CA-CLIENT', 'unknown-authority', 'EXPIRED'],
      also: [
        'certificate-expired',
        'endpoint-unreachable',
        'right-certificate-refused',
        'unstarted-member',
      ],
      exit: 1,
      explain: ['CA-SERVER', 'CA-CLIENT', 'EXPIRED'],
    },
  ),
  ...twice(
    'open-and-copied-of-five',
    'one of five asks for no client certificate, another serves the certificate of a third',
    {
      members: 5,
      changes: {
        leaves: { node_3: { hosts: [inSubnet(104), '127.0.0.1', 'localhost'] } },
        environment: { ETCD_CLIENT_CERT_AUTH: undefined, ETCD_TRUSTED_CA_FILE: undefined },
      },
      unready: ['node3'],
    },
    nothing,
    {
      verify: ['client-port-admits-anonymous'],
      also: ['SAN', 'advertised-name-not-in-certificate'],
      exit: 1,
      explain: ['SAN', 'UNKNOWN'],
    },
  ),
  ...twice(
    'peer-source-translated',
    'NAT gives the peer connections of one member another source address',
    { members: 3 },
    async (scene) => {
      const { name, address } = memberAt(scene, 1).node;
      const alias = address.replace(/\d+$/, '78');
      const rule = `POSTROUTING -t nat -p tcp --dport 2380 -j SNAT --to-source ${alias}`;
      await meanwhile(
        scene,
        name,
        `ip addr add ${alias}/32 dev eth0 && iptables -A ${rule}`,
        `iptables -D ${rule} && ip addr del ${alias}/32 dev eth0`,
      );
      await inside(scene, name, 'ss -K dport = 2380', 'ss -K sport = 2380');
      await untilLogged(scene, 'node2', /tls: |rejected connection/);
    },
    {
      verify: ['SAN-PEER', 'peer-connection-down'],
      exit: 1,
      explain: ['SAN-PEER'],
      since: '3.4.0',
    },
  ),
  ...twice(
    'peer-port-forwarded',
    'what comes to the peer port of one member is forwarded to another member',
    { members: 3 },
    async (scene) => {
      const [one, two] = [memberAt(scene, 1).node, memberAt(scene, 2).node];
      const dnat = `-t nat -p tcp --dport 2380 -j DNAT --to-destination ${two.address}:2380`;
      const snat = `POSTROUTING -t nat -p tcp -d ${two.address} --dport 2380 -j MASQUERADE`;
      await inside(scene, one.name, 'sysctl -qw net.ipv4.ip_forward=1');
      await meanwhile(
        scene,
        one.name,
        `iptables -A PREROUTING -d ${one.address} ${dnat} && iptables -A ${snat}`,
        `iptables -D PREROUTING -d ${one.address} ${dnat} && iptables -D ${snat}`,
      );
      await inside(scene, one.name, 'ss -K sport = 2380');
      await untilLogged(scene, 'node3', /x509|mismatch|unhealthy|refused/);
    },
    {
      verify: ['PROXY', 'peer-connection-down', 'served-certificate-differs-from-file'],
      exit: 1,
      explain: ['SAN'],
    },
    { verify: ['peer-connection-down'], exit: 1, explain: ['SAN'], since: '3.4.0' },
  ),
  ...twice(
    'expired-on-one',
    'one of three members serves a certificate that has expired',
    { members: 3, changes: { leaves: { node_2: longAgo } }, unready: ['node2'] },
    nothing,
    { verify: ['EXPIRED'], exit: 1, explain: ['EXPIRED', 'UNKNOWN'] },
  ),
  ...twice(
    'peer-expired-on-one',
    'the peer certificate of one of three members was replaced on disk by one that has expired',
    {
      members: 3,
      changes: {
        leaves: {
          node_7_peer: {
            ...rotating().leaves.node_7_peer,
            ...longAgo,
            hosts: [inSubnet(245), '127.0.0.1'],
          },
        },
      },
    },
    async (scene) => {
      for (const part of ['cert', 'key_insecure']) {
        const text = await readFile(fileOf(scene, `node_7_peer_${part}.pem`));
        await writeFile(fileOf(scene, `node_2_peer_${part}.pem`), text);
      }
      // The running connections live on.
    },
    { verify: ['EXPIRED'], exit: 1, explain: ['EXPIRED', 'UNKNOWN'] },
    // The streams of before live on, and no client sees the file.
    { verify: [], exit: 0 },
  ),
  {
    name: 'crl-on-one-with-the-set',
    what: 'one of three members has a CRL with the operator in it, with the whole set',
    on: {
      members: 3,
      changes: {
        files: { 'clients.crl': async (made) => made.authority('ca').revoke(['2a']) },
        leaves: { client: { serialNumber: '2a' } },
        environment: { ETCD_CLIENT_CRL_FILE: deployed('clients.crl') },
      },
    },
    arrange: (scene) => ({ parameters: [...wholeSet(scene), ...client(scene, everyUrl(scene))] }),
    verify: ['handshake-refused', 'gateway-connection-rejected'],
    exit: 1,
    explain: ['AUTHZ'],
  },
  ...twice(
    'restarted-with-new-certificates',
    'a member was restarted with new certificates of the same CAs while the others run on',
    { members: 3, changes: rotating() },
    async (scene) => {
      await ended(scene, 'node1');
      for (const part of ['cert', 'key_insecure']) {
        for (const kind of ['', '_peer']) {
          const text = await readFile(fileOf(scene, `node_7${kind}_${part}.pem`));
          await writeFile(fileOf(scene, `node_1${kind}_${part}.pem`), text);
        }
      }
      await starts(scene, planOfMember(scene, 'node1'));
      await untilLogged(scene, 'node1', /ready to serve client requests|serving client|published/);
    },
    { verify: [], exit: 0, explain: ['NET'] },
  ),
  ...twice(
    'half-rotated-ca',
    'one of three members was restarted with certificates of a new CA that it alone trusts too',
    { members: 3 },
    async (scene) => {
      const { certificates } = scene.cluster;
      const next = await issueAuthority({ commonName: 'etcd cluster CA of next year' });
      const nextPeer = await issueAuthority({ commonName: 'etcd peer CA of next year' });
      await ended(scene, 'node1');
      for (const [name, authority] of [
        ['ca', next],
        ['peer_ca', nextPeer],
      ] as const) {
        const old = await readFile(join(certificates, `${name}_cert.pem`), 'utf8');
        await writeFile(
          join(certificates, `${name}_next_cert.pem`),
          `${old}${authority.certificatePem}`,
        );
      }
      await reissue(scene, next, 'node_1');
      await reissue(scene, nextPeer, 'node_1_peer');
      await starts(scene, planOfMember(scene, 'node1'), {
        ETCD_TRUSTED_CA_FILE: join(certificates, 'ca_next_cert.pem'),
        ETCD_PEER_TRUSTED_CA_FILE: join(certificates, 'peer_ca_next_cert.pem'),
      });
      await untilLogged(scene, 'node2', /x509|bad certificate|unknown certificate|remote error/);
    },
    {
      verify: ['CA-CLIENT', 'unknown-authority', 'NET'],
      also: [
        'authorities-in-memory-differ-from-file',
        'endpoint-unreachable',
        'peer-connection-down',
        'members-trust-different-authorities',
      ],
      exit: 1,
      explain: ['CA-SERVER', 'CA-CLIENT'],
    },
  ),
  {
    name: 'learner-expired',
    what: 'a learner has a server certificate that has expired',
    on: { members: 3 },
    arrange: async (scene) => {
      await added(scene, '--learner');
      const files = filesOfSpare(scene);
      await writeFile(
        fileOf(scene, 'node_8_cert.pem'),
        await readFile(fileOf(scene, 'expired_cert.pem')),
      );
      await writeFile(
        fileOf(scene, 'node_8_key_insecure.pem'),
        await readFile(fileOf(scene, 'expired_key_insecure.pem')),
      );
      await starts(scene, scene.spare, files).catch(() => undefined);
      return { parameters: client(scene, [...everyUrl(scene), urlOfSpare(scene)]) };
    },
    verify: ['EXPIRED'],
    also: ['advertised-url-not-served', 'learner-member'],
    exit: 1,
    since: '3.4.0',
    explain: ['EXPIRED', 'UNKNOWN'],
  },
  ...twice(
    'one-way-since-restart',
    'a member cannot reach another one since its restart, though that one reaches it',
    { members: 3 },
    async (scene) => {
      const to = memberAt(scene, 3).node.address;
      await ended(scene, 'node1');
      await filtered(scene, 'node1', `-I OUTPUT -p tcp -d ${to} --dport 2380 -j REJECT`);
      await starts(scene, planOfMember(scene, 'node1'));
      await untilLogged(scene, 'node1', /ready to serve client requests|serving client|published/);
    },
    { verify: ['NET', 'peer-connection-down'], exit: 1, explain: ['NET'], since: '3.4.0' },
  ),
  ...twice(
    'slow-disk',
    'the disk of one member takes two seconds for each write',
    { members: 3 },
    async (scene) => {
      const { id } = processOf(scene, 'node2');
      await serving(
        scene,
        'node2',
        [
          'sh',
          '-c',
          `strace -qq -f -p ${id} -e trace=fdatasync,fsync -e inject=fdatasync,fsync:delay_enter=2000000 -o /dev/null & exec python3 -m http.server 9999`,
        ],
        9999,
      );
      await untilLogged(
        scene,
        'node2',
        /slow fdatasync|took too long|lost leader|sync duration/,
      ).catch(() => undefined);
    },
    { verify: [], exit: 0, explain: ['NET', 'UNKNOWN'] },
  ),
  ...twice(
    'slow-disks-everywhere',
    'the disks of all members take two seconds for each write',
    { members: 3 },
    async (scene) => {
      for (const [index, name] of ['node1', 'node2', 'node3'].entries()) {
        const { id } = processOf(scene, name);
        await serving(
          scene,
          name,
          [
            'sh',
            '-c',
            `strace -qq -f -p ${id} -e trace=fdatasync,fsync -e inject=fdatasync,fsync:delay_enter=2000000 -o /dev/null & exec python3 -m http.server ${9990 + index}`,
          ],
          9990 + index,
        );
      }
      await scene.cluster.etcdctl('put', 'a', 'b');
    },
    { verify: [], exit: 0, explain: ['NET', 'UNKNOWN'] },
  ),
];

function rotating() {
  const hosts = [inSubnet(236), '127.0.0.1', 'localhost'];
  const usages = ['serverAuth', 'clientAuth'] as const;
  return {
    leaves: {
      node_7: { signedBy: 'ca', commonName: 'node1', hosts, usages },
      node_7_peer: {
        signedBy: 'peer_ca',
        commonName: 'node1',
        hosts,
        usages,
      },
    },
  };
}

async function reissue(
  scene: Scene,
  authority: Authority,
  name: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { node } =
    scene.cluster.members.find((each) => name.startsWith(each.name.replace('node', 'node_'))) ?? {};
  const hosts = node === undefined ? [] : [node.address, node.hostname, '127.0.0.1', 'localhost'];
  const leaf = await authority.issue({
    commonName: name,
    hosts,
    usages: ['serverAuth', 'clientAuth'],
    ...more,
  });
  await writeFile(fileOf(scene, `${name}_cert.pem`), leaf.certificatePem);
  await writeFile(fileOf(scene, `${name}_key_insecure.pem`), leaf.privateKeyPem);
}

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../issue/issue.ts';
import { added, filesOfSpare, urlOfSpare } from './membership.ts';
import { everyUrl } from './operator.ts';
import { client, etcdctl, type Scene, starts, untilLogged } from './scene.ts';
import type { Situation, Stage } from './situation.ts';

/** Clusters that work, and some that work and have something to look at. */
export const sound: readonly Situation[] = [
  {
    name: 'sound-one',
    what: 'a sound cluster of one',
    on: { members: 1 },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'sound-three',
    what: 'a sound cluster of three',
    on: 'three',
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'sound-five',
    what: 'a sound cluster of five',
    on: { members: 5 },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'sound-seven',
    what: 'a sound cluster of seven',
    on: { members: 7 },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'sound-ipv6',
    what: 'a sound cluster that has IPv6 alone',
    on: ipv6(),
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'learner',
    what: 'a fourth member is a learner',
    on: { members: 3 },
    arrange: async (scene) => {
      await joined(scene, '--learner');
      return {
        parameters: client(scene, [...everyUrl(scene), urlOfSpare(scene)]),
      };
    },
    verify: ['learner-member'],
    exit: 0,
    explain: [],
    since: '3.4.0',
  },
  {
    name: 'users-and-roles',
    what: 'users are on, and the client is root by its certificate',
    on: { members: 3, changes: { leaves: { client: { commonName: 'root' } } } },
    arrange: async (scene) => usersOn(scene),
    verify: ['common-name-is-root'],
    exit: 0,
    explain: [],
  },
  {
    name: 'users-and-roles-without-rights',
    what: 'users are on, and the client is a user who may do nothing',
    on: { members: 3 },
    arrange: async (scene) => {
      await etcdctl(scene, 'user', 'add', 'etcd-client:unused');
      await usersOn(scene);
      return { parameters: client(scene, everyUrl(scene)) };
    },
    verify: [],
    // Which roles a user has takes a call that goes through raft.
    exit: 3,
    explain: [],
  },
  {
    name: 'users-and-roles-without-rights-surveyed',
    what: 'the same with --survey',
    on: { members: 3 },
    arrange: async (scene) => {
      await etcdctl(scene, 'user', 'add', 'etcd-client:unused');
      await usersOn(scene);
      return { parameters: [...client(scene, everyUrl(scene)), '--survey'] };
    },
    verify: ['client-without-rights', 'AUTHZ'],
    also: ['ordinary-client-refused'],
    exit: 1,
    explain: [],
  },
  {
    name: 'ca-being-rotated',
    what: 'all members trust the old and the new CA, and the client has a certificate of the new one',
    on: { members: 3, changes: rotation() },
    verify: [],
    exit: 0,
    explain: [],
  },
  {
    name: 'half-replaced-pair',
    what: 'the key of a member was replaced on disk and its certificate was not',
    on: { members: 3 },
    arrange: async ({ cluster }) => {
      const other = await (await issueAuthority({ commonName: 'other' })).issue({});
      await writeFile(join(cluster.certificates, 'node_1_key_insecure.pem'), other.privateKeyPem);
    },
    verify: ['key-of-another-certificate', 'PEM'],
    also: ['ordinary-client-refused', 'endpoint-unreachable'],
    exit: 1,
    explain: ['PEM'],
  },
  {
    name: 'ca-replaced-on-disk',
    what: 'CA and client certificate were replaced on disk, and no member was restarted',
    on: { members: 3 },
    arrange: async ({ cluster: { certificates } }) => {
      const authority = await issueAuthority({ commonName: 'etcd cluster CA of this year' });
      const made = await authority.issue({ commonName: 'etcd-client', usages: ['clientAuth'] });
      const ca = join(certificates, 'ca_cert.pem');
      await writeFile(ca, `${await readFile(ca, 'utf8')}${authority.certificatePem}`);
      await writeFile(join(certificates, 'client_cert.pem'), made.certificatePem);
      await writeFile(join(certificates, 'client_key_insecure.pem'), made.privateKeyPem);
    },
    verify: ['authorities-in-memory-differ-from-file', 'CA-ROT'],
    also: ['right-certificate-refused', 'ordinary-client-refused'],
    exit: 1,
    explain: ['CA-SERVER', 'CA-ROT', 'UNKNOWN'],
  },
  {
    name: 'certificate-of-another-member',
    what: "a member serves another member's certificate",
    on: { members: 3, unready: ['node1'] },
    arrange: async (scene) => {
      const { certificates } = scene.cluster;
      for (const part of ['cert', 'key_insecure']) {
        const name = (node: number) => join(certificates, `node_${node}_${part}.pem`);
        await copyFile(name(2), name(1));
      }
    },
    verify: ['SAN', 'SAN-COPY', 'shared-certificate'],
    also: [
      'shared-certificate',
      'shared-private-key',
      'advertised-name-not-in-certificate',
      'loopback-not-in-certificate',
      'handshake-refused',
      'ordinary-client-refused',
      'served-certificate-refused',
    ],
    exit: 1,
    explain: ['SAN', 'SAN-COPY', 'UNKNOWN'],
  },
];

function ipv6(): Stage {
  return {
    members: 3,
    nodes: (nodes) => nodes.map((node) => ({ ...node, address: `[fd00:e7cd::${node.number}]` })),
    changes: {
      leaves: Object.fromEntries(
        [1, 2, 3].flatMap((number) =>
          [`node_${number}`, `node_${number}_peer`].map((name) => [
            name,
            { hosts: [`fd00:e7cd::${number}`, '::1', 'localhost', '127.0.0.1'] },
          ]),
        ),
      ),
    },
  };
}

/** The client's certificate is of the second CA, which is in the file that the members trust. */
function rotation(): NonNullable<Stage['changes']> {
  return {
    authorities: { next_ca: { commonName: 'etcd cluster CA of next year' } },
    leaves: { client: { signedBy: 'next_ca' } },
    files: {
      'ca_cert.pem': (made) =>
        `${made.authority('ca').certificatePem}${made.authority('next_ca').certificatePem}`,
    },
  };
}

/** The spare machine becomes a member of four. */
async function joined(scene: Scene, ...more: readonly string[]): Promise<void> {
  await added(scene, ...more);
  await starts(scene, scene.spare, filesOfSpare(scene));
  await untilLogged(scene, scene.spare.node.name, /ready to serve client requests/);
}

async function usersOn(scene: Scene): Promise<void> {
  await etcdctl(scene, 'user', 'add', 'root:unused');
  await etcdctl(scene, 'user', 'grant-role', 'root', 'root');
  await etcdctl(scene, 'auth', 'enable');
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../issue/issue.ts';
import { asApi3, clientFlags } from '../access.ts';
import { until } from '../processes.ts';
import { everyUrl } from './operator.ts';
import {
  client,
  ended,
  fileOf,
  filtered,
  idOf,
  inside,
  leads,
  planOfMember,
  type Scene,
  starts,
  untilLogged,
  wholeSet,
} from './scene.ts';
import type { Situation } from './situation.ts';

type Told = Pick<Situation, 'verify' | 'also' | 'exit' | 'explain'>;

/** What happens to members that run, seen with the whole set and by a client alone. */
export const running: readonly Situation[] = [
  ...withAndWithoutSet(
    'member-removed-behind-a-partition',
    'a member that no other reaches was removed, and runs on',
    removedUnheard,
    { verify: ['member-missing-from-cluster'], exit: 1, explain: ['NET'] },
  ),
  alone(
    'certificate-of-another-ca-on-one-member',
    'the certificate of one member was replaced on disk by one of another CA',
    async (scene) => {
      const authority = await issueAuthority({ commonName: 'other' });
      await reissued(scene, authority, 'node_1');
    },
    {
      verify: ['CA-CLIENT', 'served-certificate-refused'],
      also: ['gateway-connection-rejected'],
      exit: 1,
      explain: ['CA-CLIENT', 'UNKNOWN'],
    },
  ),
  alone(
    'certificate-of-another-member-on-disk',
    'certificate and key of one member were replaced on disk by those of another',
    async (scene) => {
      for (const part of ['cert', 'key_insecure']) {
        const text = await readFile(fileOf(scene, `node_2_${part}.pem`));
        await writeFile(fileOf(scene, `node_1_${part}.pem`), text);
      }
    },
    {
      // Two findings: what clients say of it, and what the member advertises.
      verify: ['SAN-COPY', 'advertised-url-not-served'],
      also: ['advertised-url-not-served'],
      exit: 1,
      explain: ['SAN', 'UNKNOWN'],
    },
  ),
  alone(
    'ca-replaced-and-one-member-restarted',
    'all CAs and certificates were replaced on disk, and one member was restarted, which the others reject',
    async (scene) => {
      await reissuedAll(scene);
      await ended(scene, 'node1');
      await starts(scene, planOfMember(scene, 'node1'));
      await untilLogged(scene, 'node1', /x509|bad certificate|unknown certificate/);
    },
    {
      // The member that waits for a quorum and one that hangs look the same from here.
      verify: ['NET', 'CA-SERVER'],
      exit: 1,
      explain: ['CA-SERVER', 'CA-CLIENT'],
    },
  ),
];

function alone(
  name: string,
  what: string,
  happens: (scene: Scene) => Promise<void>,
  told: Told,
): Situation {
  return {
    name,
    what: `${what}, seen by a client alone`,
    on: { members: 3 },
    arrange: async (scene) => {
      await happens(scene);
      return { parameters: client(scene, everyUrl(scene)) };
    },
    ...told,
  };
}

function withAndWithoutSet(...row: Parameters<typeof alone>): readonly Situation[] {
  const [name, what, happens, told] = row;
  const arrange = async (scene: Scene) => {
    await happens(scene);
    return { parameters: wholeSet(scene) };
  };
  return [
    { name, what, on: { members: 3 }, arrange, ...told },
    alone(`${name}-seen-alone`, what, happens, told),
  ];
}

async function removedUnheard(scene: Scene): Promise<void> {
  await leads(scene, 'node1');
  const id = await idOf(scene, 'node3');
  for (const chain of ['INPUT', 'OUTPUT']) {
    await filtered(scene, 'node3', `-I ${chain} -p tcp --dport 2380 -j DROP`);
  }
  await inside(scene, 'node3', 'ss -K dport = 2380', 'ss -K sport = 2380');
  const { cluster, binaries } = scene;
  const flags = clientFlags(cluster.members.slice(0, 1), cluster.certificates);
  const isDone = async () => {
    const remove = [...flags, 'member', 'remove', id];
    return (await cluster.run(binaries.etcdctl, remove, asApi3)).code === 0;
  };
  if (!(await until(isDone, 30_000))) throw new Error('node3 was never removed');
  await untilLogged(scene, 'node3', /lost leader|no leader|is starting a new election/);
}

type Authority = Awaited<ReturnType<typeof issueAuthority>>;

async function reissuedAll(scene: Scene): Promise<void> {
  const { certificates } = scene.cluster;
  for (const [file, suffix] of [
    ['ca', ''],
    ['peer_ca', '_peer'],
  ] as const) {
    const authority = await issueAuthority({ commonName: `${file} of this year` });
    await writeFile(join(certificates, `${file}_cert.pem`), authority.certificatePem);
    for (const number of [1, 2, 3]) await reissued(scene, authority, `node_${number}${suffix}`);
    if (file === 'ca') await reissued(scene, authority, 'client');
  }
}

/** A new certificate and key, for the names of the member in whose place they are. */
async function reissued(scene: Scene, authority: Authority, name: string): Promise<void> {
  const { node } =
    scene.cluster.members.find((each) => name.startsWith(each.name.replace('node', 'node_'))) ?? {};
  const hosts = node === undefined ? [] : [node.address, node.hostname, '127.0.0.1', 'localhost'];
  const usages = ['serverAuth', 'clientAuth'] as const;
  const leaf = await authority.issue({ commonName: name, hosts, usages });
  await writeFile(fileOf(scene, `${name}_cert.pem`), leaf.certificatePem);
  await writeFile(fileOf(scene, `${name}_key_insecure.pem`), leaf.privateKeyPem);
}

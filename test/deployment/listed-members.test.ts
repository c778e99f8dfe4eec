import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { ListedMember } from '../../src/model/live.ts';
import { listed } from '../fixtures/builders.ts';
import { directoryWith } from '../support/directory.ts';
import { textWith } from '../support/matching.ts';
import { issueAuthority } from '../support/pki.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const node1 = await ca.issue({
  commonName: 'node1',
  hosts: ['10.0.0.1', '127.0.0.1'],
  usages: ['serverAuth', 'clientAuth'],
});
const certificates = {
  'ca.pem': ca.certificatePem,
  'node1.pem': node1.certificatePem,
  'node1-key.pem': node1.privateKeyPem,
};

test('members that only the running cluster lists are members whose files are missing', async () => {
  const evidence = await seen({}, [listed('node1'), listed('node2'), listed('node3')]);
  const { members = [] } = deploymentOf(evidence).facts;
  const report = judge(evidence);

  expect(members.map(({ name, known }) => [name, known])).toEqual([
    ['node1', 'settings'],
    ['node2', 'listed'],
    ['node3', 'listed'],
  ]);
  expect(members[1]?.settings).toMatchObject({
    initialAdvertisePeerUrls: { value: ['https://10.0.0.2:2380'] },
    advertiseClientUrls: { value: ['https://10.0.0.2:2379'] },
  });
  expect(report.verdict).toMatchObject({
    status: 'incomplete',
    scope: 'members',
    missing: ['node2', 'node3'],
    sentence: textWith('the files of node2 and node3 were not given'),
  });
  expect(failing(evidence, 'unknown-member')).toEqual(['member node2', 'member node3']);
});

test.each<{
  readonly what: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly lists: readonly ListedMember[];
  readonly missing: readonly string[];
}>([
  { what: 'all of them known', lists: [listed('node1')], missing: [] },
  {
    what: 'a learner',
    lists: [listed('node1'), listed('node2', { isLearner: true })],
    missing: ['node2'],
  },
  {
    what: 'one that did not start yet and whose URL is known',
    lists: [listed('', { id: 'a1', peerUrls: ['https://10.0.0.1:2380'], clientUrls: [] })],
    missing: [],
  },
  {
    what: 'one that did not start yet, by its id',
    lists: [listed('node1'), listed('', { id: 'a2', clientUrls: [] })],
    missing: ['a2'],
  },
  {
    what: 'the gRPC proxy, which lists itself',
    lists: [listed('proxy', { id: '0', peerUrls: [], clientUrls: ['https://10.0.0.9:2379'] })],
    missing: [],
  },
  {
    what: 'one with another name and a known URL',
    lists: [listed('etcd-one', { peerUrls: ['http://10.0.0.1:2380'] })],
    missing: [],
  },
  {
    what: 'two that have the default name',
    settings: { NAME: 'default' },
    lists: [
      listed('default', { id: 'b1', peerUrls: ['https://10.0.0.1:2380'] }),
      listed('default', {
        id: 'b2',
        peerUrls: ['https://10.0.0.2:2380'],
        clientUrls: ['https://10.0.0.2:2379'],
      }),
    ],
    missing: ['default-2'],
  },
  {
    what: 'members of one machine, told apart by port',
    settings: {
      INITIAL_ADVERTISE_PEER_URLS: 'https://127.0.0.1:2380',
      ADVERTISE_CLIENT_URLS: 'https://127.0.0.1:2379',
    },
    lists: [
      listed('', { id: 'c1', peerUrls: ['https://127.0.0.1:2380'], clientUrls: [] }),
      listed('', { id: 'c2', peerUrls: ['https://127.0.0.1:12380'], clientUrls: [] }),
    ],
    missing: ['c2'],
  },
  {
    what: 'those of another cluster',
    lists: [listed('node7'), listed('node8')],
    missing: [],
  },
])('of a member list with $what, $missing are missing', async ({ settings, lists, missing }) => {
  expect(judge(await seen(settings ?? {}, lists)).verdict.missing).toEqual(missing);
});

test('a port of a member whose files were not given is judged by what was seen there', async () => {
  const url = 'https://10.0.0.2:2379';
  const evidence = await seen({}, [listed('node1'), listed('node2')], {
    admissions: [
      { url, presented: 'nothing', tlsVersion: '1.3', outcome: 'admitted', milliseconds: 1 },
    ],
  });

  expect(judge(evidence).verdict.status).toBe('fail');
  expect(failing(evidence, 'client-port-admits-anonymous')).toEqual([url]);
});

test('a port that was seen to be open fails where certificates alone were given', async () => {
  await using set = await directoryWith(certificates);
  const evidence = await collect({ paths: [set.path], maps: [] });
  const url = 'https://10.0.0.1:2379';
  const open = judge({
    ...evidence,
    facts: {
      ...evidence.facts,
      admissions: [
        { url, presented: 'nothing', tlsVersion: '1.3', outcome: 'admitted', milliseconds: 1 },
      ],
      endpoints: [{ url, addresses: ['10.0.0.1'], stages: [], speaks: 'tls' }],
    },
  });

  expect(open.verdict).toMatchObject({
    status: 'fail',
    scope: 'certificates',
    sentence: textWith('ports were judged by what was seen alone'),
  });
});

test('a list that is longer than what is looked at leaves a question open', async () => {
  const evidence = await seen({}, [listed('node1')]);
  const memberLists = (evidence.facts.memberLists ?? []).map((list) => ({ ...list, listed: 1500 }));
  const { verdict } = judge({ ...evidence, facts: { ...evidence.facts, memberLists } });

  expect(verdict.status).toBe('incomplete');
  expect(verdict.sentence).toContain('1499 of the 1500 members that https://10.0.0.1:2379 lists');
  expect(judge(evidence).verdict.sentence).not.toContain('members that');
});

async function seen(
  settings: Readonly<Record<string, string>>,
  members: readonly ListedMember[],
  live: Partial<Evidence['facts']> = {},
): Promise<Evidence> {
  await using set = await directoryWith({ ...certificates, 'node1.env': environment(settings) });
  const evidence = await collect({ paths: [set.path], maps: [] });
  const list = {
    url: 'https://10.0.0.1:2379',
    through: 'grpc',
    outcome: 'answered',
    members,
    milliseconds: 1,
  } as const;
  return { ...evidence, facts: { ...evidence.facts, memberLists: [list], ...live } };
}

function failing(evidence: Evidence, id: string): readonly string[] {
  return judge(evidence)
    .results.filter(({ check, verdict }) => check.id === id && verdict.status === 'fail')
    .map(({ target }) => target.name);
}

function environment(differences: Readonly<Record<string, string>>): string {
  const settings = {
    NAME: 'node1',
    DATA_DIR: '/var/lib/etcd',
    LISTEN_CLIENT_URLS: 'https://10.0.0.1:2379,https://127.0.0.1:2379',
    ADVERTISE_CLIENT_URLS: 'https://10.0.0.1:2379',
    LISTEN_PEER_URLS: 'https://10.0.0.1:2380',
    INITIAL_ADVERTISE_PEER_URLS: 'https://10.0.0.1:2380',
    CERT_FILE: '/etc/etcd/node1.pem',
    KEY_FILE: '/etc/etcd/node1-key.pem',
    TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    CLIENT_CERT_AUTH: 'true',
    PEER_CERT_FILE: '/etc/etcd/node1.pem',
    PEER_KEY_FILE: '/etc/etcd/node1-key.pem',
    PEER_TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    PEER_CLIENT_CERT_AUTH: 'true',
    ...differences,
  };
  return Object.entries(settings)
    .map(([key, value]) => `ETCD_${key}=${value}\n`)
    .join('');
}

import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { mergeEvidence } from '../../src/deployment/merge-evidence.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { json } from '../../src/report/json.ts';
import { reportSchema } from '../../src/report/schema/report.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { hosts, twoClusters } from '../support/two-clusters.ts';

test('two clusters in one folder, each with its own CA, are two sound clusters', async () => {
  await using set = await twoClusters();
  const evidence = await collect({ paths: [set.path], maps: [] });
  const report = judge(evidence);
  const { members = [], clients = [] } = report.facts;

  expect(new Set(members.map(({ name, cluster }) => `${name} ${cluster}`))).toEqual(
    new Set(
      ['etcd', 'etcd-events'].flatMap((kind) => hosts.map((host) => `${kind}-${host} ${kind}-a`)),
    ),
  );
  expect(
    new Set(clients.map(({ endpoints, cluster }) => `${endpoints.value.join()} ${cluster}`)),
  ).toEqual(new Set(['https://127.0.0.1:4001 etcd-a', 'https://127.0.0.1:4002 etcd-events-a']));
  expect(report.verdict).toMatchObject({ status: 'pass', scope: 'cluster' });
  const failing = report.results.filter(({ verdict }) => verdict.status === 'fail');
  // Each CA issues for peers and for clients; every other finding would be a wrong one.
  expect(new Set(failing.map(({ check }) => check.id))).toEqual(
    new Set(['peer-port-admits-client']),
  );
  const quorums = report.results.filter(({ check }) => check.id === 'no-quorum');
  expect(quorums.map(({ target, verdict }) => [target.name, verdict.status])).toEqual([
    ['cluster of etcd-a', 'pass'],
    ['cluster of etcd-events-a', 'pass'],
  ]);
  expect(reportSchema.safeParse(JSON.parse(json(report))).error).toBeUndefined();
});

test('a file that neither cluster uses is judged once, one that a cluster uses in that cluster', async () => {
  await using set = await twoClusters({ spare: true });
  const { results } = judge(await collect({ paths: [set.path], maps: [] }));
  const about = (file: string) =>
    results.filter(
      ({ check, target }) =>
        check.id === 'private-key-readable-by-others' && target.name.endsWith(file),
    );

  expect(about('spare-key.pem').map(({ target }) => target.cluster)).toEqual([undefined]);
  expect(about('etcd-events-b-key.pem').map(({ target }) => target.cluster)).toEqual([
    'etcd-events-a',
  ]);
});

test('no connection leads from one cluster to the other', async () => {
  await using set = await twoClusters();
  const { forecast, facts } = judge(await collect({ paths: [set.path], maps: [] }));
  const clusters = new Map(
    [...(facts.members ?? []), ...(facts.clients ?? [])].map((each) => [each.name, each.cluster]),
  );

  expect(forecast.filter(({ edge }) => edge === 'peer')).toHaveLength(12);
  for (const { from, member = '', cluster } of forecast) {
    expect(clusters.get(from) ?? cluster).toBe(cluster);
    expect(clusters.get(member) ?? cluster).toBe(cluster);
  }
});

test.each([
  { foreign: 'etcd-b', cluster: 'etcd-a' },
  { foreign: 'etcd-events-c', cluster: 'etcd-events-a' },
])('$foreign with a certificate of a foreign CA fails, in its own cluster', async (faulty) => {
  await using set = await twoClusters({ foreign: faulty.foreign });
  const { verdict, forecast, results } = judge(await collect({ paths: [set.path], maps: [] }));
  const refused = forecast.filter(({ edge, outcome }) => edge === 'peer' && outcome === 'refused');

  expect(verdict.status).toBe('fail');
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused.map(({ cluster }) => cluster))).toEqual(new Set([faulty.cluster]));
  const failing = results.filter((result) => result.verdict.status === 'fail');
  expect(failing.filter(({ check }) => check.id === 'unknown-authority')).not.toEqual([]);
});

test('a member of one cluster with the CA of the other is a fault, not a member of the other', async () => {
  await using set = await twoClusters({ foreign: 'etcd-b', ofOther: true });
  const { verdict, facts } = judge(await collect({ paths: [set.path], maps: [] }));

  expect(verdict.status).toBe('fail');
  expect(facts.members?.find(({ name }) => name === 'etcd-b')?.cluster).toBe('etcd-a');
});

test.each([
  ['in a name', 'etcd-b=', 'etcd-bb='],
  ['in a host', 'https://10.0.0.2:2380', 'https://10.0.0.22:2380'],
  ['in every other URL', /(?<=etcd-[bc]=https:\/\/)/g, '9'],
] as const)('a typo %s of one initial-cluster splits no cluster', async (_, right, wrong) => {
  await using set = await twoClusters({
    mistyped: (list) => list.replace(right, wrong),
  });
  const { members = [] } = deploymentOf(await collect({ paths: [set.path], maps: [] })).facts;
  const main = members.filter(({ name }) => /^etcd-[abc]$/.test(name));

  expect(main).toHaveLength(3);
  expect(new Set(main.map(({ cluster }) => cluster)).size).toBe(1);
});

test('an address list of an earlier life with the same names does not split a cluster', async () => {
  await using set = await twoClusters({
    mistyped: (list) => list.replaceAll('10.0.0.', '10.9.9.'),
    only: 'etcd',
  });
  const report = judge(await collect({ paths: [set.path], maps: [] }));

  expect(report.facts.members?.every(({ cluster }) => cluster === undefined)).toBe(true);
  expect(report.forecast.every(({ cluster }) => cluster === undefined)).toBe(true);
});

test('two environments whose members have the same names are two clusters', async () => {
  await using set = await twoClusters({ sameNames: true });
  const { verdict, facts } = judge(await collect({ paths: [set.path], maps: [] }));

  expect(new Set(facts.members?.map(({ cluster }) => cluster)).size).toBe(2);
  expect(verdict.status).toBe('pass');
});

test('a client whose list leads to two clusters says that they are one', async () => {
  await using set = await twoClusters({
    spanning: 'https://10.0.0.1:4001,https://10.0.0.1:4002',
  });
  const { members = [] } = deploymentOf(await collect({ paths: [set.path], maps: [] })).facts;

  expect(members.every(({ cluster }) => cluster === undefined)).toBe(true);
});

test('a client in the network of its member belongs to the cluster of its own host', async () => {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const leaf = await ca.issue({ commonName: 'etcd', hosts: ['127.0.0.1', '10.0.0.1', '10.0.0.2'] });
  await using set = await directoryWith({
    'ca.pem': ca.certificatePem,
    'etcd.pem': leaf.certificatePem,
    'etcd-key.pem': leaf.privateKeyPem,
  });
  const seen: Evidence[] = [];
  for (const number of [1, 2]) {
    await writeFile(set.at('docker-compose.yml'), composeOf(`n${number}`, `10.0.0.${number}`));
    seen.push(await collect({ paths: [set.path], maps: [], host: `host${number}` }));
  }

  const { facts, forecast } = judge(mergeEvidence(seen));

  const { clients = [] } = facts;
  expect(clients.map(({ host, cluster }) => [host, cluster])).toEqual([
    ['host1', 'n1'],
    ['host2', 'n2'],
  ]);
  const edges = forecast.filter(({ edge, wanted }) => edge === 'client' && wanted === 'accepted');
  expect(edges.map(({ member, outcome }) => [member, outcome])).toEqual([
    ['n1', 'accepted'],
    ['n2', 'accepted'],
  ]);
});

/** A cluster of one, with a client in the same container network. */
function composeOf(name: string, host: string): string {
  const sides = ['', 'peer-'].map(
    (side) =>
      `--${side}cert-file=etcd.pem --${side}key-file=etcd-key.pem --${side}trusted-ca-file=ca.pem`,
  );
  const words = [
    `--name=${name} --data-dir=/data ${sides.join(' ')} --client-cert-auth --peer-client-cert-auth`,
    '--listen-client-urls=https://0.0.0.0:2379',
    `--advertise-client-urls=https://${host}:2379`,
    '--listen-peer-urls=https://0.0.0.0:2380',
    `--initial-advertise-peer-urls=https://${host}:2380`,
    `--initial-cluster=${name}=https://${host}:2380`,
  ];
  return `services:
  etcd:
    image: quay.io/coreos/etcd:v3.5.30
    command: etcd ${words.join(' ')}
    volumes: [".:/certs"]
    working_dir: /certs
  backup:
    image: quay.io/coreos/etcd:v3.5.30
    network_mode: service:etcd
    command: etcdctl --endpoints=https://127.0.0.1:2379 --cacert=ca.pem --cert=etcd.pem --key=etcd-key.pem get /
    volumes: [".:/certs"]
    working_dir: /certs
`;
}

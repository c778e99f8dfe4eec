import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { json } from '../../src/report/json.ts';
import { reportSchema } from '../../src/report/schema/report.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { type Authority, issueAuthority } from '../support/pki.ts';

const hosts = ['a', 'b', 'c'];
const at = (host: string): string => `10.0.0.${hosts.indexOf(host) + 1}`;

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

interface Variant {
  /** The member whose certificate another CA issued. */
  readonly foreign: string;
  /** That CA is the one of the other cluster. */
  readonly ofOther: boolean;
  /** What etcd-a has as its list. */
  readonly mistyped: (list: string) => string;
  readonly only: string;
  readonly sameNames: boolean;
  /** Whether there is a key that nobody uses. */
  readonly spare: boolean;
  /** What the API servers dial instead of the one cluster. */
  readonly spanning: string;
}

const asKops: Variant = {
  foreign: '',
  ofOther: false,
  mistyped: (list) => list,
  only: '',
  sameNames: false,
  spare: false,
  spanning: '',
};

const kinds = [
  { kind: 'etcd', client: 4001, peer: 2380 },
  { kind: 'etcd-events', client: 4002, peer: 2381 },
];

type Kind = (typeof kinds)[number];

/** As kops lays them out: main and events on the same hosts, on other ports, each with a CA of its own. */
async function twoClusters(given: Partial<Variant> = {}): Promise<Directory> {
  const variant = { ...asKops, ...given };
  const main = await issueAuthority({ commonName: 'etcd-ca' });
  const events = await issueAuthority({ commonName: 'etcd-events-ca' });
  const foreign = variant.ofOther ? events : await issueAuthority({ commonName: 'foreign-ca' });
  const spare = await foreign.issue({ commonName: 'spare' });
  const clusters = await Promise.all(
    kinds
      .filter(({ kind }) => variant.only === '' || kind === variant.only)
      .map((kind) => {
        const own = kind.kind === 'etcd' ? main : events;
        return clusterFiles(kind, { own, foreign }, variant);
      }),
  );
  const spareKey = variant.spare ? { 'spare-key.pem': spare.privateKeyPem } : {};
  return await directoryWith(Object.assign({}, ...clusters, spareKey));
}

interface Authorities {
  readonly own: Authority;
  readonly foreign: Authority;
}

async function clusterFiles(
  { kind, client, peer }: Kind,
  { own, foreign }: Authorities,
  variant: Variant,
): Promise<Readonly<Record<string, string>>> {
  const name = (host: string) => `${variant.sameNames ? 'etcd' : kind}-${host}`;
  const list = hosts.map((host) => `${name(host)}=https://${at(host)}:${peer}`).join(',');
  const files: Record<string, string> = { [`${kind}-ca.pem`]: own.certificatePem };
  for (const host of hosts) {
    const member = `${kind}-${host}`;
    const leaf = await (variant.foreign === member ? foreign : own).issue({
      commonName: member,
      hosts: [at(host), '127.0.0.1', 'localhost'],
      usages: ['serverAuth', 'clientAuth'],
    });
    files[`${member}.pem`] = leaf.certificatePem;
    files[`${member}-key.pem`] = leaf.privateKeyPem;
    files[`${member}.env`] = environment({
      NAME: name(host),
      DATA_DIR: `/var/lib/${kind}`,
      LISTEN_CLIENT_URLS: `https://0.0.0.0:${client}`,
      ADVERTISE_CLIENT_URLS: `https://${at(host)}:${client}`,
      LISTEN_PEER_URLS: `https://0.0.0.0:${peer}`,
      INITIAL_ADVERTISE_PEER_URLS: `https://${at(host)}:${peer}`,
      INITIAL_CLUSTER: member === 'etcd-a' ? variant.mistyped(list) : list,
      ...tls('', kind, member),
      ...tls('PEER_', kind, member),
    });
  }
  const apiserver = await own.issue({ commonName: `apiserver-${kind}`, usages: ['clientAuth'] });
  files[`apiserver-${kind}.pem`] = apiserver.certificatePem;
  files[`apiserver-${kind}-key.pem`] = apiserver.privateKeyPem;
  files[`apiserver-${kind}.service`] = `[Service]
ExecStart=/usr/bin/kube-apiserver --etcd-servers=${variant.spanning || `https://127.0.0.1:${client}`} \\
  --etcd-cafile=/etc/etcd/${kind}-ca.pem --etcd-certfile=/etc/etcd/apiserver-${kind}.pem \\
  --etcd-keyfile=/etc/etcd/apiserver-${kind}-key.pem
`;
  return files;
}

function tls(prefix: string, kind: string, member: string): Readonly<Record<string, string>> {
  return {
    [`${prefix}CERT_FILE`]: `/etc/etcd/${member}.pem`,
    [`${prefix}KEY_FILE`]: `/etc/etcd/${member}-key.pem`,
    [`${prefix}TRUSTED_CA_FILE`]: `/etc/etcd/${kind}-ca.pem`,
    [`${prefix}CLIENT_CERT_AUTH`]: 'true',
  };
}

function environment(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `ETCD_${key}=${value}\n`)
    .join('');
}

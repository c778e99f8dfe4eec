import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { textWith } from '../support/matching.ts';
import { issueAuthority } from '../support/pki.ts';

const addresses = { node1: '10.0.0.1', node2: '10.0.0.2', node3: '10.0.0.3' };

test("one host's files of three name the other members, and blame none for connecting to them", async () => {
  await using set = await setOf(['node1']);
  const evidence = await collect({ paths: [set.path], maps: [] });
  const { members = [] } = deploymentOf(evidence).facts;
  const report = judge(evidence);

  expect(members.map(({ name, known }) => [name, known])).toEqual([
    ['node1', 'settings'],
    ['node2', 'named'],
    ['node3', 'named'],
  ]);
  expect(members[1]?.settings.initialAdvertisePeerUrls.value).toEqual(['https://10.0.0.2:2380']);
  expect(report.results.filter(({ verdict }) => verdict.status === 'fail')).toEqual([]);
  expect(report.verdict).toMatchObject({
    status: 'incomplete',
    scope: 'members',
    sentence: textWith('node2 and node3'),
  });
});

test('members with files of their own are not named again, whatever they are called elsewhere', async () => {
  await using set = await setOf(['node1', 'node2', 'node3']);
  const { members = [] } = deploymentOf(await collect({ paths: [set.path], maps: [] })).facts;

  expect(members.map(({ name, known }) => [name, known])).toEqual(
    Object.keys(addresses).map((name) => [name, 'settings']),
  );
});

test.each([
  { layout: 'a directory for each host', apart: true, outcomes: ['refused'] },
  { layout: 'one directory for all', apart: false, outcomes: ['not-sure'] },
])('a kube-apiserver that dials 127.0.0.1, with $layout', async ({ apart, outcomes }) => {
  await using set = await setOf(['node1', 'node2', 'node3'], {
    apart,
    apiserverOn: 'node2',
    withoutLoopback: 'node2',
  });
  const deployment = deploymentOf(await collect({ paths: [set.path], maps: [] }));
  const edges = forecast(deployment).filter(
    ({ edge, from }) => edge === 'client' && from === 'kube-apiserver',
  );

  expect(edges.map(({ outcome }) => outcome)).toEqual(outcomes);
  expect(edges[0]?.member).toBe(apart ? 'node2' : undefined);
});

test('a kube-apiserver on a host whose member serves 127.0.0.1 is accepted, whatever the others do', async () => {
  await using set = await setOf(['node1', 'node2', 'node3'], {
    apart: true,
    apiserverOn: 'node1',
    withoutLoopback: 'node2',
  });
  const deployment = deploymentOf(await collect({ paths: [set.path], maps: [] }));
  const [edge] = forecast(deployment).filter(({ from }) => from === 'kube-apiserver');

  expect(edge).toMatchObject({ outcome: 'accepted', member: 'node1' });
});

interface Layout {
  readonly apart?: boolean;
  readonly apiserverOn?: string;
  readonly withoutLoopback?: string;
}

async function setOf(hosts: readonly string[], layout: Layout = {}): Promise<Directory> {
  const { apart = false, apiserverOn, withoutLoopback } = layout;
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const client = await ca.issue({ commonName: 'apiserver', usages: ['clientAuth'] });
  const files: Record<string, string> = { 'ca.pem': ca.certificatePem };
  for (const [name, address] of Object.entries(addresses)) {
    if (!hosts.includes(name)) continue;
    const place = (file: string): string => (apart ? `${name}/${file}` : file);
    const loopback = name === withoutLoopback ? [] : ['127.0.0.1', 'localhost'];
    const { certificatePem, privateKeyPem } = await ca.issue({
      commonName: name,
      hosts: [address, ...loopback],
      usages: ['serverAuth', 'clientAuth'],
    });
    files[place(`${name}.pem`)] = certificatePem;
    files[place(`${name}-key.pem`)] = privateKeyPem;
    files[place(`${name}.env`)] = environment(name, address);
    if (name === apiserverOn) {
      files[place('apiserver.pem')] = client.certificatePem;
      files[place('apiserver-key.pem')] = client.privateKeyPem;
      files[place('kube-apiserver.service')] = apiserver;
    }
  }
  return await directoryWith(files);
}

const apiserver = `[Service]
ExecStart=/usr/bin/kube-apiserver --etcd-servers=https://127.0.0.1:2379 --etcd-cafile=/etc/etcd/ca.pem \\
  --etcd-certfile=/etc/etcd/apiserver.pem --etcd-keyfile=/etc/etcd/apiserver-key.pem
`;

function environment(name: string, address: string): string {
  const cluster = Object.entries(addresses).map(
    ([member, host]) => `${member}=https://${host}:2380`,
  );
  const settings = {
    NAME: name,
    DATA_DIR: '/var/lib/etcd',
    LISTEN_CLIENT_URLS: `https://${address}:2379,https://127.0.0.1:2379`,
    ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
    LISTEN_PEER_URLS: `https://${address}:2380`,
    INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
    INITIAL_CLUSTER: cluster.join(','),
    CERT_FILE: `/etc/etcd/${name}.pem`,
    KEY_FILE: `/etc/etcd/${name}-key.pem`,
    TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    CLIENT_CERT_AUTH: 'true',
    PEER_CERT_FILE: `/etc/etcd/${name}.pem`,
    PEER_KEY_FILE: `/etc/etcd/${name}-key.pem`,
    PEER_TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
    PEER_CLIENT_CERT_AUTH: 'true',
  };
  return Object.entries(settings)
    .map(([key, value]) => `ETCD_${key}=${value}\n`)
    .join('');
}

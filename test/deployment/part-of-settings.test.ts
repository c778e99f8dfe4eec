import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const leaf = await ca.issue({ commonName: 'n1', hosts: ['10.0.0.1', 'localhost', '127.0.0.1'] });
const set = {
  'ca.pem': ca.certificatePem,
  'n1.pem': leaf.certificatePem,
  'n1-key.pem': leaf.privateKeyPem,
};

const client = [
  'ETCD_CERT_FILE=/etc/etcd/n1.pem',
  'ETCD_KEY_FILE=/etc/etcd/n1-key.pem',
  'ETCD_TRUSTED_CA_FILE=/etc/etcd/ca.pem',
  'ETCD_CLIENT_CERT_AUTH=true',
];
const peer = client.map((line) => line.replace('ETCD_', 'ETCD_PEER_'));

async function judged(name: string, lines: readonly string[]) {
  await using directory = await directoryWith({ ...set, [name]: `${lines.join('\n')}\n` });
  const { results, verdict } = await audit({ paths: [directory.path], maps: [] });
  const failed = results.filter((result) => result.verdict.status === 'fail');
  return { status: verdict.status, failed: failed.map(({ check }) => check.id) };
}

test.each([
  ['etcd.env.erb', '<%= @name %>'],
  ['etcd.env.j2', '{{ inventory_hostname }}'],
])('%s does not show whether the peer port has TLS', async (file, name) => {
  const lines = [`ETCD_NAME=${name}`, ...client];

  expect(await judged(file, lines)).toEqual({ status: 'incomplete', failed: [] });
});

test('a template that states http is served without TLS', async () => {
  const urls = [
    'ETCD_LISTEN_PEER_URLS=http://10.0.0.1:2380',
    'ETCD_INITIAL_ADVERTISE_PEER_URLS=http://10.0.0.1:2380',
  ];
  const lines = ['ETCD_NAME={{ name }}', ...client, ...urls];

  expect(await judged('etcd.env.j2', lines)).toMatchObject({
    status: 'fail',
    failed: ['plaintext-peer-port'],
  });
});

test('a template without a trusted CA still accepts anyone', async () => {
  const lines = ['ETCD_NAME={{ name }}', ...client.slice(0, 2), ...peer];

  expect((await judged('etcd.env.j2', lines)).failed).toContain('client-port-admits-anonymous');
});

const urls = {
  listen: 'ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379',
  advertise: 'ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379',
  listenForPeers: 'ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380',
  advertiseToPeers: 'ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380',
};

test.each([
  ['no URL', []],
  ['the URL that clients are told', [urls.advertise]],
  ['the URL that clients and that peers are told', [urls.advertise, urls.advertiseToPeers]],
  ['where etcd listens for clients', [urls.listen]],
  ['the first cluster', ['ETCD_INITIAL_CLUSTER=n1=https://10.0.0.1:2380']],
])('an environment file with %s alone says nothing of the other URLs', async (_, stated) => {
  const lines = ['ETCD_NAME=n1', ...client, ...peer, ...stated];

  expect(await judged('etcd.env', lines)).toMatchObject({ failed: [] });
});

test('an environment file with all URLs is judged by them', async () => {
  const listen = 'ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379';
  const { listenForPeers, advertise, advertiseToPeers } = urls;
  const lines = [
    'ETCD_NAME=n1',
    ...client,
    ...peer,
    listen,
    listenForPeers,
    advertise,
    advertiseToPeers,
  ];

  expect(await judged('etcd.env', lines)).toMatchObject({
    status: 'fail',
    failed: ['advertised-url-without-listener'],
  });
});

const talos = (hostname: string) => `machine:
  type: controlplane
  network:
    hostname: ${hostname}
    interfaces: [{interface: eth0, addresses: [10.0.0.1/24]}]
cluster:
  etcd:
    ca:
      crt: ${Buffer.from(ca.certificatePem).toString('base64')}
      key: ${Buffer.from(ca.privateKeyPem).toString('base64')}
`;

test.each([
  { copy: talos('cp1'), members: ['cp1'] },
  { copy: talos('cp2').replace('10.0.0.1/24', '10.0.0.2/24'), members: ['cp1', 'cp2'] },
])('a copy of the configuration of a Talos machine is of $members', async ({ copy, members }) => {
  await using directory = await directoryWith({ 'a/cp.yaml': talos('cp1'), 'b/cp.yaml': copy });
  const { facts } = await audit({ paths: [directory.path], maps: [] });

  expect(facts.members?.map(({ name }) => name)).toEqual(members);
});

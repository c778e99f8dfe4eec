import { beforeAll, expect, test } from 'vitest';
import { deploy } from '../../support/deploy.ts';
import { directoryWith } from '../../support/directory.ts';
import { apiserverManifest, kubeadmManifest } from '../../support/kubeadm.ts';
import { type Authority, issueAuthority } from '../../support/pki.ts';

let authority: Authority;
let peerAuthority: Authority;

beforeAll(async () => {
  authority = await issueAuthority({ commonName: 'etcd-ca' });
  peerAuthority = await issueAuthority({ commonName: 'etcd-peer-ca' });
});

test('a control plane made by kubeadm: one member, and the API server and the health check as clients', async () => {
  await using set = await directoryWith({
    'manifests/etcd.yaml': kubeadmManifest,
    'manifests/kube-apiserver.yaml': apiserverManifest,
    'pki/etcd/ca.crt': authority.certificatePem,
    ...(await member('pki/etcd/server', authority)),
    ...(await member('pki/etcd/peer', authority)),
    ...(await client('pki/etcd/healthcheck-client')),
    ...(await client('pki/apiserver-etcd-client')),
  });

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.members).toMatchObject([
    {
      name: 'control-plane',
      addresses: ['10.0.0.1'],
      etcdVersion: { value: '3.5.15' },
      files: [
        { deployed: '/etc/kubernetes/pki/etcd/server.crt', file: set.at('pki/etcd/server.crt') },
        { deployed: '/etc/kubernetes/pki/etcd/server.key', file: set.at('pki/etcd/server.key') },
        { deployed: '/etc/kubernetes/pki/etcd/ca.crt', file: set.at('pki/etcd/ca.crt') },
        { deployed: '/etc/kubernetes/pki/etcd/peer.crt', file: set.at('pki/etcd/peer.crt') },
        { deployed: '/etc/kubernetes/pki/etcd/peer.key', file: set.at('pki/etcd/peer.key') },
      ],
    },
  ]);
  expect(facts.clients).toMatchObject([
    { kind: 'kube-apiserver', endpoints: { value: ['https://127.0.0.1:2379'] } },
    {
      name: 'healthcheck',
      endpoints: { value: ['https://10.0.0.1:2379'], origin: { via: 'assumed' } },
    },
  ]);
});

test('three control planes in three directories: each manifest means the files next to it', async () => {
  const files: Record<string, string> = {};
  for (const [index, node] of ['cp1', 'cp2', 'cp3'].entries()) {
    const address = `10.0.0.${index + 1}`;
    const renamed = kubeadmManifest
      .replaceAll('10.0.0.1', address)
      .replaceAll('control-plane', node);
    Object.assign(files, {
      [`${node}/manifests/etcd.yaml`]: renamed,
      [`${node}/pki/etcd/ca.crt`]: authority.certificatePem,
      ...(await member(`${node}/pki/etcd/server`, authority, address)),
      ...(await member(`${node}/pki/etcd/peer`, authority, address)),
    });
  }
  await using set = await directoryWith(files);

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.members?.map(({ name, files: matches }) => [name, matches[0]?.file])).toEqual(
    ['cp1', 'cp2', 'cp3'].map((node) => [node, set.at(`${node}/pki/etcd/server.crt`)]),
  );
});

test('a server of k3s: its generated configuration file and its two CAs', async () => {
  const tls = '/var/lib/rancher/k3s/server/tls/etcd';
  await using set = await directoryWith({
    'db/etcd/config': `name: server-a-1234abcd
data-dir: /var/lib/rancher/k3s/server/db/etcd
listen-client-urls: https://127.0.0.1:2379,https://10.0.0.1:2379
advertise-client-urls: https://10.0.0.1:2379
listen-peer-urls: https://127.0.0.1:2380,https://10.0.0.1:2380
initial-advertise-peer-urls: https://10.0.0.1:2380
initial-cluster: server-a-1234abcd=https://10.0.0.1:2380
client-transport-security:
  cert-file: ${tls}/server-client.crt
  key-file: ${tls}/server-client.key
  client-cert-auth: true
  trusted-ca-file: ${tls}/server-ca.crt
peer-transport-security:
  cert-file: ${tls}/peer-server-client.crt
  key-file: ${tls}/peer-server-client.key
  client-cert-auth: true
  trusted-ca-file: ${tls}/peer-ca.crt
`,
    'tls/etcd/server-ca.crt': authority.certificatePem,
    'tls/etcd/peer-ca.crt': peerAuthority.certificatePem,
    ...(await member('tls/etcd/server-client', authority)),
    ...(await member('tls/etcd/peer-server-client', peerAuthority)),
    ...(await client('tls/etcd/client')),
  });

  const { facts } = await deploy({ paths: [set.path], maps: [] });
  const [server] = facts.members ?? [];

  expect(server?.name).toBe('server-a-1234abcd');
  expect(server?.files.map(({ file }) => file)).not.toContain(undefined);
  expect(facts.clients).toMatchObject([{ certFile: { value: set.at('tls/etcd/client.crt') } }]);
});

test('a node of kubespray: its environment file, certificates that name every node, and its clients', async () => {
  const hosts = ['10.0.0.1', '10.0.0.2', 'node1', 'node2', 'localhost', '127.0.0.1'];
  const usages = ['serverAuth', 'clientAuth'] as const;
  const pair = async (name: string) => {
    const issued = await authority.issue({ commonName: name, hosts, usages });
    return {
      [`ssl/${name}.pem`]: issued.certificatePem,
      [`ssl/${name}-key.pem`]: issued.privateKeyPem,
    };
  };
  await using set = await directoryWith({
    'etcd.env': `ETCD_NAME=etcd1
ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380
ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379,https://127.0.0.1:2379
ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380
ETCD_INITIAL_CLUSTER=etcd1=https://10.0.0.1:2380,etcd2=https://10.0.0.2:2380
ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem
ETCD_CERT_FILE=/etc/ssl/etcd/ssl/member-node1.pem
ETCD_KEY_FILE=/etc/ssl/etcd/ssl/member-node1-key.pem
ETCD_CLIENT_CERT_AUTH=true
ETCD_PEER_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem
ETCD_PEER_CERT_FILE=/etc/ssl/etcd/ssl/member-node1.pem
ETCD_PEER_KEY_FILE=/etc/ssl/etcd/ssl/member-node1-key.pem
ETCD_PEER_CLIENT_CERT_AUTH=true
ETCDCTL_ENDPOINTS=https://127.0.0.1:2379
ETCDCTL_CACERT=/etc/ssl/etcd/ssl/ca.pem
ETCDCTL_KEY=/etc/ssl/etcd/ssl/admin-node1-key.pem
ETCDCTL_CERT=/etc/ssl/etcd/ssl/admin-node1.pem
`,
    'ssl/ca.pem': authority.certificatePem,
    ...(await pair('member-node1')),
    ...(await pair('admin-node1')),
    ...(await pair('node-node1')),
  });

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.members).toMatchObject([
    { name: 'etcd1', addresses: ['10.0.0.1'] },
    { name: 'etcd2', known: 'named', addresses: ['10.0.0.2'] },
  ]);
  expect(facts.clients?.map(({ certFile }) => certFile?.value)).toEqual([
    '/etc/ssl/etcd/ssl/admin-node1.pem',
    set.at('ssl/node-node1.pem'),
  ]);
});

async function member(
  stem: string,
  by: Authority,
  address = '10.0.0.1',
): Promise<Readonly<Record<string, string>>> {
  const { certificatePem, privateKeyPem } = await by.issue({
    commonName: 'node',
    hosts: ['localhost', '127.0.0.1', address],
    usages: ['serverAuth', 'clientAuth'],
  });
  return { [`${stem}.crt`]: certificatePem, [`${stem}.key`]: privateKeyPem };
}

async function client(stem: string): Promise<Readonly<Record<string, string>>> {
  const { certificatePem, privateKeyPem } = await authority.issue({
    commonName: 'client',
    usages: ['clientAuth'],
  });
  return { [`${stem}.crt`]: certificatePem, [`${stem}.key`]: privateKeyPem };
}

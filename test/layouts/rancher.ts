import { configFile, dockerInspect } from './forms.ts';
import type { Layout } from './layout.ts';
import {
  addressing,
  type Host,
  hostsNamed,
  memberLeaf,
  mutualTls,
  on,
  type PlannedLeaf,
} from './plan.ts';
import { client } from './kubernetes-pki.ts';

/** What Rancher makes. */
export const rancherLayouts: readonly Layout[] = [k3s(), rke1(), rke2()];

function k3s(): Layout {
  return rancher('k3s', 'https://docs.k3s.io/datastore/ha-embedded', '10.30.5');
}

function rke2(): Layout {
  return rancher('rke2', 'https://docs.rke2.io/install/ha', '10.30.6');
}

function rancher(tool: 'k3s' | 'rke2', source: string, network: string): Layout {
  const hosts = hostsNamed(['server-1', 'server-2', 'server-3'], network, (name) => name);
  const base = `/var/lib/rancher/${tool}/server`;
  const tls = `${base}/tls/etcd`;
  return {
    tool: tool === 'k3s' ? 'k3s' : 'RKE2',
    source,
    plan: {
      hosts,
      authorities: { server: 'etcd-server-ca', peer: 'etcd-peer-ca' },
      anchors: hosts.flatMap((host) => [
        { authority: 'server', path: on(host, `${tls}/server-ca.crt`) },
        { authority: 'peer', path: on(host, `${tls}/peer-ca.crt`) },
      ]),
      leaves: hosts.flatMap((host): readonly PlannedLeaf[] => [
        {
          role: 'server',
          authority: 'server',
          host,
          leaf: memberLeaf(host, { commonName: 'etcd-server' }),
          certificate: on(host, `${tls}/server-client.crt`),
          key: on(host, `${tls}/server-client.key`),
        },
        {
          role: 'peer',
          authority: 'peer',
          host,
          leaf: memberLeaf(host, { commonName: 'etcd-peer' }),
          certificate: on(host, `${tls}/peer-server-client.crt`),
          key: on(host, `${tls}/peer-server-client.key`),
        },
        client(host, `${tls}/client`, 'etcd-client', 'server'),
      ]),
      // After the first start the file has no initial-* settings but the state.
      members: hosts.map((host) => ({
        host,
        flags: {
          'advertise-client-urls': `https://${host.address}:2379`,
          'data-dir': `${base}/db/etcd`,
          'election-timeout': '5000',
          'heartbeat-interval': '500',
          'listen-client-http-urls': 'https://127.0.0.1:2382',
          'listen-client-urls': `https://127.0.0.1:2379,https://${host.address}:2379`,
          'listen-metrics-urls': 'http://127.0.0.1:2381',
          'listen-peer-urls': `https://127.0.0.1:2380,https://${host.address}:2380`,
          name: `${host.name}-1a2b3c4d`,
          ...mutualTls({
            cert: `${tls}/server-client.crt`,
            key: `${tls}/server-client.key`,
            ca: `${tls}/server-ca.crt`,
            peerCert: `${tls}/peer-server-client.crt`,
            peerKey: `${tls}/peer-server-client.key`,
            peerCa: `${tls}/peer-ca.crt`,
          }),
        },
      })),
      settings: configFile(`${base}/db/etcd/config`),
    },
  };
}

function rke1Stem({ address }: Host): string {
  return `kube-etcd-${address.replaceAll('.', '-')}`;
}

function rke1(): Layout {
  const hosts = hostsNamed(['node-a', 'node-b', 'node-c'], '10.30.7', (name) => name);
  const ssl = '/etc/kubernetes/ssl';
  const names = hosts.flatMap(({ name, address }) => [name, address]);
  return {
    tool: 'RKE1',
    source: 'https://rke.docs.rancher.com/config-options/services',
    plan: {
      hosts,
      authorities: { kube: 'kube-ca' },
      anchors: hosts.map((host) => ({ authority: 'kube', path: on(host, `${ssl}/kube-ca.pem`) })),
      leaves: hosts.flatMap((host): readonly PlannedLeaf[] => [
        {
          role: 'both',
          authority: 'kube',
          host,
          leaf: memberLeaf(host, {
            commonName: 'kube-etcd',
            hosts: [...names, 'localhost', '127.0.0.1'],
          }),
          certificate: on(host, `${ssl}/${rke1Stem(host)}.pem`),
          key: on(host, `${ssl}/${rke1Stem(host)}-key.pem`),
        },
        client(host, `${ssl}/kube-node`, 'system:node', 'kube', 'pem', 'system:nodes'),
        client(host, `${ssl}/kube-proxy`, 'system:kube-proxy', 'kube', 'pem'),
      ]),
      members: hosts.map((host) => ({
        host,
        flags: {
          ...addressing(
            { ...host, name: `etcd-${host.name}` },
            hosts.map((each) => ({ ...each, name: `etcd-${each.name}` })),
          ),
          'listen-client-urls': 'https://0.0.0.0:2379',
          'listen-peer-urls': 'https://0.0.0.0:2380',
          'initial-cluster-token': 'etcd-cluster-1',
          ...mutualTls({
            cert: `${ssl}/${rke1Stem(host)}.pem`,
            key: `${ssl}/${rke1Stem(host)}-key.pem`,
            ca: `${ssl}/kube-ca.pem`,
          }),
        },
      })),
      settings: dockerInspect(
        '/etcd.json',
        'etcd',
        ['/var/lib/etcd:/var/lib/rancher/etcd', '/etc/kubernetes:/etc/kubernetes'],
        'rancher/mirrored-coreos-etcd:v3.5.9',
      ),
    },
  };
}

import type { Layout } from './layout.ts';
import { hostsNamed, memberLeaf, on, type Host } from './plan.ts';

const data = '/var/snap/microk8s/current';
const hosts = hostsNamed(['microk8s-vm'], '10.30.13', () => '');

/** One member with its peer port in plain text on loopback, as up to 1.18, the last release without dqlite by default. */
export const microk8s: Layout = {
  tool: 'MicroK8s (etcd)',
  source: 'https://github.com/canonical/microk8s/blob/1.18/microk8s-resources/default-args/etcd',
  plan: {
    hosts,
    authorities: { cluster: '10.152.183.1' },
    anchors: hosts.map((host) => ({
      authority: 'cluster',
      path: on(host, `${data}/certs/ca.crt`),
    })),
    leaves: hosts.flatMap((host) => [
      {
        role: 'server' as const,
        authority: 'cluster',
        host,
        leaf: memberLeaf(host, { commonName: '127.0.0.1' }),
        certificate: on(host, `${data}/certs/server.crt`),
        key: on(host, `${data}/certs/server.key`),
      },
    ]),
    members: hosts.map((host) => ({ host, flags: flagsOf(host) })),
    settings: (members) =>
      Object.fromEntries(
        members.flatMap(({ host, flags }) => [
          [on(host, `${data}/args/etcd`), lines(flags)],
          [on(host, `${data}/args/kube-apiserver`), lines(clientFlags('etcd-servers'))],
          [on(host, `${data}/args/flanneld`), lines(clientFlags('etcd-endpoints'))],
        ]),
      ),
  },
};

function flagsOf({ address }: Host): Readonly<Record<string, string>> {
  return {
    'data-dir': '${SNAP_COMMON}/var/run/etcd',
    'advertise-client-urls': `https://${address}:12379`,
    'listen-client-urls': 'https://0.0.0.0:12379',
    'client-cert-auth': '',
    'trusted-ca-file': '${SNAP_DATA}/certs/ca.crt',
    'cert-file': '${SNAP_DATA}/certs/server.crt',
    'key-file': '${SNAP_DATA}/certs/server.key',
  };
}

function clientFlags(endpoints: string): Readonly<Record<string, string>> {
  return {
    [endpoints]: 'https://127.0.0.1:12379',
    'etcd-cafile': '${SNAP_DATA}/certs/ca.crt',
    'etcd-certfile': '${SNAP_DATA}/certs/server.crt',
    'etcd-keyfile': '${SNAP_DATA}/certs/server.key',
  };
}

function lines(flags: Readonly<Record<string, string>>): string {
  return Object.entries(flags)
    .map(([name, value]) => `--${name}${value === '' ? '' : `=${value}`}\n`)
    .join('');
}

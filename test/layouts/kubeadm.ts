import { merged, staticPod } from './forms.ts';
import type { Layout } from './layout.ts';
import { addressing, type Host, hostsNamed, on, type PlannedMember } from './plan.ts';
import { etcdPki, serverAndPeer, client, other, apiServer } from './kubernetes-pki.ts';

export const kubeadmLayouts: readonly Layout[] = [kubeadmStacked(), kubeadmExternal()];

function kubeadmStacked(): Layout {
  const hosts = hostsNamed(['cp-1', 'cp-2', 'cp-3'], '10.30.1', (name) => name);
  const pki = '/etc/kubernetes/pki';
  const members = hosts.map((host, index): PlannedMember => {
    const { 'initial-cluster-state': _new, ...flags } = addressing(host, hosts.slice(0, index + 1));
    return {
      host,
      flags: {
        ...flags,
        // Each control plane node is added to the cluster of those before it.
        ...(index > 0 && { 'initial-cluster-state': 'existing' }),
        'listen-metrics-urls': 'http://127.0.0.1:2381',
        ...etcdPki(`${pki}/etcd`),
      },
    };
  });
  return {
    tool: 'kubeadm, stacked, three nodes',
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/',
    plan: {
      hosts,
      authorities: { etcd: 'etcd-ca', kubernetes: 'kubernetes' },
      anchors: hosts.flatMap((host) => [
        { authority: 'etcd', path: on(host, `${pki}/etcd/ca.crt`) },
        { authority: 'kubernetes', path: on(host, `${pki}/ca.crt`) },
      ]),
      leaves: hosts.flatMap((host) => [
        ...serverAndPeer(host, `${pki}/etcd`, 'etcd'),
        client(host, `${pki}/etcd/healthcheck-client`, 'kube-etcd-healthcheck-client', 'etcd'),
        client(host, `${pki}/apiserver-etcd-client`, 'kube-apiserver-etcd-client', 'etcd'),
        other(host, `${pki}/apiserver`, 'kube-apiserver', 'kubernetes'),
        client(
          host,
          `${pki}/apiserver-kubelet-client`,
          'kube-apiserver-kubelet-client',
          'kubernetes',
        ),
      ]),
      members,
      settings: staticPod({
        path: '/etc/kubernetes/manifests/etcd.yaml',
        mounts: ['/var/lib/etcd', `${pki}/etcd`],
        name: (host) => `etcd-${host.name}`,
      }),
      others: () =>
        merged(
          hosts.map((host) =>
            apiServer(host, ['https://127.0.0.1:2379'], {
              ca: `${pki}/etcd/ca.crt`,
              pair: `${pki}/apiserver-etcd-client`,
            }),
          ),
        ),
    },
  };
}

function kubeadmExternal(): Layout {
  const etcd = hostsNamed(['etcd-1', 'etcd-2', 'etcd-3'], '10.30.2', (name) => name);
  const control: Host = { name: 'cp-1', address: '10.30.2.21', directory: 'cp-1' };
  const pki = '/etc/kubernetes/pki';
  return {
    tool: 'kubeadm, external etcd',
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/setup-ha-etcd-with-kubeadm/',
    plan: {
      hosts: etcd,
      authorities: { etcd: 'etcd-ca' },
      anchors: [...etcd, control].map((host) => ({
        authority: 'etcd',
        path: on(host, `${pki}/etcd/ca.crt`),
      })),
      leaves: [
        ...etcd.flatMap((host) => [
          ...serverAndPeer(host, `${pki}/etcd`, 'etcd'),
          client(host, `${pki}/etcd/healthcheck-client`, 'kube-etcd-healthcheck-client', 'etcd'),
        ]),
        client(control, `${pki}/apiserver-etcd-client`, 'kube-apiserver-etcd-client', 'etcd'),
      ],
      members: etcd.map((host) => ({
        host,
        flags: {
          ...addressing(host, etcd),
          'listen-metrics-urls': 'http://127.0.0.1:2381',
          ...etcdPki(`${pki}/etcd`),
        },
      })),
      settings: staticPod({
        path: '/etc/kubernetes/manifests/etcd.yaml',
        mounts: ['/var/lib/etcd', `${pki}/etcd`],
      }),
      others: () =>
        apiServer(
          control,
          etcd.map(({ address }) => `https://${address}:2379`),
          {
            ca: `${pki}/etcd/ca.crt`,
            pair: `${pki}/apiserver-etcd-client`,
          },
        ),
    },
  };
}

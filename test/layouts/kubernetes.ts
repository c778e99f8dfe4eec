import { merged, environmentFile, staticPod, unit } from './forms.ts';
import { kubeadmLayouts } from './kubeadm.ts';
import type { Layout } from './layout.ts';
import { rancherLayouts } from './rancher.ts';
import { microk8s } from './microk8s.ts';
import {
  addressing,
  hostsNamed,
  memberLeaf,
  mutualTls,
  on,
  type PlannedLeaf,
  type PlannedMember,
} from './plan.ts';
import { etcdPki, serverAndPeer, client, other } from './kubernetes-pki.ts';

/** Installers of Kubernetes that bring their etcd along. */
export const kubernetesLayouts: readonly Layout[] = [
  ...kubeadmLayouts,
  kubespray(),
  kops(),
  ...rancherLayouts,
  talos(),
  k0s(),
  etcdadm(),
  hardWay(),
  openShift(),
  microk8s,
];

function kubespray(): Layout {
  const hosts = hostsNamed(['node1', 'node2', 'node3'], '10.30.3', (name) => name);
  const ssl = '/etc/ssl/etcd/ssl';
  // The playbook issues all of them on the first node and copies them to the others.
  const everybody = {
    commonName: 'etcd-member',
    hosts: ['localhost', ...hosts.flatMap(({ name, address }) => [name, address]), '127.0.0.1'],
  };
  return {
    tool: 'kubespray',
    source: 'https://github.com/kubernetes-sigs/kubespray',
    plan: {
      hosts,
      authorities: { etcd: 'etcd-ca' },
      anchors: hosts.map((host) => ({ authority: 'etcd', path: on(host, `${ssl}/ca.pem`) })),
      leaves: hosts.flatMap((host): readonly PlannedLeaf[] => [
        {
          role: 'both',
          authority: 'etcd',
          host,
          leaf: memberLeaf(host, { ...everybody, commonName: `etcd-member-${host.name}` }),
          certificate: on(host, `${ssl}/member-${host.name}.pem`),
          key: on(host, `${ssl}/member-${host.name}-key.pem`),
        },
        {
          ...client(host, `${ssl}/admin-${host.name}`, `etcd-admin-${host.name}`, 'etcd', 'pem'),
          leaf: {
            ...everybody,
            commonName: `etcd-admin-${host.name}`,
            usages: ['clientAuth', 'serverAuth'],
          },
        },
        {
          ...client(host, `${ssl}/node-${host.name}`, `etcd-node-${host.name}`, 'etcd', 'pem'),
          leaf: {
            ...everybody,
            commonName: `etcd-node-${host.name}`,
            usages: ['clientAuth', 'serverAuth'],
          },
        },
      ]),
      members: hosts.map((host, index) => ({
        host,
        flags: {
          ...addressing(host, hosts),
          name: `etcd${index + 1}`,
          'initial-cluster': hosts
            .map(({ address }, at) => `etcd${at + 1}=https://${address}:2380`)
            .join(','),
          'initial-cluster-token': 'k8s_etcd',
          ...mutualTls({
            cert: `${ssl}/member-${host.name}.pem`,
            key: `${ssl}/member-${host.name}-key.pem`,
            ca: `${ssl}/ca.pem`,
          }),
        },
      })),
      settings: environmentFile(
        '/etc/etcd.env',
        '[Service]\nType=notify\nUser=root\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/local/bin/etcd\nRestart=always\n',
        '',
      ),
    },
  };
}

/** Two clusters of etcd-manager on each machine: one for Kubernetes, one for its events. */
function kops(): Layout {
  const names = ['a', 'b', 'c'];
  const hosts = hostsNamed(
    names.map((name) => `control-${name}`),
    '10.30.4',
    (name) => name,
  );
  const clusters = [
    { cluster: 'main', client: 4001, peer: 2380 },
    { cluster: 'events', client: 4002, peer: 2381 },
  ];
  const members = clusters.flatMap(({ cluster, client: port, peer }) =>
    hosts.map((host): PlannedMember => {
      const own = {
        ...host,
        name: `etcd-${names[hosts.indexOf(host)]}`,
        directory: host.directory,
      };
      const all = hosts.map((each, index) => ({ ...each, name: `etcd-${names[index]}` }));
      const base = `/rootfs/mnt/master-vol-${cluster}/pki/${cluster}`;
      return {
        host: { ...own, directory: `${host.directory}/${cluster}` },
        flags: {
          ...addressing(own, all, { client: port, peer }),
          'initial-cluster-token': `${cluster}-token`,
          ...mutualTls({
            cert: `${base}/clients/server.crt`,
            key: `${base}/clients/server.key`,
            ca: `${base}/clients/ca.crt`,
            peerCert: `${base}/peers/me.crt`,
            peerKey: `${base}/peers/me.key`,
            peerCa: `${base}/peers/ca.crt`,
          }),
        },
      };
    }),
  );
  return {
    tool: 'kOps (etcd-manager), main and events',
    source: 'https://kops.sigs.k8s.io/operations/etcd_administration/',
    plan: {
      hosts,
      authorities: {
        'main clients': 'etcd-clients-ca-main',
        'main peers': 'etcd-peers-ca-main',
        'events clients': 'etcd-clients-ca-events',
        'events peers': 'etcd-peers-ca-events',
      },
      anchors: members.flatMap(({ host, flags }) =>
        ['trusted-ca-file', 'peer-trusted-ca-file'].map((flag) => ({
          authority: `${host.directory.split('/')[1]} ${flag.startsWith('peer') ? 'peers' : 'clients'}`,
          path: on(host, flags[flag] ?? ''),
        })),
      ),
      leaves: members.flatMap(({ host, flags }): readonly PlannedLeaf[] =>
        ['', 'peer-'].map((prefix) => ({
          role: prefix === '' ? 'server' : 'peer',
          authority: `${host.directory.split('/')[1]} ${prefix === '' ? 'clients' : 'peers'}`,
          host,
          leaf: memberLeaf(host),
          certificate: on(host, flags[`${prefix}cert-file`] ?? ''),
          key: on(host, flags[`${prefix}key-file`] ?? ''),
        })),
      ),
      members,
      settings: unit('/opt/etcd-v3.5.9/etcd'),
    },
  };
}

/** As `talosctl read` copies it; etcd runs in a container of the machine. */
function talos(): Layout {
  const hosts = hostsNamed(['talos-cp-1', 'talos-cp-2', 'talos-cp-3'], '10.30.8', (name) => name);
  return {
    tool: 'Talos',
    source: 'https://www.talos.dev/',
    plan: {
      hosts,
      authorities: { etcd: 'etcd' },
      anchors: hosts.map((host) => ({
        authority: 'etcd',
        path: on(host, '/system/secrets/etcd/ca.crt'),
      })),
      leaves: hosts.flatMap((host) => [
        ...serverAndPeer(host, '/system/secrets/etcd', 'etcd'),
        client(host, '/system/secrets/etcd/admin', 'talos', 'etcd'),
      ]),
      members: [],
      settings: () => ({}),
    },
  };
}

function k0s(): Layout {
  const hosts = hostsNamed(['k0s-1', 'k0s-2', 'k0s-3'], '10.30.9', (name) => name);
  const pki = '/var/lib/k0s/pki';
  return {
    tool: 'k0s',
    source: 'https://docs.k0sproject.io/',
    plan: {
      hosts,
      authorities: { etcd: 'etcd-ca', kubernetes: 'kubernetes-ca' },
      anchors: hosts.flatMap((host) => [
        { authority: 'etcd', path: on(host, `${pki}/etcd/ca.crt`) },
        { authority: 'kubernetes', path: on(host, `${pki}/ca.crt`) },
      ]),
      leaves: hosts.flatMap((host) => [
        ...serverAndPeer(host, `${pki}/etcd`, 'etcd'),
        client(host, `${pki}/apiserver-etcd-client`, 'apiserver-etcd-client', 'etcd'),
        other(host, `${pki}/server`, 'kubernetes', 'kubernetes'),
      ]),
      members: hosts.map((host) => ({
        host,
        flags: { ...addressing(host, hosts), ...etcdPki(`${pki}/etcd`) },
      })),
      settings: (members) =>
        merged(
          members.map(({ host, flags }) => ({
            [on(host, '/ps.txt')]:
              `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
etcd        1201  1.2  2.0 11217040 80000 ?     Sl   10:00   0:42 /var/lib/k0s/bin/etcd ${Object.entries(
                flags,
              )
                .map(([name, value]) => `--${name}=${value}`)
                .join(' ')}
`,
          })),
        ),
    },
  };
}

function etcdadm(): Layout {
  const hosts = hostsNamed(['etcd-0', 'etcd-1', 'etcd-2'], '10.30.10', (name) => name);
  const pki = '/etc/etcd/pki';
  return {
    tool: 'etcdadm',
    source: 'https://github.com/kubernetes-sigs/etcdadm',
    plan: {
      hosts,
      authorities: { etcd: 'etcd' },
      anchors: hosts.map((host) => ({ authority: 'etcd', path: on(host, `${pki}/ca.crt`) })),
      leaves: hosts.flatMap((host) => [
        ...serverAndPeer(host, pki, 'etcd'),
        client(host, `${pki}/etcdctl-etcd-client`, 'etcdctl', 'etcd'),
        client(host, `${pki}/apiserver-etcd-client`, 'kube-apiserver', 'etcd'),
      ]),
      members: hosts.map((host) => ({
        host,
        flags: { ...addressing(host, hosts), ...etcdPki(pki) },
      })),
      settings: environmentFile(
        '/etc/etcd/etcd.env',
        '[Service]\nType=notify\nEnvironmentFile=/etc/etcd/etcd.env\nExecStart=/opt/bin/etcd\n',
        '',
      ),
    },
  };
}

function hardWay(): Layout {
  const hosts = hostsNamed(
    ['controller-0', 'controller-1', 'controller-2'],
    '10.30.11',
    (name) => name,
  );
  const apiServerNames = [
    ...hosts.map(({ address }) => address),
    '10.32.0.1',
    '127.0.0.1',
    'kubernetes',
    'kubernetes.default',
  ];
  return {
    tool: 'Kubernetes The Hard Way',
    source: 'https://github.com/kelseyhightower/kubernetes-the-hard-way',
    plan: {
      hosts,
      authorities: { kubernetes: 'Kubernetes' },
      anchors: hosts.map((host) => ({
        authority: 'kubernetes',
        path: on(host, '/etc/etcd/ca.pem'),
      })),
      leaves: [
        ...hosts.map((host): PlannedLeaf => ({
          role: 'both',
          authority: 'kubernetes',
          host,
          leaf: memberLeaf(host, { commonName: 'kubernetes', hosts: apiServerNames }),
          certificate: on(host, '/etc/etcd/kubernetes.pem'),
          key: on(host, '/etc/etcd/kubernetes-key.pem'),
        })),
        ...['worker-0', 'worker-1'].map((name, index): PlannedLeaf => ({
          role: 'other',
          authority: 'kubernetes',
          leaf: {
            commonName: `system:node:${name}`,
            organization: 'system:nodes',
            hosts: [name, `10.30.11.${31 + index}`],
            usages: ['serverAuth', 'clientAuth'],
          },
          certificate: `${name}/var/lib/kubelet/${name}.pem`,
          key: `${name}/var/lib/kubelet/${name}-key.pem`,
        })),
      ],
      members: hosts.map((host) => ({
        host,
        flags: {
          ...addressing(host, hosts),
          'initial-cluster-token': 'etcd-cluster-0',
          ...mutualTls({
            cert: '/etc/etcd/kubernetes.pem',
            key: '/etc/etcd/kubernetes-key.pem',
            ca: '/etc/etcd/ca.pem',
          }),
        },
      })),
      settings: unit(),
    },
  };
}

function openShift(): Layout {
  const hosts = hostsNamed(['master-0', 'master-1', 'master-2'], '10.30.12', () => '');
  const secrets = '/etc/kubernetes/static-pod-resources/etcd-certs/secrets/etcd-all-certs';
  const bundles = '/etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-all-bundles';
  return {
    tool: 'OpenShift 4',
    source: 'https://docs.openshift.com/',
    plan: {
      hosts,
      authorities: { etcd: 'openshift-etcd_etcd-signer' },
      anchors: [{ authority: 'etcd', path: `${bundles.slice(1)}/server-ca-bundle.crt` }],
      leaves: hosts.flatMap((host) =>
        (['serving', 'peer'] as const).map((kind): PlannedLeaf => ({
          role: kind === 'peer' ? 'peer' : 'server',
          authority: 'etcd',
          host,
          leaf: memberLeaf(host, {
            commonName:
              kind === 'peer' ? 'system:etcd-peer:etcd-client' : 'system:etcd-server:etcd-client',
          }),
          certificate: on(host, `${secrets}/etcd-${kind}-${host.name}.crt`),
          key: on(host, `${secrets}/etcd-${kind}-${host.name}.key`),
        })),
      ),
      members: hosts.map((host) => ({
        host,
        flags: {
          ...addressing(host, hosts, { loopback: false }),
          'listen-client-urls': 'https://0.0.0.0:2379',
          'listen-peer-urls': 'https://0.0.0.0:2380',
          ...mutualTls({
            cert: `${secrets}/etcd-serving-${host.name}.crt`,
            key: `${secrets}/etcd-serving-${host.name}.key`,
            ca: `${bundles}/server-ca-bundle.crt`,
            peerCert: `${secrets}/etcd-peer-${host.name}.crt`,
            peerKey: `${secrets}/etcd-peer-${host.name}.key`,
          }),
        },
      })),
      settings: (members) =>
        merged(
          members.map((member) =>
            staticPod({
              path: `/manifests/${member.host.name}/etcd-pod.yaml`,
              namespace: 'openshift-etcd',
              image: 'quay.io/openshift-release-dev/etcd:3.5.14',
              mounts: ['/etc/kubernetes/static-pod-resources/etcd-certs', '/var/lib/etcd'],
            })([member]),
          ),
        ),
    },
  };
}

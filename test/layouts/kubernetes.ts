import { merged, configFile, dockerInspect, environmentFile, staticPod, unit } from './forms.ts';
import type { Layout } from './layout.ts';
import { microk8s } from './microk8s.ts';
import {
  addressing,
  clientLeaf,
  type Files,
  type Host,
  hostsNamed,
  memberLeaf,
  mutualTls,
  on,
  type PlannedLeaf,
  type PlannedMember,
} from './plan.ts';

/** Installers of Kubernetes that bring their etcd along. */
export const kubernetesLayouts: readonly Layout[] = [
  kubeadmStacked(),
  kubeadmExternal(),
  kubespray(),
  kops(),
  k3s(),
  rke1(),
  rke2(),
  talos(),
  k0s(),
  etcdadm(),
  hardWay(),
  openShift(),
  microk8s,
];

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

function etcdPki(directory: string) {
  return mutualTls({
    cert: `${directory}/server.crt`,
    key: `${directory}/server.key`,
    ca: `${directory}/ca.crt`,
    peerCert: `${directory}/peer.crt`,
    peerKey: `${directory}/peer.key`,
  });
}

function serverAndPeer(host: Host, directory: string, authority: string): readonly PlannedLeaf[] {
  return (['server', 'peer'] as const).map((role) => ({
    role,
    authority,
    host,
    leaf: memberLeaf(host),
    certificate: on(host, `${directory}/${role}.crt`),
    key: on(host, `${directory}/${role}.key`),
  }));
}

function client(
  host: Host,
  stem: string,
  commonName: string,
  authority: string,
  form: 'crt' | 'pem' = 'crt',
  organization?: string,
): PlannedLeaf {
  return {
    role: 'client',
    authority,
    leaf: clientLeaf(commonName, organization),
    certificate: on(host, `${stem}.${form}`),
    key: on(host, form === 'crt' ? `${stem}.key` : `${stem}-key.pem`),
  };
}

function other(host: Host, stem: string, commonName: string, authority: string): PlannedLeaf {
  return {
    role: 'other',
    authority,
    leaf: { commonName, hosts: [host.name, host.address, 'kubernetes'], usages: ['serverAuth'] },
    certificate: on(host, `${stem}.crt`),
    key: on(host, `${stem}.key`),
  };
}

function apiServer(
  host: Host,
  endpoints: readonly string[],
  { ca, pair }: { readonly ca: string; readonly pair: string },
): Files {
  return {
    [on(host, '/etc/kubernetes/manifests/kube-apiserver.yaml')]: `apiVersion: v1
kind: Pod
metadata:
  name: kube-apiserver-${host.name}
  namespace: kube-system
spec:
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.31.4
    command:
    - kube-apiserver
    - --etcd-cafile=${ca}
    - --etcd-certfile=${pair}.crt
    - --etcd-keyfile=${pair}.key
    - --etcd-servers=${endpoints.join(',')}
    volumeMounts:
    - mountPath: /etc/kubernetes/pki
      name: k8s-certs
      readOnly: true
  hostNetwork: true
  volumes:
  - hostPath:
      path: /etc/kubernetes/pki
      type: DirectoryOrCreate
    name: k8s-certs
`,
  };
}

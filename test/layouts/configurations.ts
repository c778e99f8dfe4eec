import { nomadJob } from './forms.ts';
import { kubernetesLayouts } from './kubernetes.ts';
import type { Layout } from './layout.ts';
import {
  addressing,
  type Files,
  filesOf,
  type Host,
  hostsNamed,
  type LayoutPlan,
  memberLeaf,
  mutualTls,
  on,
} from './plan.ts';

/** A set whose etcd a tool starts by settings of its own, from the tool's configuration. */
export interface ToolConfiguration {
  readonly tool: string;
  readonly source: string;
  readonly path: string;
  readonly text: (host: Host, hosts: readonly Host[]) => string;
  /** The layout that has the certificates. */
  readonly layout: string;
}

/** https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/setup-ha-etcd-with-kubeadm/ */
function kubeadm(version: 'v1beta3' | 'v1beta4') {
  return (host: Host, hosts: readonly Host[]): string => {
    const { name, address } = host;
    const cluster = hosts.map((each) => `${each.name}=https://${each.address}:2380`).join(',');
    const values = {
      'initial-cluster': cluster,
      'initial-cluster-state': 'new',
      name,
      'listen-peer-urls': `https://${address}:2380`,
      'listen-client-urls': `https://${address}:2379`,
      'advertise-client-urls': `https://${address}:2379`,
      'initial-advertise-peer-urls': `https://${address}:2380`,
    };
    const lines = Object.entries(values).map(([flag, value]) =>
      version === 'v1beta4'
        ? `        - name: ${flag}\n          value: ${value}\n`
        : `            ${flag}: ${value}\n`,
    );
    return `---
apiVersion: "kubeadm.k8s.io/${version}"
kind: InitConfiguration
nodeRegistration:
    name: ${name}
localAPIEndpoint:
    advertiseAddress: ${address}
---
apiVersion: "kubeadm.k8s.io/${version}"
kind: ClusterConfiguration
etcd:
    local:
        serverCertSANs:
        - "${address}"
        peerCertSANs:
        - "${address}"
        extraArgs:
${lines.join('')}`;
  };
}

function rancher(tool: string) {
  return ({ name, address }: Host): string => `cluster-init: true
node-name: ${name}
node-ip: ${address}
tls-san:
  - ${tool}.example.com
etcd-arg:
  - "quota-backend-bytes=4294967296"
  - "heartbeat-interval=500"
`;
}

/** What `talosctl gen config` writes, without the parts that have nothing to do with etcd. */
function talos({ name, address }: Host): string {
  return `version: v1alpha1
debug: false
persist: true
machine:
    type: controlplane
    certSANs: []
    network:
        hostname: ${name}
        interfaces:
            - interface: eth0
              addresses:
                - ${address}/24
              routes:
                - network: 0.0.0.0/0
                  gateway: 10.30.8.1
    install:
        disk: /dev/sda
cluster:
    controlPlane:
        endpoint: https://10.30.8.100:6443
    clusterName: talos
    etcd:
        advertisedSubnets:
            - 10.30.8.0/24
        extraArgs:
            election-timeout: "5000"
---
apiVersion: v1alpha1
kind: KubeSpanConfig
enabled: false
`;
}

const kubeadmGuide =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/setup-ha-etcd-with-kubeadm/';

/** Each with the certificates of the layout in which the tool has written down what it starts. */
export const configurations: readonly ToolConfiguration[] = [
  {
    tool: 'kubeadm configuration, external etcd',
    source: kubeadmGuide,
    path: '/root/kubeadmcfg.yaml',
    text: kubeadm('v1beta4'),
    layout: 'kubeadm, external etcd',
  },
  {
    tool: 'kubeadm configuration v1beta3, external etcd',
    source: kubeadmGuide,
    path: '/root/kubeadmcfg.yaml',
    text: kubeadm('v1beta3'),
    layout: 'kubeadm, external etcd',
  },
  {
    tool: 'k3s configuration',
    source: 'https://docs.k3s.io/installation/configuration#configuration-file',
    path: '/etc/rancher/k3s/config.yaml',
    text: rancher('k3s'),
    layout: 'k3s',
  },
  {
    tool: 'RKE2 configuration',
    source: 'https://docs.rke2.io/install/configuration#configuration-file',
    path: '/etc/rancher/rke2/config.yaml',
    text: rancher('rke2'),
    layout: 'RKE2',
  },
  {
    tool: 'Talos machine configuration',
    source: 'https://www.talos.dev/latest/reference/configuration/v1alpha1/config/',
    path: '/system/state/config.yaml',
    text: talos,
    layout: 'Talos',
  },
];

function layoutOf({ layout }: ToolConfiguration): LayoutPlan {
  const plan = kubernetesLayouts.find(({ tool }) => tool === layout)?.plan;
  if (plan === undefined) throw new Error(`there is no layout ${layout}`);
  return plan;
}

function writtenBy(configuration: ToolConfiguration): Files {
  const plan = layoutOf(configuration);
  return plan.settings(plan.members);
}

function planOf(configuration: ToolConfiguration): LayoutPlan {
  const { path, text } = configuration;
  const plan = layoutOf(configuration);
  const { hosts } = plan;
  const configured = Object.fromEntries(
    hosts.map((host) => [on(host, path), text(host, hosts)] as const),
  );
  return {
    ...plan,
    settings: () => configured,
  };
}

export const configurationLayouts: readonly Layout[] = [
  ...configurations.map((each) => ({
    tool: each.tool,
    source: each.source,
    plan: planOf(each),
  })),
  nomad(),
];

/** One job with a group for each machine, whose certificates are on all of them. */
function nomad(): Layout {
  const hosts = hostsNamed(['etcd1', 'etcd2', 'etcd3'], '10.30.60', () => '');
  const pki = '/etc/etcd/pki';
  return {
    tool: 'Nomad job',
    source: 'https://developer.hashicorp.com/nomad/docs/job-specification',
    plan: {
      hosts,
      authorities: { etcd: 'etcd-ca' },
      anchors: [{ authority: 'etcd', path: 'etc/etcd/pki/ca.crt' }],
      leaves: hosts.map((host) => ({
        role: 'both',
        authority: 'etcd',
        host,
        leaf: memberLeaf(host),
        certificate: `etc/etcd/pki/${host.name}.crt`,
        key: `etc/etcd/pki/${host.name}.key`,
      })),
      members: hosts.map((host) => ({
        host,
        flags: {
          ...addressing(host, hosts, { loopback: false }),
          ...mutualTls({
            cert: `${pki}/${host.name}.crt`,
            key: `${pki}/${host.name}.key`,
            ca: `${pki}/ca.crt`,
          }),
        },
      })),
      settings: nomadJob('etcd.nomad.hcl', 'quay.io/coreos/etcd:v3.5.21', pki),
    },
  };
}

/** The certificates of a tool, its configuration as the first machine has it changed, and what it wrote. */
export async function filesWith(
  configuration: ToolConfiguration,
  change: (text: string) => string = (same) => same,
  keepsWritten: boolean = false,
): Promise<Files> {
  const plan = planOf(configuration);
  const files = await filesOf(plan);
  const [changed = ''] = plan.hosts.map((host) => on(host, configuration.path));
  const all = {
    ...files,
    [changed]: change(files[changed] ?? ''),
    ...(keepsWritten && writtenBy(configuration)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
}

import { variable } from './forms.ts';
import type { Layout } from './layout.ts';
import {
  type Files,
  type Host,
  hostsNamed,
  type LayoutPlan,
  memberLeaf,
  type PlannedLeaf,
} from './plan.ts';

const encoded = (text = ''): string => Buffer.from(text).toString('base64');

/** One StatefulSet for all members; certificates for clients and peers come from Secrets. */
interface Chart {
  readonly network: string;
  readonly name: string;
  readonly image: string;
  readonly namespace: string;
  /** Where the Secrets are mounted. */
  readonly clientTls: string;
  readonly peerTls: string;
  readonly form: 'variables' | 'flags';
}

function chart(shape: Chart): LayoutPlan {
  const { name, namespace, network } = shape;
  const service = `${name}-headless.${namespace}.svc.cluster.local`;
  const hosts = hostsNamed(
    [0, 1, 2].map((index) => `${name}-${index}`),
    network,
    () => '',
  );
  const all = [
    `*.${service}`,
    service,
    `${name}.${namespace}.svc.cluster.local`,
    'localhost',
    '127.0.0.1',
  ];
  const leafOf = (role: 'server' | 'peer'): PlannedLeaf => ({
    role,
    authority: 'etcd',
    leaf: memberLeaf(hosts[0] ?? { name, address: '', directory: '' }, {
      commonName: name,
      hosts: all,
    }),
    certificate: `issued/${role}.pem`,
    key: `issued/${role}-key.pem`,
  });
  return {
    hosts,
    authorities: { etcd: 'etcd-ca' },
    anchors: [{ authority: 'etcd', path: 'issued/ca.pem' }],
    leaves: [leafOf('server'), leafOf('peer')],
    members: [],
    settings: () => ({ 'statefulset.yaml': statefulSet(shape, service, hosts) }),
    others: (issued) => ({
      ...secrets(shape, issued),
      // Everything is in the Secrets.
      'issued/ca.pem': '',
    }),
  };
}

function secrets({ name, namespace }: Chart, issued: Files): Files {
  return Object.fromEntries(
    ['server', 'peer'].map((role) => [
      `secret-${role}.yaml`,
      `apiVersion: v1
kind: Secret
metadata:
  name: ${name}-${role}-tls
  namespace: ${namespace}
type: kubernetes.io/tls
data:
  ca.crt: ${encoded(issued['issued/ca.pem'])}
  tls.crt: ${encoded(issued[`issued/${role}.pem`])}
  tls.key: ${encoded(issued[`issued/${role}-key.pem`])}
`,
    ]),
  );
}

function statefulSet(shape: Chart, service: string, hosts: readonly Host[]): string {
  const { name, namespace, image, clientTls, peerTls, form } = shape;
  const own = `$(POD_NAME).${service}`;
  const flags: Readonly<Record<string, string>> = {
    name: '$(POD_NAME)',
    'data-dir': '/data',
    'listen-client-urls': 'https://0.0.0.0:2379',
    'advertise-client-urls': `https://${own}:2379`,
    'listen-peer-urls': 'https://0.0.0.0:2380',
    'initial-advertise-peer-urls': `https://${own}:2380`,
    'initial-cluster': hosts
      .map((host) => `${host.name}=https://${host.name}.${service}:2380`)
      .join(','),
    'initial-cluster-state': 'new',
    'cert-file': `${clientTls}/tls.crt`,
    'key-file': `${clientTls}/tls.key`,
    'client-cert-auth': 'true',
    'trusted-ca-file': `${clientTls}/ca.crt`,
    'peer-cert-file': `${peerTls}/tls.crt`,
    'peer-key-file': `${peerTls}/tls.key`,
    'peer-client-cert-auth': 'true',
    'peer-trusted-ca-file': `${peerTls}/ca.crt`,
  };
  const entries = Object.entries(flags);
  const words =
    form === 'flags'
      ? `        command:
        - etcd
${entries.map(([flag, value]) => `        - --${flag}=${value}\n`).join('')}`
      : '';
  const variables =
    form === 'variables'
      ? entries
          .map(
            ([flag, value]) => `        - name: ${variable(flag)}\n          value: "${value}"\n`,
          )
          .join('')
      : '';
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: ${hosts.length}
  serviceName: ${name}-headless
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: etcd
        image: ${image}
${words}        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
${variables}        volumeMounts:
        - name: client-tls
          mountPath: ${clientTls}
        - name: peer-tls
          mountPath: ${peerTls}
      volumes:
      - name: client-tls
        secret:
          secretName: ${name}-server-tls
      - name: peer-tls
        secret:
          secretName: ${name}-peer-tls
`;
}

/** etcd in pods of its own, by charts and operators. */
export const podLayouts: readonly Layout[] = [
  {
    tool: 'Bitnami Helm chart',
    source: 'https://github.com/bitnami/charts/tree/main/bitnami/etcd',
    plan: chart({
      network: '10.32.1',
      name: 'etcd',
      namespace: 'default',
      image: 'docker.io/bitnami/etcd:3.5.16-debian-12-r0',
      clientTls: '/opt/bitnami/etcd/certs/client',
      peerTls: '/opt/bitnami/etcd/certs/peer',
      form: 'variables',
    }),
  },
  {
    tool: 'aenix etcd-operator',
    source: 'https://github.com/aenix-io/etcd-operator',
    plan: chart({
      network: '10.32.2',
      name: 'etcd',
      namespace: 'tenant',
      image: 'quay.io/coreos/etcd:v3.5.12',
      clientTls: '/etc/etcd/pki/server/cert',
      peerTls: '/etc/etcd/pki/peer/cert',
      form: 'flags',
    }),
  },
  {
    tool: 'Kamaji etcd',
    source: 'https://github.com/clastix/kamaji-etcd',
    plan: chart({
      network: '10.32.3',
      name: 'kamaji-etcd',
      namespace: 'kamaji-system',
      image: 'quay.io/coreos/etcd:v3.5.6',
      clientTls: '/etc/etcd/pki',
      peerTls: '/etc/etcd/peer-pki',
      form: 'flags',
    }),
  },
  {
    tool: 'cert-manager Secrets with a StatefulSet',
    source: 'https://cert-manager.io/docs/usage/certificate/',
    plan: chart({
      network: '10.32.4',
      name: 'kv',
      namespace: 'store',
      image: 'registry.k8s.io/etcd:3.5.15-0',
      clientTls: '/tls/server',
      peerTls: '/tls/peer',
      form: 'flags',
    }),
  },
];

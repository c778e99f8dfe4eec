import { audit } from '../../src/audit.ts';
import { directoryWith } from './directory.ts';
import { issueAuthority } from './pki.ts';

export const ca = await issueAuthority({ commonName: 'etcd-ca' });
const foreign = await issueAuthority({ commonName: 'other-ca' });
export const usages = ['serverAuth', 'clientAuth'] as const;
const server = await ca.issue({
  commonName: 'etcd',
  hosts: ['127.0.0.1', 'localhost', 'etcd', 'etcd-0.etcd', '10.0.0.1'],
  usages,
});
const client = await ca.issue({ commonName: 'healthcheck', usages: ['clientAuth'] });
export const files = {
  'pki/ca.crt': ca.certificatePem,
  'pki/server.crt': server.certificatePem,
  'pki/server.key': server.privateKeyPem,
  'pki/client.crt': client.certificatePem,
  'pki/client.key': client.privateKeyPem,
  'pki/other.crt': foreign.certificatePem,
};

/** etcdctl's files. */
export const sound = '--cacert=/pki/ca.crt --cert=/pki/client.crt --key=/pki/client.key';
export const wrongCa = sound.replace('ca.crt', 'other.crt');

/** The command line of one sound member. */
export function flags(host: string): readonly string[] {
  return [
    '--name=etcd-0',
    '--data-dir=/var/lib/etcd',
    '--listen-client-urls=https://0.0.0.0:2379',
    `--advertise-client-urls=https://${host}:2379`,
    '--listen-peer-urls=https://0.0.0.0:2380',
    `--initial-advertise-peer-urls=https://${host}:2380`,
    `--initial-cluster=etcd-0=https://${host}:2380`,
    '--listen-metrics-urls=http://0.0.0.0:2381',
    ...['', 'peer-'].flatMap((side) => [
      `--${side}cert-file=/pki/server.crt`,
      `--${side}key-file=/pki/server.key`,
      `--${side}trusted-ca-file=/pki/ca.crt`,
      `--${side}client-cert-auth`,
    ]),
  ];
}

/** With an image that has a shell: upstream's own has none since 3.5.7. */
export function withShell(given: Readonly<Record<string, string>>) {
  const image = 'registry.k8s.io/etcd:3.5.30-0';
  return Object.fromEntries(
    Object.entries(given).map(([path, text]) => [
      path,
      text.replaceAll('quay.io/coreos/etcd:v3.5.30', image),
    ]),
  );
}

/** One sound member as a service, with more of what it says. */
export function compose(more: string): Readonly<Record<string, string>> {
  const text = `services:
  etcd:
    image: quay.io/coreos/etcd:v3.5.30
    user: "0"
    command: ${JSON.stringify(['etcd', ...flags('etcd')])}
    volumes: ["./pki:/pki:ro", "./data:/var/lib/etcd"]
${more}
`;
  return { ...files, 'docker-compose.yml': text };
}

/** One sound member as a pod, with more of what its container and its pod say. */
export function pod(more: string, spec = ''): Readonly<Record<string, string>> {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: etcd-0, namespace: kube-system}
spec:
${spec}
  containers:
  - name: etcd
    image: quay.io/coreos/etcd:v3.5.30
    securityContext: {runAsUser: 0}
    command: ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}
    ports: [{name: client, containerPort: 2379}]
    volumeMounts: [{name: pki, mountPath: /pki}, {name: data, mountPath: /var/lib/etcd}]
${more}
  volumes:
  - {name: pki, hostPath: {path: /etc/pki}}
  - {name: data, hostPath: {path: /var/lib/etcd}}
`;
  return { ...files, 'etcd.yaml': text };
}

/** The headline, findings and what was not understood. */
export async function judged(given: Readonly<Record<string, string>>, etcdVersion?: string) {
  await using set = await directoryWith(given);
  const hasFiles = Object.keys(given).some((name) => name.startsWith('pki/'));
  const maps = hasFiles ? [{ prefix: '/etc/pki', directory: set.at('pki') }] : [];
  const report = await audit({
    paths: [set.path],
    maps,
    ...(etcdVersion !== undefined && { etcdVersion }),
  });
  const found = report.results.flatMap(({ check, target, verdict }) =>
    verdict.status === 'fail' && /critical|high/.test(check.severity)
      ? [`${check.id} ${target.name.replace(`${set.path}/`, '')} ${target.location?.line ?? '-'}`]
      : [],
  );
  const open = report.verdict.notUnderstood.map(({ line, reason }) => `${line ?? '-'} ${reason}`);
  return { status: report.verdict.status, found, open };
}

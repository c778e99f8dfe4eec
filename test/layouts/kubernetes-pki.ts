import {
  clientLeaf,
  type Files,
  type Host,
  memberLeaf,
  mutualTls,
  on,
  type PlannedLeaf,
} from './plan.ts';

export function etcdPki(directory: string) {
  return mutualTls({
    cert: `${directory}/server.crt`,
    key: `${directory}/server.key`,
    ca: `${directory}/ca.crt`,
    peerCert: `${directory}/peer.crt`,
    peerKey: `${directory}/peer.key`,
  });
}

export function serverAndPeer(
  host: Host,
  directory: string,
  authority: string,
): readonly PlannedLeaf[] {
  return (['server', 'peer'] as const).map((role) => ({
    role,
    authority,
    host,
    leaf: memberLeaf(host),
    certificate: on(host, `${directory}/${role}.crt`),
    key: on(host, `${directory}/${role}.key`),
  }));
}

export function client(
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

export function other(
  host: Host,
  stem: string,
  commonName: string,
  authority: string,
): PlannedLeaf {
  return {
    role: 'other',
    authority,
    leaf: { commonName, hosts: [host.name, host.address, 'kubernetes'], usages: ['serverAuth'] },
    certificate: on(host, `${stem}.crt`),
    key: on(host, `${stem}.key`),
  };
}

export function apiServer(
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

import type { Authority } from './pki.ts';

/** What kubeadm writes for a stacked control plane, as far as etcd is concerned. */
export const kubeadmManifest = `apiVersion: v1
kind: Pod
metadata:
  annotations:
    kubeadm.kubernetes.io/etcd.advertise-client-urls: https://10.0.0.1:2379
  labels: { component: etcd, tier: control-plane }
  name: etcd
  namespace: kube-system
spec:
  containers:
  - command:
    - etcd
    - --advertise-client-urls=https://10.0.0.1:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --data-dir=/var/lib/etcd
    - --initial-advertise-peer-urls=https://10.0.0.1:2380
    - --initial-cluster=control-plane=https://10.0.0.1:2380
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://10.0.0.1:2379
    - --listen-metrics-urls=http://127.0.0.1:2381
    - --listen-peer-urls=https://10.0.0.1:2380
    - --name=control-plane
    - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    - --peer-client-cert-auth=true
    - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    image: registry.k8s.io/etcd:3.5.15-0
    name: etcd
    volumeMounts:
    - { mountPath: /var/lib/etcd, name: etcd-data }
    - { mountPath: /etc/kubernetes/pki/etcd, name: etcd-certs }
  hostNetwork: true
  volumes:
  - { hostPath: { path: /etc/kubernetes/pki/etcd, type: DirectoryOrCreate }, name: etcd-certs }
  - { hostPath: { path: /var/lib/etcd, type: DirectoryOrCreate }, name: etcd-data }
`;

/** The API server on the same host, which connects through loopback. */
export const apiserverManifest = `apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec:
  containers:
  - command:
    - kube-apiserver
    - --etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt
    - --etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt
    - --etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key
    - --etcd-servers=https://127.0.0.1:2379
    name: kube-apiserver
    volumeMounts: [{ mountPath: /etc/kubernetes/pki, name: k8s-certs }]
  volumes: [{ hostPath: { path: /etc/kubernetes/pki }, name: k8s-certs }]
`;

/** The files of one control plane node, by their paths below /etc/kubernetes. */
export async function controlPlane(
  ca: Authority,
  address: string,
  name: string,
  serverHosts: readonly string[] = ['localhost', name, address, '127.0.0.1', '0:0:0:0:0:0:0:1'],
): Promise<Record<string, string>> {
  const files: Record<string, string> = {
    'manifests/etcd.yaml': kubeadmManifest
      .replaceAll('10.0.0.1', address)
      .replaceAll('control-plane', name),
    'manifests/kube-apiserver.yaml': apiserverManifest,
    'pki/etcd/ca.crt': ca.certificatePem,
  };
  for (const role of ['server', 'peer']) {
    const issued = await ca.issue({
      commonName: name,
      hosts:
        role === 'server'
          ? serverHosts
          : ['localhost', name, address, '127.0.0.1', '0:0:0:0:0:0:0:1'],
      usages: ['serverAuth', 'clientAuth'],
    });
    files[`pki/etcd/${role}.crt`] = issued.certificatePem;
    files[`pki/etcd/${role}.key`] = issued.privateKeyPem;
  }
  const client = await ca.issue({
    commonName: 'kube-apiserver-etcd-client',
    usages: ['clientAuth'],
  });
  files['pki/apiserver-etcd-client.crt'] = client.certificatePem;
  files['pki/apiserver-etcd-client.key'] = client.privateKeyPem;
  return files;
}

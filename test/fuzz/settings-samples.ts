import { seedDropIn } from '../support/seed-set.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: {name: etcd, namespace: kube-system}
spec:
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.21-0
    command: [etcd, --name=node1, --cert-file=/pki/server.crt, --advertise-client-urls=https://10.0.0.1:2379]
    env: [{name: ETCD_CLIENT_CERT_AUTH, value: "true"}]
`;
const compose = `services:
  etcd:
    image: quay.io/coreos/etcd:v3.5.21
    environment: [ETCD_NAME=node1, "ETCD_LISTEN_CLIENT_URLS=https://0.0.0.0:2379"]
    command: etcd --cert-file /certs/a.pem
`;
const config = `name: node1
listen-client-urls: https://10.0.0.1:2379
client-transport-security: &tls {cert-file: a.pem, key-file: b.pem}
peer-transport-security: *tls
`;
const script = `#!/bin/sh
export ETCDCTL_ENDPOINTS=https://10.0.0.1:2379
A=x; B=$A$A
etcdctl --cert "$HOME/a.pem" --key \${KEY:-b.pem} get /
`;

/** Settings in the forms that etcd and its clients are given them, by file name. */
export const settingsSamples: readonly (readonly [name: string, text: string])[] = [
  ['etcd.service.d/10-etcd.conf', seedDropIn],
  ['pod.yaml', pod],
  ['docker-compose.yml', compose],
  ['etcd.conf.yml', config],
  ['etcdctl.sh', script],
  [
    'etcd.env',
    'ETCD_NAME=node1\nETCD_CERT_FILE="/a b.pem"\nETCD_INITIAL_CLUSTER=a=https://x:2380,b=https://y:2380\n',
  ],
];

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

const secret = `apiVersion: v1
kind: Secret
metadata: {name: etcd-client}
stringData:
  url: https://10.0.0.1:2379
  tls.key: ""
---
apiVersion: v1
kind: ConfigMap
metadata: {name: etcd}
data: {ETCD_NAME: node1, ETCD_CLIENT_CERT_AUTH: "true"}
`;
const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [pod.yaml]
patches:
- patch: |-
    - op: add
      path: /spec/containers/0/command/-
      value: --client-cert-auth=true
  target: {kind: Pod, name: etcd}
configMapGenerator:
- name: etcd
  literals: [ETCD_NAME=node1]
`;
const patch = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: etcd}
spec: {template: {spec: {containers: [{name: etcd, env: [{name: ETCD_NAME, value: node1}]}]}}}
`;
const job = `job "etcd" {
  group "etcd" {
    task "etcd" {
      driver = "docker"
      config {
        image = "quay.io/coreos/etcd:v3.5.21"
        args  = ["--name=node1", "--client-cert-auth=true"]
      }
      env { ETCD_CERT_FILE = "/certs/a.pem" }
    }
  }
}
`;
const terraform = `resource "helm_release" "etcd" {
  chart = "etcd"
  set { name = "auth.client.secureTransport", value = "true" }
  values = [<<EOT
extraEnvVars: [{name: ETCD_NAME, value: node1}]
EOT
  ]
}
`;

/** Settings in the forms that etcd and its clients are given them, by file name. */
export const settingsSamples: readonly (readonly [name: string, text: string])[] = [
  ['etcd.service.d/10-etcd.conf', seedDropIn],
  ['pod.yaml', pod],
  ['docker-compose.yml', compose],
  ['etcd.conf.yml', config],
  ['etcdctl.sh', script],
  ['secret.yaml', secret],
  ['kustomization.yaml', kustomization],
  ['patch.yaml', patch],
  ['etcd.nomad', job],
  ['main.tf', terraform],
  [
    'etcd.env',
    'ETCD_NAME=node1\nETCD_CERT_FILE="/a b.pem"\nETCD_INITIAL_CLUSTER=a=https://x:2380,b=https://y:2380\n',
  ],
];

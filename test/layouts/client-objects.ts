import type { ClientFiles } from './client-forms.ts';

/** One client by objects of Kubernetes, its certificates in a Secret. */
export interface ClientObjects {
  readonly tool: string;
  readonly client: string;
  /** Under which keys the Secret has them. */
  readonly keys: ClientFiles;
  /** `material`: PEM. */
  readonly objects: (endpoints: readonly string[], material: ClientFiles) => string;
}

const tlsKeys: ClientFiles = { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' };

const packed = (pem: string) => Buffer.from(pem).toString('base64');

function secret(
  name: string,
  namespace: string,
  keys: ClientFiles,
  { ca, cert, key }: ClientFiles,
): string {
  return `apiVersion: v1
kind: Secret
type: Opaque
metadata:
  name: ${name}
  namespace: ${namespace}
data:
  ${keys.ca}: ${packed(ca)}
  ${keys.cert}: ${packed(cert)}
  ${keys.key}: ${packed(key)}
`;
}

export const clientObjects: readonly ClientObjects[] = [
  {
    tool: 'Calico’s calico-config and Secret',
    client: 'calico',
    keys: { ca: 'etcd-ca', cert: 'etcd-cert', key: 'etcd-key' },
    objects: (endpoints, material) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  etcd_endpoints: "${endpoints.join(',')}"
  etcd_ca: "/calico-secrets/etcd-ca"
  etcd_cert: "/calico-secrets/etcd-cert"
  etcd_key: "/calico-secrets/etcd-key"
  calico_backend: "bird"
---
${secret('calico-etcd-secrets', 'kube-system', { ca: 'etcd-ca', cert: 'etcd-cert', key: 'etcd-key' }, material)}`,
  },
  {
    tool: 'a CronJob that runs etcdctl',
    client: 'etcdctl',
    keys: tlsKeys,
    objects: ([endpoint = ''], material) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: etcd-backup
  namespace: etcd
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: backup
            image: registry.k8s.io/etcd:3.5.15-0
            command:
            - /bin/sh
            - -c
            - |
              etcdctl --endpoints=${endpoint} \\
                --cacert=/certs/ca.crt --cert=/certs/tls.crt --key=/certs/tls.key \\
                snapshot save /backup/etcd.db
            volumeMounts:
            - {name: certs, mountPath: /certs, readOnly: true}
            - {name: backup, mountPath: /backup}
          volumes:
          - name: certs
            secret: {secretName: etcd-client}
          - name: backup
            persistentVolumeClaim: {claimName: etcd-backup}
---
${secret('etcd-client', 'etcd', tlsKeys, material)}`,
  },
  {
    tool: 'external-dns in its Deployment',
    client: 'external-dns',
    keys: tlsKeys,
    objects: (endpoints, material) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: external-dns
  namespace: dns
spec:
  template:
    spec:
      containers:
      - name: external-dns
        image: registry.k8s.io/external-dns/external-dns:v0.15.0
        args: [--provider=coredns]
        env:
        - {name: ETCD_URLS, value: "${endpoints.join(',')}"}
        - {name: ETCD_CA_FILE, value: /tls/ca.crt}
        - {name: ETCD_CERT_FILE, value: /tls/tls.crt}
        - {name: ETCD_KEY_FILE, value: /tls/tls.key}
        volumeMounts:
        - {name: tls, mountPath: /tls}
      volumes:
      - {name: tls, secret: {secretName: etcd-client}}
---
${secret('etcd-client', 'dns', tlsKeys, material)}`,
  },
  {
    tool: 'Prometheus with its ConfigMap',
    client: 'prometheus',
    keys: tlsKeys,
    objects: (endpoints, material) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: prometheus
  namespace: monitoring
data:
  prometheus.yml: |
    scrape_configs:
    - job_name: etcd
      scheme: https
      static_configs:
      - targets: [${endpoints.map((url) => `"${url.replace('https://', '')}"`).join(', ')}]
      tls_config:
        ca_file: /etc/prometheus/secrets/etcd-client/ca.crt
        cert_file: /etc/prometheus/secrets/etcd-client/tls.crt
        key_file: /etc/prometheus/secrets/etcd-client/tls.key
---
${secret('etcd-client', 'monitoring', tlsKeys, material)}`,
  },
];

import { expect, test } from 'vitest';
import { files, dials, read } from './support/client-texts.ts';

test.each([
  {
    of: 'Calico by its variables',
    file: 'calico.env',
    text: [
      'DATASTORE_TYPE=etcdv3',
      'ETCD_ENDPOINTS=https://a:2379,https://b:2379',
      'ETCD_CA_CERT_FILE=/ca.crt',
      'ETCD_CERT_FILE=/c.crt',
      'ETCD_KEY_FILE=/c.key',
    ].join('\n'),
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
    },
    kind: 'calico',
  },
  {
    of: 'Felix by its variables',
    file: 'felix.env',
    text: 'FELIX_ETCDENDPOINTS=https://a:2379\nFELIX_ETCDCAFILE=/ca.crt\n',
    client: dials('https://a:2379'),
    kind: 'felix',
  },
  {
    of: 'Felix by its file',
    file: 'etc/calico/felix.cfg',
    text: '[global]\nEtcdEndpoints = https://a:2379, https://b:2379\nEtcdCaFile = /ca.crt\nEtcdCertFile = /c.crt\nEtcdKeyFile = /c.key\n',
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
    },
    kind: 'felix',
  },
  {
    of: 'Felix by its file without a section',
    file: 'etc/calico/felix.cfg',
    text: 'EtcdEndpoints = https://a:2379\n',
    client: dials('https://a:2379'),
    kind: 'felix',
  },
  {
    of: 'Calico’s CNI plugin on one line',
    file: '10-calico.conf',
    text: '{"type":"calico","etcd_endpoints":"https://a:2379"}',
    client: { name: 'calico-cni', ...dials('https://a:2379') },
    kind: 'calico',
  },
  {
    of: 'flanneld by the environment file of Red Hat’s package alone',
    file: 'etc/sysconfig/flanneld',
    text: 'FLANNEL_ETCD_ENDPOINTS="https://a:2379"\nFLANNEL_OPTIONS="-etcd-cafile=/ca.crt -etcd-certfile=/c.crt -etcd-keyfile=/c.key"\n',
    client: { ...files('/ca.crt', '/c.crt', '/c.key'), ...dials('https://a:2379') },
    kind: 'flanneld',
  },
  {
    of: 'Calico’s ConfigMap with a script next to it',
    file: 'calico.yaml',
    text: 'kind: ConfigMap\nmetadata: {name: calico-config}\ndata:\n  etcd_endpoints: "https://a:2379"\n  install.sh: |\n    MODE=full\n',
    client: dials('https://a:2379'),
    kind: 'calico',
  },
  {
    of: 'calicoctl by its file',
    file: 'calicoctl.cfg',
    text: `apiVersion: projectcalico.org/v3
kind: CalicoAPIConfig
spec:
  datastoreType: etcdv3
  etcdEndpoints: https://a:2379
  etcdKeyFile: /c.key
  etcdCertFile: /c.crt
  etcdCACertFile: /ca.crt
`,
    client: {
      name: 'calicoctl',
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
    },
    kind: 'calico',
  },
  {
    of: 'Calico’s CNI plugin',
    file: '10-calico.conflist',
    text: JSON.stringify(
      {
        name: 'k8s-pod-network',
        plugins: [
          {
            type: 'calico',
            etcd_endpoints: 'https://a:2379',
            etcd_ca_cert_file: '/ca.crt',
            etcd_cert_file: '/c.crt',
            etcd_key_file: '/c.key',
          },
        ],
      },
      null,
      2,
    ),
    client: {
      name: 'calico-cni',
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
      origin: { file: '10-calico.conflist', line: 6 },
    },
    kind: 'calico',
  },
  {
    of: 'a file of etcd’s own client, as Cilium uses',
    file: 'etcd.config',
    text: `---
endpoints:
  - https://a:2379
trusted-ca-file: '/ca.crt'
key-file: '/c.key'
cert-file: '/c.crt'
`,
    client: { ...files('/ca.crt', '/c.crt', '/c.key'), ...dials('https://a:2379') },
    kind: 'clientv3',
  },
  {
    of: 'Patroni by its file',
    file: 'patroni.yml',
    text: `scope: pg
etcd3:
  hosts: [a:2379, b:2379]
  protocol: https
  cacert: /ca.crt
  cert: /c.crt
  key: /c.key
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
      verifier: 'openssl',
      speaks: 'gateway',
    },
    kind: 'patroni',
  },
  {
    of: 'Patroni by its variables',
    file: 'patroni.env',
    text: `PATRONI_ETCD3_HOSTS='"a:2379","b:2379"'\nPATRONI_ETCD3_PROTOCOL=https\nPATRONI_ETCD3_CERT=/c.pem\n`,
    client: dials('https://a:2379', 'https://b:2379'),
    kind: 'patroni',
  },
  {
    of: 'CoreDNS',
    file: 'Corefile',
    text: `.:53 {
    etcd skydns.local {
        path /skydns
        endpoint https://a:2379 https://b:2379
        tls /c.crt /c.key /ca.crt
    }
    cache 160
}
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
      origin: { file: 'Corefile', line: 4 },
    },
    kind: 'coredns',
  },
  {
    of: 'CoreDNS with a CA alone',
    file: 'Corefile',
    text: '. {\n  etcd {\n    tls /ca.crt\n  }\n}\n',
    client: { caFile: { value: '/ca.crt' }, ...dials('http://localhost:2379') },
    kind: 'coredns',
  },
  {
    of: 'Traefik by YAML',
    file: 'traefik.yml',
    text: `providers:
  etcd:
    endpoints:
      - "a:2379"
    tls: {ca: /ca.crt, cert: /c.crt, key: /c.key, insecureSkipVerify: true}
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
      insecureSkipVerify: { value: true },
    },
    kind: 'traefik',
  },
  {
    of: 'Traefik by TOML',
    file: 'traefik.toml',
    text: `[providers.etcd]
  endpoints = ["a:2379", "b:2379"] # both
  rootKey = "traefik"
  [providers.etcd.tls]
    ca = "/ca.crt"
    cert = "/c.crt"
    key = "/c.key"
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
      origin: { file: 'traefik.toml', line: 2 },
    },
    kind: 'traefik',
  },
  {
    of: 'Traefik by TOML with a comment after a header',
    file: 'traefik.toml',
    text: `# static configuration

[providers.etcd] # all of it
  endpoints = ["a:2379"]
[providers.etcd.tls] # mTLS
  ca = "/ca.crt"
[accessLog]# last
`,
    client: { caFile: { value: '/ca.crt' }, ...dials('https://a:2379') },
    kind: 'traefik',
  },
  {
    of: 'Traefik by its command line',
    file: 'traefik.service',
    text: '[Service]\nExecStart=/usr/bin/traefik --providers.etcd.endpoints=a:2379 --providers.etcd.tls.ca=/ca.crt\n',
    client: { caFile: { value: '/ca.crt' }, ...dials('https://a:2379') },
    kind: 'traefik',
  },
  {
    of: 'APISIX',
    file: 'config.yaml',
    text: `apisix:
  ssl:
    ssl_trusted_certificate: /ca.crt
deployment:
  role: traditional
  etcd:
    host:
      - "https://a:2379"
    tls:
      cert: /c.crt
      key: /c.key
      verify: false
      sni: etcd.test
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
      serverName: { value: 'etcd.test' },
      insecureSkipVerify: { value: true },
      verifier: 'openssl',
      speaks: 'gateway',
    },
    kind: 'apisix',
  },
  {
    of: 'external-dns in its pod',
    file: 'external-dns.yaml',
    text: `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: external-dns
        image: registry.k8s.io/external-dns/external-dns:v0.15.0
        args: [--provider=coredns]
        env:
        - {name: ETCD_URLS, value: "https://a:2379"}
        - {name: ETCD_CA_FILE, value: /ca.crt}
        - {name: ETCD_CERT_FILE, value: /c.crt}
        - {name: ETCD_KEY_FILE, value: /c.key}
        - {name: ETCD_TLS_SERVER_NAME, value: etcd.test}
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
      serverName: { value: 'etcd.test' },
    },
    kind: 'external-dns',
  },
  {
    of: 'k3s by its file',
    file: 'config.yaml',
    text: `datastore-endpoint: "https://a:2379,https://b:2379"
datastore-cafile: /ca.crt
datastore-certfile: /c.crt
datastore-keyfile: /c.key
`,
    client: {
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
    },
    kind: 'k3s',
  },
  {
    of: 'k3s by its variables',
    file: 'k3s.service.env',
    text: "K3S_DATASTORE_ENDPOINT='https://a:2379'\nK3S_DATASTORE_CAFILE='/ca.crt'\n",
    client: { caFile: { value: '/ca.crt' }, ...dials('https://a:2379') },
    kind: 'k3s',
  },
  {
    of: 'kubeadm’s external etcd',
    file: 'kubeadm.yaml',
    text: `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  external:
    endpoints: [https://a:2379]
    caFile: /ca.crt
    certFile: /c.crt
    keyFile: /c.key
`,
    client: { ...files('/ca.crt', '/c.crt', '/c.key'), ...dials('https://a:2379') },
    kind: 'kube-apiserver',
  },
  {
    of: 'etcd’s own proxy',
    file: 'proxy.service',
    text: '[Service]\nExecStart=/usr/bin/etcd grpc-proxy start --endpoints=a:2379 --cacert=/ca.crt --cert=/c.crt --key=/c.key\n',
    client: { ...files('/ca.crt', '/c.crt', '/c.key'), ...dials('https://a:2379') },
    kind: 'grpc-proxy',
  },
  {
    of: 'a ring of Loki',
    file: 'loki.yaml',
    text: `ingester:
  lifecycler:
    ring:
      kvstore:
        store: etcd
        etcd:
          endpoints: [a:2379]
          tls_enabled: true
          tls_ca_path: /ca.crt
          tls_cert_path: /c.crt
          tls_key_path: /c.key
`,
    client: {
      name: 'ingester.lifecycler.ring',
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
    },
    kind: 'ring',
  },
])('reads $of', async ({ file, text, client, kind }) => {
  const { members, clients } = await read(file, text);

  expect(members).toEqual([]);
  expect(clients).toHaveLength(1);
  expect(clients[0]).toMatchObject({ kind, ...client });
});

import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

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

test.each([
  {
    of: 'a CA under the key that etcd’s client never uses',
    file: 'etcd.config',
    text: 'endpoints: [https://a:2379]\nca-file: /ca.crt\n',
    problem: { kind: 'without-effect', name: 'ca-file' },
  },
  {
    of: 'a certificate without its key',
    file: 'etcd.config',
    text: 'endpoints: [https://a:2379]\ncert-file: /c.crt\n',
    problem: { kind: 'without-effect', name: 'cert-file' },
  },
  {
    of: 'files of a ring that does not encrypt',
    file: 'mimir.yaml',
    text: 'ring:\n  kvstore:\n    store: etcd\n    etcd: {endpoints: [a:2379], tls_ca_path: /ca.crt}\n',
    problem: { kind: 'without-effect', name: 'tls_ca_path' },
  },
  {
    of: 'a key without its certificate',
    file: 'calico.env',
    text: 'ETCD_ENDPOINTS=https://a:2379\nETCD_KEY_FILE=/c.key\n',
    problem: { kind: 'without-effect', name: 'ETCD_KEY_FILE' },
  },
])('tells $of', async ({ file, text, problem }) => {
  const { clients } = await read(file, text);

  expect(clients[0]?.certFile).toBeUndefined();
  expect(clients[0]?.problems).toContainEqual(expect.objectContaining(problem));
});

test.each([
  {
    of: 'Calico, the variables with its prefix first',
    file: 'calico.env',
    text: [
      'ETCD_ENDPOINTS=https://other:2379',
      'CALICO_ETCD_ENDPOINTS=https://a:2379',
      'CALICO_ETCD_CA_CERT_FILE=/ca.crt',
      'ETCD_CERT_FILE=/c.crt',
      'ETCD_KEY_FILE=/c.key',
    ].join('\n'),
    client: {
      kind: 'calico',
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379'),
    },
  },
  {
    of: 'RKE2 by its flags, once and not as k3s',
    file: 'rke2-server.service',
    text: unit('/usr/local/bin/rke2 server', [
      '--datastore-endpoint=https://a:2379,https://b:2379',
      '--datastore-cafile=/ca.crt',
      '--datastore-certfile=/c.crt',
      '--datastore-keyfile=/c.key',
    ]),
    client: {
      kind: 'rke2',
      ...files('/ca.crt', '/c.crt', '/c.key'),
      ...dials('https://a:2379', 'https://b:2379'),
    },
  },
  {
    of: 'k3s by its flags, once and not as RKE2',
    file: 'k3s.service',
    text: unit('/usr/local/bin/k3s server', ['--datastore-endpoint=https://a:2379']),
    client: { kind: 'k3s', ...dials('https://a:2379') },
  },
  {
    of: 'RKE2 by its file',
    file: 'etc/rancher/rke2/config.yaml',
    text: 'datastore-endpoint: https://a:2379\ndatastore-cafile: /ca.crt\n',
    client: { kind: 'rke2', caFile: { value: '/ca.crt' }, ...dials('https://a:2379') },
  },
  {
    of: 'Traefik by flags in any case, the endpoints gathered',
    file: 'traefik.service',
    text: unit('/usr/local/bin/traefik', [
      '--providers.etcd.endpoints=a:2379',
      '--Providers.Etcd.Endpoints=b:2379,c:2379',
      '--providers.etcd.tls.CA=/ca.crt',
      '--providers.etcd.tls.insecureSkipVerify',
    ]),
    client: {
      kind: 'traefik',
      caFile: { value: '/ca.crt' },
      insecureSkipVerify: { value: true },
      ...dials('https://a:2379', 'https://b:2379', 'https://c:2379'),
    },
  },
  {
    of: 'Traefik without endpoints',
    file: 'traefik.yml',
    text: 'providers:\n  etcd:\n    tls:\n      ca: /ca.crt\n',
    client: { kind: 'traefik', caFile: { value: '/ca.crt' }, ...dials('https://127.0.0.1:2379') },
  },
  {
    of: 'Traefik with PEM in its file',
    file: 'traefik.yml',
    text: 'providers:\n  etcd:\n    endpoints: [a:2379]\n    tls:\n      ca: |\n        -----BEGIN CERTIFICATE-----\n',
    client: {
      kind: 'traefik',
      caFile: { value: 'traefik.yml#tls.ca' },
      embedded: [{ path: 'traefik.yml#tls.ca', text: '-----BEGIN CERTIFICATE-----\n' }],
    },
  },
  {
    of: 'Traefik with PEM in its variables',
    file: 'traefik.env',
    text: 'TRAEFIK_PROVIDERS_ETCD_ENDPOINTS=a:2379\nTRAEFIK_PROVIDERS_ETCD_TLS_CA="-----BEGIN CERTIFICATE-----"\n',
    client: {
      kind: 'traefik',
      caFile: { value: 'traefik.env#TRAEFIK_PROVIDERS_ETCD_TLS_CA' },
      embedded: [
        {
          path: 'traefik.env#TRAEFIK_PROVIDERS_ETCD_TLS_CA',
          text: '-----BEGIN CERTIFICATE-----',
        },
      ],
    },
  },
  {
    of: 'external-dns, which takes yes for true',
    file: 'external-dns.env',
    text: 'ETCD_URLS=https://a:2379\nETCD_TLS_INSECURE=yes\n',
    client: { kind: 'external-dns', insecureSkipVerify: { value: true } },
  },
  {
    of: 'a ring that keeps its state in two stores',
    file: 'mimir.yaml',
    text: `ingester:
  ring:
    kvstore:
      store: multi
      multi:
        primary: consul
        secondary: etcd
      etcd:
        endpoints: [a:2379]
        tls_enabled: true
        tls_ca_path: /ca.crt
`,
    client: {
      kind: 'ring',
      name: 'ingester.ring',
      caFile: { value: '/ca.crt' },
      ...dials('https://a:2379'),
    },
  },
])('reads $of', async ({ file, text, client }) => {
  const { clients } = await read(file, text);

  expect(clients).toMatchObject([client]);
});

test('takes none for nothing where Felix does', async () => {
  const { clients } = await read(
    'felix.env',
    'FELIX_ETCDENDPOINTS=https://a:2379\nFELIX_ETCDCAFILE=none\n',
  );

  expect(clients).toHaveLength(1);
  expect(clients[0]).not.toHaveProperty('caFile');
});

test('gathers what kube-apiserver is given in several flags', async () => {
  const { clients } = await read(
    'kube-apiserver.service',
    unit('/usr/bin/kube-apiserver', [
      '--etcd-servers=https://a:2379',
      '--etcd-servers=https://b:2379,https://c:2379',
      '--etcd-servers-overrides=/events#https://d:2379;https://e:2379',
      '--etcd-servers-overrides=/leases#https://f:2379',
    ]),
  );

  expect(clients).toMatchObject([
    dials('https://a:2379', 'https://b:2379', 'https://c:2379'),
    { name: 'kube-apiserver /events', ...dials('https://d:2379', 'https://e:2379') },
    { name: 'kube-apiserver /leases', ...dials('https://f:2379') },
  ]);
});

test.each([
  { file: 'patroni.yml', text: 'scope: pg\netcd3:\n  host: a:2379\n  protocol: https\n' },
  { file: 'patroni.env', text: 'PATRONI_ETCD3_HOSTS=a:2379\nPATRONI_ETCD3_PROTOCOL=https\n' },
])('lets Patroni verify etcd though no CA file is set in $file', async ({ file, text }) => {
  const { clients } = await read(file, text);

  expect(clients.map(({ insecureSkipVerify }) => insecureSkipVerify)).toEqual([undefined]);
});

test('takes PEM out of calicoctl’s file', async () => {
  const { clients } = await read(
    'calicoctl.cfg',
    'kind: CalicoAPIConfig\nspec:\n  etcdEndpoints: https://a:2379\n  etcdCACert: |\n    -----BEGIN CERTIFICATE-----\n',
  );

  expect(clients[0]).toMatchObject({
    caFile: { value: 'calicoctl.cfg#etcdCACert', origin: { location: { line: 4 } } },
    embedded: [{ path: 'calicoctl.cfg#etcdCACert', text: '-----BEGIN CERTIFICATE-----\n' }],
  });
});

test.each([
  { of: 'k3s on another database', text: 'K3S_DATASTORE_ENDPOINT=mysql://a@tcp(b:3306)/c\n' },
  { of: 'a k3s file on another database', text: 'datastore-endpoint: "postgres://a"\n' },
  { of: 'endpoints of something else', text: 'endpoints: [https://a:8443]\nname: x\n' },
])('finds no client in $of', async ({ text }) => {
  expect(await read('some.yaml', text)).toEqual({
    members: [],
    clients: [],
    notUnderstood: [],
    embedded: [],
  });
});

test('says that variables of no known program were not understood', async () => {
  const { clients, notUnderstood } = await read('app.env', '\nETCD_ENDPOINTS=https://a:2379\n');

  expect(clients).toEqual([]);
  expect(notUnderstood).toMatchObject([{ path: 'app.env', line: 2 }]);
});

test('tells a client’s file that is no YAML', async () => {
  const { notUnderstood } = await read('patroni.yml', 'etcd3:\n  hosts: [\n');

  expect(notUnderstood).toMatchObject([{ path: 'patroni.yml', malformed: true }]);
});

function files(ca: string, cert: string, key: string) {
  return { caFile: { value: ca }, certFile: { value: cert }, keyFile: { value: key } };
}

function dials(...urls: readonly string[]) {
  return { endpoints: { value: urls } };
}

function unit(program: string, flags: readonly string[]): string {
  return `[Service]\nExecStart=${[program, ...flags].join(' ')}\n`;
}

async function read(path: string, text: string) {
  return await readSettings([{ path, text }], { find: () => undefined });
}

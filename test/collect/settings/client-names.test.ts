import { expect, test } from 'vitest';
import { files, dials, unit, read } from './support/client-texts.ts';

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

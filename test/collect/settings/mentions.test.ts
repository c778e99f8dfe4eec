import { expect, test } from 'vitest';
import { mentionsIn } from '../../../src/collect/settings/mentions.ts';

test.each([
  'client-transport-security',
  'datastore-cafile',
  'datastore-certfile',
  'datastore-endpoint',
  'datastore-keyfile',
  'etcdCACert',
  'etcdCertFile',
  'etcdEndpoints',
  'etcdKeyFile',
  'etcd_ca_file',
  'etcd_cert',
  'etcd_endpoints',
  'etcd_key_file',
  'initial-advertise-peer-urls',
  'initial-cluster',
  'listen-client-urls',
  'listen-peer-urls',
  'peer-transport-security',
  'secureTransport',
  'topo_etcd_tls_ca',
])('the key %s is of etcd or of a client of it, however it is written', (key) => {
  const written = [`${key}: a`, `a: 1\n  "${key}" : b`, `{${key}=c}`];

  expect(written.map((text) => mentionsIn(text).map(({ what }) => what))).toEqual([
    [key],
    [key],
    [key],
  ]);
  expect(mentionsIn(`my.${key}: a\nx${key}: b\nabout ${key}\n`)).toEqual([]);
});

test.each([
  'etcd-servers',
  'etcd-cafile',
  'datastore-endpoint',
  'topo_etcd_tls_ca',
  'providers.etcd.endpoints',
])('the flag --%s is of a client of etcd', (flag) => {
  expect(mentionsIn(`run --${flag}=a`)).toMatchObject([{ what: `--${flag}` }]);
});

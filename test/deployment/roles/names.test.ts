import { expect, test } from 'vitest';
import { nameInFile, stemOf } from '../../../src/deployment/roles/names.ts';

test.each([
  ['/etc/ssl/certs/etcd/node_1_cert.pem', 'node1'],
  ['member-kube-master-2.pem', 'kube-master-2'],
  ['etcd-0.crt', 'etcd-0'],
  ['etcd1-server.crt', 'etcd1'],
  ['kube-etcd-10-0-0-1.pem', 'kube-etcd-10-0-0-1'],
  ['etcd-serving-master0.example.crt', 'master0.example'],
  ['server.crt', undefined],
  ['peer-server-client.crt', undefined],
  ['tls.crt', undefined],
])('%s is called after %s', (path, name) => {
  expect(nameInFile(path)).toBe(name);
});

test.each([
  ['a/node_1_cert.pem', 'a/node_1_key_insecure.pem'],
  ['a/server.crt', 'a/server.key'],
  ['a/server.pem', 'a/server-key.pem'],
])('%s and %s belong together', (certificate, key) => {
  expect(stemOf(certificate)).toBe(stemOf(key));
});

test('files of other members or other directories do not belong together', () => {
  expect(stemOf('a/node_1_cert.pem')).not.toBe(stemOf('a/node_2_key.pem'));
  expect(stemOf('a/server.crt')).not.toBe(stemOf('b/server.key'));
});

import { expect, test } from 'vitest';
import { clientAddressIn } from '../../../src/collect/settings/mentions.ts';

test.each([
  [
    'monit',
    'check host etcd with address 127.0.0.1\n  if failed port 2379 type TCPSSL then alert',
    2,
  ],
  ['check_http', 'command[etcd]=check_http -I 127.0.0.1 -p 2379 -S -u /health', 1],
  ['check_http', 'check_http -I 127.0.0.1 --ssl --port=2379', 1],
  ['YAML', 'etcd:\n  host: 10.0.0.1\n  port: 2379\n  ca: /pki/ca.pem', 3],
  ['JSON', '{"host":"10.0.0.1","port":"2379","cert":"/pki/c.crt"}', 1],
  ['a URL', 'backend: https://10.0.0.1:2379', 1],
])('%s that uses TLS at the client port: %j', (_of, text, line) => {
  expect(clientAddressIn(text)).toMatchObject({ line });
});

test.each([
  ['without TLS', 'etcd:\n  host: 10.0.0.1\n  port: 2379\n'],
  ['another port', 'port: 23790\nca: /pki/ca.pem'],
  ['a name that ends in port', 'containerPort: 2379\nca: /pki/ca.pem'],
  ['a comment', '# port: 2379\nca: /pki/ca.pem'],
])('%s is no address of a client with TLS', (_of, text) => {
  expect(clientAddressIn(text)).toBeUndefined();
});

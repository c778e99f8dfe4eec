import { describe, expect, test } from 'vitest';
import {
  bypassesRevocationList,
  effectiveTls,
  hasGateway,
  type Listener,
  servesApiOnPeerPort,
} from '../../src/etcd/effective-tls.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';

const client = ['--listen-client-urls=https://10.0.0.1:2379'];
const pair = ['--cert-file=/c.pem', '--key-file=/k.pem'];
const peer = [
  '--listen-peer-urls=https://10.0.0.1:2380',
  '--peer-cert-file=/p',
  '--peer-key-file=/q',
];

describe('which clients the client port accepts', () => {
  test.each([
    { words: [...client, ...pair], asks: 'none' },
    { words: [...client, ...pair, '--trusted-ca-file=/ca'], asks: 'trusted-ca' },
    { words: [...client, ...pair, '--trusted-ca-file=/ca'], version: '3.3.25', asks: 'none' },
    { words: [...client, ...pair, '--ca-file=/ca'], version: '3.3.25', asks: 'trusted-ca' },
    { words: [...client, ...pair, '--client-cert-auth'], asks: 'system-roots' },
    {
      words: [...client, ...pair, '--client-cert-auth', '--trusted-ca-file=/ca'],
      asks: 'trusted-ca',
    },
    {
      words: [...client, '--auto-tls', '--client-cert-auth', '--trusted-ca-file=/ca'],
      asks: 'none',
      certificate: 'generated',
    },
    {
      words: [...client, ...pair, '--auto-tls', '--trusted-ca-file=/ca'],
      asks: 'trusted-ca',
    },
  ])('$version $words: $asks', ({ words, version = '3.5.21', asks, certificate = 'files' }) => {
    expect(effective(words, 'client', version)).toMatchObject({
      clientAuthentication: asks,
      certificate,
      plaintextUrls: [],
    });
  });
});

test('keeps plaintext URLs apart from encrypted ones', () => {
  const words = ['--listen-client-urls=https://10.0.0.1:2379,http://127.0.0.1:2379', ...pair];
  const { encryptedUrls, plaintextUrls } = effective(words, 'client');

  expect(encryptedUrls).toMatchObject([{ host: '10.0.0.1', port: '2379' }]);
  expect(plaintextUrls).toMatchObject([{ host: '127.0.0.1', port: '2379' }]);
});

test('serves no certificate without an encrypted URL', () => {
  expect(effective(pair, 'client').certificate).toBe('none');
});

test.each([
  { words: peer, checks: true },
  { words: [...peer, '--peer-skip-client-san-verification'], checks: false },
])('holds a peer’s names against its address: $checks', ({ words, checks }) => {
  expect(effective(words, 'peer', '3.6.10').checksSourceAddress).toBe(checks);
});

test('holds a client’s names against its address on an https metrics URL alone', () => {
  const words = [...client, ...pair, '--listen-metrics-urls=https://10.0.0.1:2381'];

  expect(effective(words, 'client').checksSourceAddress).toBe(false);
  expect(effective(words, 'metrics')).toMatchObject({
    checksSourceAddress: true,
    certFile: { value: '/c.pem' },
  });
});

test('dials with the certificate it serves, or with its own for that', () => {
  const own = ['--peer-client-cert-file=/x', '--peer-client-key-file=/y'];

  expect(effective(peer, 'peer')).toMatchObject({ dialCertFile: { value: '/p' } });
  expect(effective([...peer, ...own], 'peer')).toMatchObject({
    certFile: { value: '/p' },
    dialCertFile: { value: '/x' },
    dialKeyFile: { value: '/y' },
  });
});

test('verifies no client where certificates are generated', () => {
  const words = ['--listen-peer-urls=https://10.0.0.1:2380', '--peer-auto-tls'];

  expect(effective(words, 'peer')).toMatchObject({ dialsUnverified: true, logsRejections: false });
});

test('has the gateway on unless told otherwise', () => {
  expect(hasGateway(settings([], '3.5.21'))).toBe(true);
  expect(hasGateway(settings(['--enable-grpc-gateway=false'], '3.5.21'))).toBe(false);
});

test.each([
  { version: '3.4.45', bypasses: true },
  { version: '3.5.31', bypasses: true },
  { version: '3.5.32', bypasses: false },
  { version: '3.6.12', bypasses: true },
  { version: '3.6.13', bypasses: false },
])('$version lets gRPC past the revocation list: $bypasses', ({ version, bypasses }) => {
  const words = ['--listen-client-http-urls=https://10.0.0.1:2382', '--client-crl-file=/crl'];

  expect(bypassesRevocationList(settings(words, version), etcdVersion(version))).toBe(bypasses);
});

test.each([
  { words: [], version: '3.5.33', serves: true },
  { words: [], version: '3.6.0', serves: false },
  { words: peer.slice(1), version: '3.5.33', serves: false },
  { words: peer, version: '3.5.33', serves: false },
])(
  '$version with $words serves its API on the peer port: $serves',
  ({ words, version, serves }) => {
    expect(servesApiOnPeerPort(settings(words, version), etcdVersion(version))).toBe(serves);
  },
);

function settings(words: readonly string[], version: string) {
  const source = { kind: 'flags' as const, arguments: words.map((text) => ({ text })) };
  return readMemberSettings([source], etcdVersion(version)).settings;
}

function effective(words: readonly string[], listener: Listener, version = '3.5.21') {
  return effectiveTls(settings(words, version), listener, etcdVersion(version));
}

import { expect, test } from 'vitest';
import { parseLogLine } from '../../src/diagnoses/log-line.ts';
import { readLine } from '../../src/diagnoses/reading.ts';

/** What crypto/tls, crypto/x509, net and net/http of Go, and etcd, give as errors. */
const errors: readonly string[] = [
  ...[
    'access denied',
    'alert(255)',
    'bad certificate',
    'bad record MAC',
    'certificate required',
    'decode error',
    'decompression failure',
    'error decrypting message',
    'expired certificate',
    'handshake failure',
    'inappropriate fallback',
    'insufficient security level',
    'internal error',
    'no application protocol',
    'protocol version not supported',
    'revoked certificate',
    'unexpected message',
    'unknown certificate',
    'unknown certificate authority',
    'unrecognized name',
    'unsupported certificate',
    'user canceled',
  ].map((alert) => `remote error: tls: ${alert}`),
  'local error: tls: bad record MAC',
  'local error: tls: unexpected message',
  'tls: unexpected message',
  'tls: first record does not look like a TLS handshake',
  'tls: oversized record received with length 20527',
  'tls: unsupported SSLv2 handshake received',
  "tls: client didn't provide a certificate",
  'tls: client offered only unsupported versions: [302 301]',
  'tls: server selected unsupported protocol version 301',
  'tls: no cipher suite supported by both client and server',
  'tls: private key does not match public key',
  'tls: failed to find any PEM data in certificate input',
  'tls: failed to find any PEM data in key input',
  'tls: failed to parse private key',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-ca")',
  'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T07:00:00Z is after 2026-11-01T00:00:00Z',
  'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-30T07:00:00Z is before 2027-01-01T00:00:00Z',
  'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
  'tls: failed to verify certificate: x509: certificate is valid for 10.0.0.2, 127.0.0.1, not 10.0.0.3',
  'tls: failed to verify certificate: x509: certificate is valid for a.example, not ::1',
  'tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match b.example',
  "tls: failed to verify certificate: x509: cannot validate certificate for 10.0.0.3 because it doesn't contain any IP SANs",
  'tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead',
  'tls: failed to verify certificate: x509: cannot verify signature: insecure algorithm SHA1-RSA',
  'tls: "10.0.0.3" does not match any of DNSNames ["a.example"] (lookup a.example on 10.0.0.53:53: no such host)',
  'tls: client certificate authentication failed',
  'dial tcp 10.0.0.2:2380: connect: connection refused',
  'dial tcp 10.0.0.2:2380: connect: no route to host',
  'dial tcp 10.0.0.2:2380: i/o timeout',
  'dial tcp: lookup b.example on 10.0.0.53:53: no such host',
  'read tcp 10.0.0.1:40000->10.0.0.2:2380: read: connection reset by peer',
  'read tcp 10.0.0.1:40000->10.0.0.2:2380: i/o timeout',
  'net/http: TLS handshake timeout',
  'http: server gave HTTP response to HTTPS client',
  'context deadline exceeded',
  'open /etc/etcd/pki/peer.crt: no such file or directory',
  'open /etc/etcd/pki/peer.key: permission denied',
  'cluster ID mismatch',
  'EOF',
];

const behind: Readonly<Record<string, (error: string) => string>> = {
  'fields of JSON': (error) =>
    JSON.stringify({
      level: 'warn',
      ts: '2026-11-30T07:00:00Z',
      caller: 'rafthttp/probing_status.go:68',
      msg: 'prober detected unhealthy status',
      'remote-peer-id': 'a1b2c3',
      error,
      rtt: '0s',
    }),
  'the fields of the console': (error) =>
    `2026-11-30T07:00:00.000Z\tWARN\trafthttp/probing_status.go:68\tprober detected unhealthy status\t${JSON.stringify({ error, rtt: '0s' })}`,
  'the end of a list': (error) =>
    `2026-11-30 07:00:00.000000 W | rafthttp: prober detected unhealthy status: [${error}]`,
  'a full stop': (error) =>
    `2026-11-30 07:00:00.000000 W | rafthttp: prober detected unhealthy status: ${error}.`,
};

/** What is read in a line, whatever else is there. */
function said(line: string) {
  const reading = readLine(parseLogLine(line));
  return {
    alert: reading?.alert,
    signals: Object.fromEntries(
      [...(reading?.signals ?? [])].map(([id, { values }]) => [id, { ...values }]),
    ),
  };
}

test.each(Object.entries(behind))(
  '%s behind an error change nothing of what it says',
  (_, written) => {
    const differing = errors.flatMap((error) => {
      const alone = said(
        `2026-11-30 07:00:00.000000 W | rafthttp: prober detected unhealthy status: ${error}`,
      );
      expect(Object.keys(alone.signals)).not.toEqual([]);
      const among = said(written(error));
      return JSON.stringify(alone) === JSON.stringify(among) ? [] : [{ error, alone, among }];
    });

    expect(differing).toEqual([]);
  },
);

test.each([
  ['bad record MAC', 'bad record mac'],
  ['alert(116)', 'certificate required'],
  ['unknown certificate authority', 'unknown ca'],
])('the alert of "remote error: tls: %s" is %s', (words, alert) => {
  expect(
    said(`transport: authentication handshake failed: remote error: tls: ${words}`),
  ).toMatchObject({
    alert,
  });
});

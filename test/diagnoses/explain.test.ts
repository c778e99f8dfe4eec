import { expect, test } from 'vitest';
import { textWith } from '../support/matching.ts';
import { explain } from '../../src/diagnoses/explain.ts';

const rejected = (error: string, remote = '10.0.0.9:4'): string =>
  JSON.stringify({
    level: 'warn',
    msg: 'rejected connection on client endpoint',
    'remote-addr': remote,
    error,
  });

test.each([
  {
    line: rejected("tls: client didn't provide a certificate"),
    cause: 'NOCERT',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
    cause: 'CA-SERVER',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      "tls: failed to verify client's certificate: x509: certificate specifies an incompatible key usage",
    ),
    cause: 'EKU',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      'tls: failed to verify client certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T21:15:41Z is after 2021-01-01T00:00:00Z',
    ),
    cause: 'EXPIRED',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2020-11-23T21:15:41Z is before 2021-01-01T00:00:00Z',
    ),
    cause: 'CLOCK',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      'tls: failed to verify client certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-ca")',
    ),
    cause: 'CA-MIX',
    refusedBy: 'accepting',
  },
  {
    line: rejected(
      'x509: cannot verify signature: insecure algorithm SHA1-RSA (possibly because of "x" while trying to verify candidate authority certificate "etcd-ca")',
    ),
    cause: 'VERSION',
    refusedBy: 'accepting',
  },
  {
    line: rejected('transport: certificate serial adee5611f935a6b0 revoked'),
    cause: 'AUTHZ',
    refusedBy: 'accepting',
  },
  {
    line: rejected('client certificate authentication failed'),
    cause: 'AUTHZ',
    refusedBy: 'accepting',
  },
  {
    line: rejected('remote error: tls: unknown certificate authority'),
    cause: 'CA-CLIENT',
    refusedBy: 'dialling',
  },
  { line: rejected('local error: tls: bad record MAC'), cause: 'UNKNOWN', refusedBy: undefined },
  {
    line: rejected('tls: first record does not look like a TLS handshake'),
    cause: 'SCHEME',
    refusedBy: undefined,
  },
  {
    line: rejected('tls: oversized record received with length 21536'),
    cause: 'SCHEME',
    refusedBy: undefined,
  },
  {
    line: rejected('tls: oversized record received with length 20527'),
    cause: 'PROXY',
    refusedBy: undefined,
  },
  { line: rejected('EOF'), cause: 'NOISE', refusedBy: undefined },
  {
    line: rejected('x509: certificate is valid for 10.0.0.1, not 192.168.7.9'),
    cause: 'SAN-PEER',
    refusedBy: 'accepting',
  },
  {
    line: 'x509: certificate is valid for 10.0.0.1, not 10.0.0.2',
    cause: 'SAN',
    refusedBy: 'dialling',
  },
  {
    line: 'x509: certificate relies on legacy Common Name field, use SANs instead',
    cause: 'SAN',
    refusedBy: 'dialling',
  },
  {
    line: 'transport: authentication handshake failed: remote error: tls: certificate required',
    cause: 'NOCERT',
    refusedBy: 'accepting',
  },
  {
    line: 'SSL routines:tlsv1 alert unknown ca SSL alert number 48',
    cause: 'CA-SERVER',
    refusedBy: 'accepting',
  },
  {
    line: 'dial tcp 10.0.0.1:2379: connect: connection refused',
    cause: 'NET',
    refusedBy: 'network',
  },
  { line: 'dial tcp: lookup etcd.lan: no such host', cause: 'DNS', refusedBy: undefined },
  { line: 'open /etc/etcd/server.key: permission denied', cause: 'FILE', refusedBy: undefined },
  { line: 'tls: private key does not match public key', cause: 'PEM', refusedBy: undefined },
  {
    line: 'conflicting environment variable "ETCDCTL_CERT" is shadowed by corresponding command-line flag',
    cause: 'CLI',
    refusedBy: undefined,
  },
  {
    line: 'unrecognized environment variable ETCD_CA_FILE=/x',
    cause: 'CONFIG',
    refusedBy: undefined,
  },
  { line: 'request cluster ID mismatch (got 1 want 2)', cause: 'CLUSTER-ID', refusedBy: undefined },
  {
    line: 'rpc error: code = InvalidArgument desc = etcdserver: user name is empty',
    cause: 'AUTHZ',
    refusedBy: undefined,
  },
  {
    line: 'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1006)',
    cause: 'CA-CLIENT',
    refusedBy: 'dialling',
  },
  {
    line: "ssl.CertificateError: hostname '10.0.0.2' doesn't match 'etcd.lan'",
    cause: 'SAN',
    refusedBy: 'dialling',
  },
  {
    line: 'javax.net.ssl.SSLHandshakeException: No subject alternative names matching IP address 10.0.0.2 found',
    cause: 'SAN',
    refusedBy: 'dialling',
  },
  {
    line: 'javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_required',
    cause: 'NOCERT',
    refusedBy: 'accepting',
  },
  {
    line: 'Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate',
    cause: 'SAN',
    refusedBy: 'dialling',
  },
])('$cause, refused by $refusedBy: $line', ({ line, cause, refusedBy }) => {
  const explanation = explain(line);

  expect(explanation).toMatchObject({ cause });
  expect(explanation?.refusedBy).toBe(refusedBy);
});

test('a key that curl cannot use may belong to another certificate or have a passphrase', () => {
  expect(
    explain("curl: (58) unable to set private key file: '/etc/etcd/client.key' type PEM"),
  ).toMatchObject({
    confidence: 'likely',
    alternatives: [{ cause: 'PEM' }],
    remedy: textWith('compare the key'),
  });
  expect(
    explain('curl: (77) error setting certificate file: /etc/etcd/ca.pem')?.remedy,
  ).not.toContain('compare the key');
});

test('tells apart which side refused by where the same alert is read', () => {
  const inEtcdLog = explain(rejected('remote error: tls: bad certificate'));
  const inClientOutput = explain(
    'transport: authentication handshake failed: remote error: tls: bad certificate',
  );

  expect(inEtcdLog).toMatchObject({ refusedBy: 'dialling', about: 'server certificate' });
  expect(inClientOutput).toMatchObject({ refusedBy: 'accepting', about: 'client certificate' });
});

test('does not guess where a lone alert decides nothing, and says what would', () => {
  const explanation = explain(rejected('remote error: tls: bad certificate'));

  expect(explanation).toMatchObject({ cause: 'UNKNOWN', confidence: 'open' });
  expect(explanation?.title).toContain('a client rejected the server certificate');
  expect(explanation?.alternatives.map(({ cause }) => cause)).toEqual(
    expect.arrayContaining(['SAN', 'CA-CLIENT', 'EXPIRED', 'EKU']),
  );
  expect(explanation?.lookNext).toContain('10.0.0.9');
});

test('names the check that refused a member, and a copied certificate as possible', () => {
  const near = explain(refusedPeer('10.0.0.3'));
  const far = explain(refusedPeer('192.168.7.3'));

  expect(near?.cause).toBe('SAN-PEER');
  expect(near?.alternatives.map(({ cause }) => cause)).toEqual(['SAN-COPY']);
  expect(far).toMatchObject({ cause: 'SAN-PEER', alternatives: [] });
});

test('says that a TCP probe is harmless and that a refused certificate is not', () => {
  expect(explain(rejected('EOF'))?.harmless).toBe(true);
  expect(explain(rejected("tls: client didn't provide a certificate"))?.harmless).toBe(false);
});

test('offers what else it could be', () => {
  const explanation = explain('Error: context deadline exceeded');

  expect(explanation?.alternatives.map(({ cause }) => cause)).toEqual([
    'CLI',
    'CA-CLIENT',
    'NOCERT',
    'NET',
  ]);
});

test('has nothing to say of lines about other matters', () => {
  expect(explain('{"level":"info","msg":"saved snapshot","snapshot-index":100}')).toBeUndefined();
});

test('ends quickly on a hostile line', () => {
  expect(explain(`certificate is valid for ${'a, '.repeat(5000)}`)).toBeUndefined();
});

function refusedPeer(source: string): string {
  return `embed: rejected connection from "${source}:1" (error "tls: \\"${source}\\" does not match any of DNSNames [\\"host1\\"]", ServerName "", IPAddresses ["10.0.0.1" "127.0.0.1"], DNSNames ["host1"])`;
}

test.each([
  'lost TCP streaming connection with remote peer',
  'peer became inactive (message send to peer failed): failed to read 779d8d8342d5be1d on stream Message (unexpected EOF)',
])('blames no certificate for a connection that had been let in: %s', (message) => {
  const line = JSON.stringify({ level: 'warn', caller: 'rafthttp/stream.go:421', msg: message });

  expect(explain(line)?.cause).toBe('NET');
});

import { expect, test } from 'vitest';
import { type Explanation, explain } from '../../src/diagnoses/explain.ts';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { causes } from '../../src/diagnoses/cause.ts';

/** What real clients printed when etcd 3.4.23, 3.5.30 and 3.6.16 had the fault: cause, or `-` where none may be named. */
const stated: readonly (readonly [string, string])[] = [
  // OpenSSL lists the dates of every certificate; they are no verdict.
  ['-', '   v:NotBefore: Nov 29 22:47:41 2026 GMT; NotAfter: Nov 26 22:47:41 2036 GMT'],
  ['EXPIRED', 'CertificateExpiredException: NotAfter: Wed Jan 01 00:00:00 UTC 2025'],
  ['CLOCK', 'CertificateNotYetValidException: NotBefore: Tue Jun 01 00:00:00 UTC 2027'],
  // The name of an exception, and a time that grpc-js lists, say nothing about names of hosts.
  ['-', "FileNotFoundError: [Errno 2] No such file or directory: 'settings'"],
  ['-', "details: 'Deadline exceeded after 4.001s,name resolution: 0.007s,Waiting for LB pick'"],
  ['DNS', 'Name resolution failed for target dns:etcd-0.invalid:2379'],
  ['DNS', 'OSError: [Errno -3] Temporary failure in name resolution'],
  ['DNS', 'Error: getaddrinfo ENOTFOUND etcd-0.invalid'],
  ['DNS', 'Caused by: java.nio.channels.UnresolvedAddressException'],
  // curl lists alerts with the side that sent them.
  ['CA-SERVER', '* TLSv1.3 (IN), TLS alert, unknown CA (560):'],
  ['-', '* TLSv1.3 (OUT), TLS alert, unknown CA (560):'],
  ['NOCERT', '* TLSv1.3 (IN), TLS alert, certificate required (628):'],
  ['-', '* TLSv1.3 (IN), TLS alert, close notify (256):'],
  // Java
  [
    'EXPIRED',
    'javax.net.ssl.SSLHandshakeException: PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed',
  ],
  [
    'CA-CLIENT',
    'PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
  ],
  [
    'CA-MIX',
    'PKIX path validation failed: java.security.cert.CertPathValidatorException: signature check failed',
  ],
  [
    'CA-CLIENT',
    'PKIX path validation failed: java.security.cert.CertPathValidatorException: Path does not chain with any of the trust anchors',
  ],
  ['SCHEME', 'javax.net.ssl.SSLException: Unsupported or unrecognized SSL message'],
  [
    'SCHEME',
    'io.netty.handler.ssl.NotSslRecordException: not an SSL/TLS record: 00001204000000000000',
  ],
  [
    'SCHEME',
    'Http2Exception: First received frame was not SETTINGS. Hex dump for first 5 bytes: 1503010002',
  ],
  ['NET', 'SslHandshakeTimeoutException: handshake timed out after 10000ms'],
  ['PEM', 'javax.net.ssl.SSLHandshakeException: Received fatal alert: decrypt_error'],
  ['-', 'javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake'],
  // Python, gRPC's C library
  ['FILE', "Failed to get list of machines: PermissionError(13, 'Permission denied')"],
  ['PEM', 'ssl.SSLError: [X509] no certificate or crl found (_ssl.c:3732)'],
  ['SAN', 'Custom verification check failed: UNAUTHENTICATED: Hostname Verification Check failed.'],
  ['PROXY', 'SSL_ERROR_SSL: error:10000460:SSL routines::TLSV1_ALERT_NO_APPLICATION_PROTOCOL'],
  [
    'PROXY',
    'desc = unexpected HTTP status code received from server: 200 (OK); transport: received unexpected content-type "text/plain"',
  ],
  ['CONFIG', 'failed to verify flags: min version (TLS1.3) is greater than max version (TLS1.2)'],
  // A listing of a CA, and advice in a text, are no events.
  ['-', '                CA:TRUE, pathlen:0'],
  ['CHAIN', 'x509: too many intermediates for path length constraint'],
  [
    'VERSION',
    'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)" while trying to verify candidate authority certificate "etcd-ca")',
  ],
  // What etcd's Go says when it rejects.
  [
    'PEM',
    'rejected connection: tls: invalid signature by the client certificate: ECDSA verification failure',
  ],
  ['PEM', 'rejected connection: remote error: tls: error decrypting message'],
  ['VERSION', 'rejected connection: tls: no ECDHE curve supported by both client and server'],
  [
    'VERSION',
    "rejected connection: tls: peer doesn't support any of the certificate's signature algorithms",
  ],
  [
    'CLIENT-LIB',
    'rejected connection: tls: client requested unsupported application protocols ([spdy/3])',
  ],
  ['NET', '{"level":"warn","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"25.7s"}'],
  // curl, wget
  ['NET', "curl: (7) Failed to connect to 10.0.0.1 port 2379: Couldn't connect to server"],
  ['-', 'curl: (55) getpeername() failed with errno 107: Transport endpoint is not connected'],
  ['FILE', 'curl: (77) error setting certificate file: /etc/etcd/ca.pem'],
  ['CA-CLIENT', "ERROR: The certificate of ‘10.0.0.1’ doesn't have a known issuer."],
  ['SAN', "The certificate's owner does not match hostname ‘10.0.0.1’"],
  ['SCHEME', 'GnuTLS: An unexpected TLS packet was received.'],
  [
    'SAN',
    "curl: (60) SSL: certificate subject name 'etcd-4.example' does not match target host name '10.77.0.10'",
  ],
  ['FILE', "curl: (58) unable to set private key file: '/etc/etcd/client.key' type PEM"],
  ['FILE', 'ERROR: Failed to open cert /etc/etcd/ca.pem: (-64).'],
  [
    '-',
    'Failed writing HTTP request: The specified session has been invalidated for some reason..',
  ],
  // openssl s_client, Ruby, socat, w3m: OpenSSL has numbers for names, and calls for files.
  ['SAN', 'verify error:num=62:hostname mismatch'],
  ['SAN', 'verify error:num=64:IP address mismatch'],
  [
    'SAN',
    'SSL_connect returned=1 errno=0 peeraddr=10.77.0.4:2379 state=error: certificate verify failed (hostname mismatch)',
  ],
  ['SAN', 'E certificate is valid but its commonName does not match hostname "10.77.0.5"'],
  ['SAN', 'Bad cert ident etcd-4 from 10.77.0.4: accept? (y/n)'],
  ['CA-SERVER', 'SSL3 alert read:fatal:unknown CA'],
  ['CA-CLIENT', 'SSL3 alert write:fatal:unknown CA'],
  ['-', 'SSL3 alert write:warning:close notify'],
  [
    'FILE',
    'error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:266:calling stat(/etc/etcd/client.crt)',
  ],
  [
    'FILE',
    'E SSL_CTX_load_verify_locations(): error:80000002:system library::No such file or directory',
  ],
  ['FILE', 'SSL_CTX_load_verify_file: system lib (OpenSSL::SSL::SSLError)'],
  ['PEM', "in `read': Could not parse PKey: unable to get passphrase (OpenSSL::PKey::PKeyError)"],
  // gnutls-cli, and git of Debian, which uses GnuTLS
  ['CA-CLIENT', '- Status: The certificate is NOT trusted. The certificate issuer is unknown. '],
  [
    'EXPIRED',
    '- Status: The certificate is NOT trusted. The certificate chain uses expired certificate. ',
  ],
  [
    'CLOCK',
    '- Status: The certificate is NOT trusted. The certificate chain uses not yet valid certificate. ',
  ],
  [
    'SAN',
    '- Status: The certificate is NOT trusted. The name in the certificate does not match the expected. ',
  ],
  [
    'EKU',
    '- Status: The certificate is NOT trusted. The certificate chain does not match the intended purpose. ',
  ],
  ['EXPIRED', '*** Received alert [45]: Certificate is expired'],
  ['NOCERT', '*** Received alert [116]: Certificate is required'],
  ['PEM', '*** Error loading cert file: No certificate was found.'],
  ['FILE', 'Error setting the x509 trust file: Error while reading file.'],
  ['PEM', 'Error setting the x509 trust file: Base64 unexpected header error.'],
  ['FILE', 'error reading X.509 key or certificate file'],
  // stunnel
  ['SAN', 'LOG4[0]: CERT: Subject checks failed'],
  ['EXPIRED', 'LOG4[0]: CERT: Pre-verification error: certificate has expired'],
  ['FILE', '[!] No trusted certificates found'],
  ['PEM', 'error queue: error:0480006D:PEM routines::problems getting password'],
  // rustls, in reqwest
  ['CLOCK', 'invalid peer certificate: certificate not valid yet: verification time 1796009310'],
  [
    'EXPIRED',
    'invalid peer certificate: certificate expired: verification time 1796009310 (UNIX), but certificate is not valid after 1767225600',
  ],
  [
    'EKU',
    'invalid peer certificate: certificate does not allow extended key usage for server authentication, allows client authentication',
  ],
  ['CA-MIX', 'invalid peer certificate: BadSignature'],
  ['-', 'invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))'],
  ['CA-SERVER', 'received fatal alert: UnknownCA'],
  ['NOCERT', 'received fatal alert: CertificateRequired'],
  ['-', 'received fatal alert: BadCertificate'],
  ['PEM', 'reqwest::Error { kind: Builder, source: InconsistentKeys(KeyMismatch) }'],
  ['FILE', 'Error: Os { code: 21, kind: IsADirectory, message: "Is a directory" }'],
  // Java
  ['FILE', 'java.nio.file.NoSuchFileException: /etc/etcd/ca.pem'],
  [
    'PEM',
    'Unexpected error: java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty',
  ],
  ['NET', 'Exception in thread "main" java.net.ConnectException'],
  // Python
  ['FILE', "IsADirectoryError: [Errno 21] Is a directory: '/etc/etcd/pki'"],
  ['-', 'FileNotFoundError: [Errno 2] No such file or directory'],
  [
    'NET',
    "ClientConnectorError: Cannot connect to host 10.77.0.16:2379 ssl:default [Connect call failed ('10.77.0.16', 2379)]",
  ],
];

test.each(stated)('%s: %s', (cause, text) => {
  const explanation = explain(text);

  expect(explanation?.confidence === 'open' ? '-' : (explanation?.cause ?? '-')).toBe(cause);
});

test.each([
  'connection error: desc = "error reading server preface: remote error: tls: expired certificate"',
  'received fatal alert: CertificateExpired',
  'error: AlertReceived(CertificateExpired)',
])('%s: expired is the most frequent reason of alert 45, not valid yet is another', (text) => {
  const explanation = explain(text);

  expect(explanation?.confidence).toBe('likely');
  expect(explanation?.alternatives.map(({ cause }) => cause)).toContain('CLOCK');
});

/** What socat, Python 3.6, gRPC, git and gnutls-cli printed of an expired, a future, a foreign certificate and of one without the name. */
test.each([
  'socat[2841] E SSL_connect(): error:0A000086:SSL routines::certificate verify failed',
  '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:852)',
  'SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED',
  'SSL_connect returned=1 errno=0: certificate verify failed',
  "fatal: unable to access 'https://10.77.0.2:2379/': server certificate verification failed. CAfile: /etc/etcd/ca.pem CRLfile: none",
  '*** Fatal error: Error in the certificate.',
])('%s: no cause is named, and those of a server certificate are possible', (text) => {
  const explanation = explain(text);

  expect(explanation).toMatchObject({ cause: 'UNKNOWN', about: 'server certificate' });
  expect(explanation?.alternatives.map(({ cause }) => cause)).toEqual([
    'CA-CLIENT',
    'SAN',
    'EXPIRED',
    'EKU',
    'CLOCK',
    'CA-MIX',
  ]);
  expect(explanation?.lookNext).toContain('openssl s_client');
});

/** wget goes on without a CA file that it cannot read. */
const withoutFile = [
  '--2026-11-30 02:33:15--  https://10.77.0.1:2379/version',
  'ERROR: Failed to open cert /etc/etcd/ca.pem: (-64).',
  'Connecting to 10.77.0.1:2379... connected.',
  'ERROR: The certificate of ‘10.77.0.1’ is not trusted.',
  "ERROR: The certificate of ‘10.77.0.1’ doesn't have a known issuer.",
];

test.each([
  ['FILE', withoutFile],
  ['CA-CLIENT', withoutFile.toSpliced(1, 1)],
])('wget: %s is the only cause', (cause, lines) => {
  const explainer = logExplainer();
  for (const line of lines) explainer.add(line);
  const { conclusion, also } = explainer.incident();

  expect(conclusion?.explanation.cause).toBe(cause);
  expect(also).toEqual([]);
});

test.each([
  ['remote error: tls: certificate required', 'Go and Java may keep it back'],
  ['Error: remote error: tls: certificate required', ': `--cert` and `--key`, or ETCDCTL'],
])('%s: the remedy says `%s`', (text, words) => {
  const explanation = explain(text);

  expect(explanation?.cause).toBe('NOCERT');
  expect(explanation?.remedy).toContain(words);
});

/** nginx and HAProxy, of their own ports, and of etcd behind them. */
test.each([
  [
    'EXPIRED',
    'client certificate',
    '*12 client SSL certificate verify error: (10:certificate has expired) while SSL handshaking, client: 10.77.0.1, server: 10.77.0.35:2379',
  ],
  [
    'CA-SERVER',
    'client certificate',
    '*13 client SSL certificate verify error: (21:unable to verify the first certificate) while SSL handshaking, client: 10.77.0.1, server: 10.77.0.35:2379',
  ],
  [
    'EKU',
    'client certificate',
    '*16 client SSL certificate verify error: (26:unsuitable certificate purpose) while SSL handshaking, client: 10.77.0.1, server: 10.77.0.35:2379',
  ],
  [
    'NOCERT',
    'client certificate',
    '*11 client sent no required SSL certificate while SSL handshaking, client: 10.77.0.1, server: 10.77.0.35:2379',
  ],
  [
    'SCHEME',
    undefined,
    '*19 SSL_do_handshake() failed (SSL: error:0A00009C:SSL routines::http request) while SSL handshaking, client: 10.77.0.1, server: 10.77.0.35:2379',
  ],
  [
    'UNKNOWN',
    'client certificate',
    '10.77.0.1:37764 [30/Nov/2026:02:42:00.227] mtls/1: SSL client certificate not trusted',
  ],
  [
    'UNKNOWN',
    undefined,
    '10.77.0.1:37762 [30/Nov/2026:02:42:00.213] mtls/1: SSL handshake failure',
  ],
  [
    'EXPIRED',
    'server certificate',
    '*1 upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream, client: 10.77.0.1, server: 10.77.0.30:2379, upstream: "10.77.0.2:2379", bytes from/to client:0/0',
  ],
  [
    'CA-CLIENT',
    'server certificate',
    '*3 upstream SSL certificate verify error: (21:unable to verify the first certificate) while SSL handshaking to upstream, client: 10.77.0.1, server: 10.77.0.31:2379, upstream: "10.77.0.3:2379"',
  ],
  [
    'UNKNOWN',
    undefined,
    '*5 peer closed connection in SSL handshake while SSL handshaking to upstream, client: 10.77.0.1, server: 10.77.0.32:2379, upstream: "10.77.0.14:2379"',
  ],
  [
    'SAN',
    'server certificate',
    'Server wrongname/s1 is DOWN, reason: Layer6 invalid response, info: "Server presented an SSL certificate different from the configured one", check duration: 2ms.',
  ],
  [
    'UNKNOWN',
    undefined,
    'Server expired/s1 is DOWN, reason: Layer6 invalid response, info: "SSL handshake failure", check duration: 6ms.',
  ],
])('%s, %s: %s', (cause, about, text) => {
  const explanation = explain(text);

  expect([explanation?.cause, explanation?.about]).toEqual([cause, about]);
});

test('a reason next to the general words decides', () => {
  const text =
    '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate';

  expect(explain(text)).toMatchObject({ cause: 'CA-CLIENT', confidence: 'certain' });
});

const etcdctl = (error: string): string =>
  `{"level":"warn","logger":"client","caller":"v3/retry_interceptor.go:66","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0x1d5b8d9381e0/10.0.0.1:2379","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = \\"${error}\\""}`;

test('an alert without a reason is not taken for a missing certificate because the client gave up', () => {
  const explanation = explain(
    etcdctl('error reading server preface: remote error: tls: bad certificate'),
  );

  expect(explanation?.confidence).toBe('open');
  expect(causesOf(explanation)).toEqual(expect.arrayContaining(['NOCERT', 'EKU', 'CA-SERVER']));
  expect(causesOf(explanation)).not.toEqual(expect.arrayContaining(['SCHEME']));
});

test('a reset right after the handshake may be a rejected client certificate', () => {
  const reset =
    'transport: failed to write client preface: write tcp 127.0.0.1:5->127.0.0.1:2379: write: connection reset by peer';

  expect(causesOf(explain(etcdctl(reset)))).toContain('CA-SERVER');
});

const rejected = (error: string): string =>
  `{"level":"warn","caller":"embed/config_logging.go:170","msg":"rejected connection on client endpoint","remote-addr":"127.0.0.1:55296","server-name":"","error":"${error}"}`;

test('an alert that Go could not decrypt names no cause', () => {
  const explanation = explain(rejected('local error: tls: bad record MAC'));

  expect(explanation).toMatchObject({ cause: 'UNKNOWN', confidence: 'open' });
  expect(causesOf(explanation)).toEqual(expect.arrayContaining(['SAN', 'CA-CLIENT', 'EXPIRED']));
});

test('a certificate from loopback may be that of etcd itself', () => {
  const usage =
    'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage';
  const expired =
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-29T22:49:00Z is after 2025-01-01T00:00:00Z';

  expect(explain(rejected(usage))?.remedy).toMatch(/If etcd itself .* Another program/);
  expect(explain(rejected(expired))?.remedy).toMatch(/client certificate .*If etcd itself/);
  expect(explain(rejected(expired.replace('127.0.0.1', '10.0.0.7')))?.remedy).toContain('client');
});

test('nothing of etcd connects to a peer port but a peer', () => {
  const usage = rejected(
    'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
  );

  expect(explain(usage.replace('client endpoint', 'peer endpoint'))?.remedy).toBe(
    'Reissue the peer certificate with both serverAuth and clientAuth.',
  );
});

test('a file that is no CRL is told from a certificate on the list', () => {
  const unreadable = explain(
    rejected("asn1: structure error: tags don't match (16 vs {class:0 tag:13}) CertificateList @2"),
  );

  expect(unreadable).toMatchObject({ cause: 'AUTHZ', confidence: 'certain' });
  expect(unreadable?.title).toContain('cannot parse its CRL file');
  expect(explain(rejected('transport: certificate serial 1f revoked'))?.title).toContain('1f');
});

test('Java may have withheld the certificate that it has', () => {
  expect(
    explain('javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_required')
      ?.remedy,
  ).toContain('Java sends it only if');
});

test('the alert of one side follows from the dates that the other gives', () => {
  const notYet =
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-29T22:48:59Z is before 2027-06-01T00:00:00Z';
  const { conclusion, also } = incidentOf([
    rejected(notYet),
    '2026/11/29 22:48:59 WARNING: [core] [Channel #3 SubChannel #4] grpc: addrConn.createTransport failed to connect to {Addr: "127.0.0.1:2379", ServerName: "127.0.0.1:2379", }. Err: connection error: desc = "error reading server preface: remote error: tls: expired certificate"',
  ]);

  expect(conclusion?.explanation.cause).toBe('CLOCK');
  expect(also).toEqual([]);
});

test.each([
  'Dec 06 16:03:04 m2 kube-apiserver[1665]: I1206 16:03:04.496015    1665 log.go:172] http: TLS handshake error from 10.9.38.139:34346: remote error: tls: bad certificate',
  'I1206 16:03:04.496015    1665 log.go:172] http: TLS handshake error from 10.9.38.139:34346: remote error: tls: unknown certificate authority',
])('what an API server accepts is not about etcd: %s', (text) => {
  const explanation = explain(text);

  expect(explanation?.title).toContain('not ');
  expect(explanation?.title).not.toContain('of this etcd');
  expect(explanation?.standing).toBeLessThan(3);
});

test('a client that the REST API of Patroni does not please is not a client of etcd', () => {
  const traceback = [
    'WARNING: Exception happened during processing of request from 10.0.0.5:39050',
    'WARNING: Traceback (most recent call last):',
    '  File "/usr/lib/python3/dist-packages/patroni/api.py", line 1330, in process_request_thread',
    'ssl.SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:1131)',
  ];

  expect(incidentOf(traceback).conclusion?.explanation).toMatchObject({
    cause: 'CA-CLIENT',
    title: `${causes['CA-CLIENT'].title} (another service, not etcd)`,
  });
  expect(incidentOf(traceback.slice(-1)).conclusion?.explanation.cause).toBe('CA-SERVER');
});

test.each([
  [
    'client: 10.0.0.9, server: 0.0.0.0:2379',
    '2026/11/29 10:00:00 [info] 31#31: *5 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 10.0.0.9, server: 0.0.0.0:2379',
    'CA-CLIENT',
  ],
  [
    'HAProxy, of its frontend',
    'Nov 29 10:00:00 lb haproxy[8]: 10.0.0.9:50722 [29/Nov/2026:10:00:00.001] etcd_front/1: SSL handshake failure (error:0A000418:SSL routines::tlsv1 alert unknown ca)',
    'CA-CLIENT',
  ],
  [
    'nginx, of etcd',
    '2026/11/29 10:00:00 [error] 31#31: *5 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking to upstream, client: 10.0.0.9, server: etcd.test, upstream: "grpcs://10.0.0.1:2379"',
    'CA-SERVER',
  ],
])('a proxy is a server to its clients and a client to etcd: %s', (_who, text, cause) => {
  const explanation = explain(text);

  expect(explanation?.cause).toBe(cause);
  expect(explanation?.title.includes('not etcd')).toBe(cause === 'CA-CLIENT');
});

test('the side that connects says what answered it', () => {
  const plain = explain(
    '{"level":"warn","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","round-tripper-name":"ROUND_TRIPPER_SNAPSHOT","error":"tls: first record does not look like a TLS handshake"}',
  );
  const web = explain(
    'connection error: desc = "error reading server preface: http2: failed reading the frame payload: http2: frame too large, note that the frame header looked like an HTTP/1.1 header"',
  );

  expect(plain).toMatchObject({ cause: 'SCHEME' });
  expect(plain?.evidence.join()).toContain('answered the ClientHello in plain text');
  expect(
    explain(rejected('tls: first record does not look like a TLS handshake'))?.evidence,
  ).toEqual(['plain text arrived at a TLS port']);
  expect(web).toMatchObject({ cause: 'PROXY', confidence: 'certain' });
});

test('a client that was given the peer port is no member', () => {
  const untrusted = etcdctl(
    'transport: authentication handshake failed: x509: certificate signed by unknown authority',
  ).replace(':2379', ':2380');
  const explanation = explain(untrusted);

  expect(explanation).toMatchObject({ cause: 'CA-CLIENT', title: causes['CA-CLIENT'].title });
  expect(explanation?.evidence).toHaveLength(1);
});

test('what an error reached is not denied by another one in the same text', () => {
  const explanation = explain(
    'client: etcd cluster is unavailable or misconfigured; error #0: malformed HTTP response "\\x15\\x03\\x01"; error #1: dial tcp [::1]:2379: connect: connection refused',
  );

  expect(explanation).toMatchObject({ cause: 'SCHEME' });
  expect(explanation?.refusedBy).toBeUndefined();
});

test.each(['tls: unexpected message', 'tls: something new'])(
  'a rejection is shown, even if its words are not known: %s',
  (error) => {
    expect(explain(rejected(error))).toMatchObject({ cause: 'UNKNOWN', standing: 2 });
  },
);

test.each([
  ['Unable to connect to the server: x509: certificate signed by unknown authority', 'not etcd'],
  ['error dialing backend: x509: certificate signed by unknown authority', 'not etcd'],
  ['see https://go.dev/x: x509: certificate signed by unknown authority', 'CA of the server'],
])('%s', (text, title) => {
  expect(explain(text)?.title).toContain(title);
});

test('a host with its port is no address', () => {
  expect(explain('x509: certificate is valid for etcd-0, not etcd-0:2379')?.remedy).not.toContain(
    'IP:',
  );
});

test('kubeadm dials as a client', () => {
  expect(
    explain(
      'etcd cluster is not healthy: failed to dial endpoint https://10.0.33.10:2379 with maintenance client: context deadline exceeded',
    ),
  ).toMatchObject({
    cause: 'UNKNOWN',
    title: 'the client gave up waiting, and this text hides the reason',
  });
});

test('a file that is not there was not denied', () => {
  expect(explain('open /etc/etcd/ca.pem: no such file or directory')?.evidence).toEqual([
    '/etc/etcd/ca.pem does not exist',
  ]);
  expect(explain('open /etc/etcd/ca.pem: permission denied')?.evidence).toEqual([
    'the operating system denied access to /etc/etcd/ca.pem',
  ]);
});

function causesOf(explanation: Explanation | undefined): readonly string[] {
  return explanation?.alternatives.map(({ cause }) => cause) ?? [];
}

function incidentOf(lines: readonly string[]) {
  const explainer = logExplainer();
  for (const line of lines) explainer.add(line);
  return explainer.incident();
}

test.each([
  [
    '{"level":"fatal","msg":"discovery failed","error":"unexpected TLS cipher suite \\"TLS_FOO\\""}',
    'etcd does not know the cipher suite TLS_FOO, and does not start',
  ],
  [
    '{"level":"fatal","msg":"listener failed","error":"http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)"}',
    'the cipher suites of etcd lack the one that HTTP/2 requires',
  ],
  [
    'rejected connection: tls: no cipher suite supported by both client and server',
    causes.VERSION.title,
  ],
])('%s: %s', (text, title) => {
  expect(explain(text)?.title).toBe(title);
});

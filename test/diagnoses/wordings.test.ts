import { expect, test } from 'vitest';
import { type Explanation, explain } from '../../src/diagnoses/explain.ts';

type Case = readonly [Explanation['cause'], string];

/** What each program says of the same faults. */
const wordings: readonly Case[] = [
  // OpenSSL, BoringSSL and NSS
  ['CA-SERVER', 'error:0A000418:SSL routines'],
  ['VERSION', 'error:1000042e:SSL routines:OPENSSL_internal'],
  ['VERSION', 'error:1000006b:SSL routines:OPENSSL_internal:BAD_ECC_CERT'],
  ['CA-SERVER', 'SSL_ERROR_UNKNOWN_CA_ALERT'],
  ['EXPIRED', 'SSL_ERROR_EXPIRED_CERT_ALERT'],
  ['NOCERT', 'curl: (58) NSS: client certificate not found (nickname not specified)'],
  ['CA-CLIENT', "curl: (60) Peer's Certificate issuer is not recognized."],
  ['CA-CLIENT', 'SEC_ERROR_UNKNOWN_ISSUER'],
  ['EXPIRED', 'SEC_ERROR_EXPIRED_CERTIFICATE'],
  ['SAN', 'SSL_ERROR_BAD_CERT_DOMAIN'],
  ['SCHEME', 'curl: (52) Empty reply from server'],
  // Java
  ['PEM', 'IllegalArgumentException: File does not contain valid private key: tls.key'],
  ['PEM', 'java.security.spec.InvalidKeySpecException: algid parse error'],
  ['CLIENT-LIB', 'java.security.cert.CertificateException: No name matching etcd found'],
  [
    'NET',
    "MaxRetryError: Max retries exceeded with url: /v3/kv/range (Caused by ConnectTimeoutError(<conn>, 'Connection to 10.5.0.13 timed out. (connect timeout=1.66)'))",
  ],
  ['NET', 'java.net.http.HttpTimeoutException: Read timed out'],
  ['SAN', 'java.security.cert.CertificateException: No name matching etcd.lan found'],
  ['CLIENT-LIB', 'java.lang.IllegalStateException: Could not find TLS ALPN provider'],
  ['CLIENT-LIB', 'IllegalArgumentException: ALPN must be enabled and list HTTP/2'],
  // Python, and libraries of gRPC
  ['PEM', 'Could not load any root certificate'],
  // A difference that one slow answer explains, and one that it cannot explain.
  [
    'NET',
    '{"level":"warn","caller":"rafthttp/probing_status.go:82","msg":"prober found high clock drift","round-tripper-name":"ROUND_TRIPPER_SNAPSHOT","remote-peer-id":"d82e8e944bf22bae","clock-drift":"11.290305836s","rtt":"1.505695053s"}',
  ],
  [
    'CLOCK',
    '{"level":"warn","caller":"rafthttp/probing_status.go:82","msg":"prober found high clock drift","round-tripper-name":"ROUND_TRIPPER_SNAPSHOT","remote-peer-id":"d82e8e944bf22bae","clock-drift":"1m11.3s","rtt":"9.4s"}',
  ],
  [
    'CLOCK',
    'the clock difference against peer 8211f1d0f64f3269 is too high [4.35s > 1s] (prober "ROUND_TRIPPER_SNAPSHOT")',
  ],
  // Go
  [
    'NET',
    '2026-11-28 20:28:10.506690 W | etcdserver: alarm NOSPACE raised by peer 658402407699852f',
  ],
  [
    'NET',
    '{"level":"warn","caller":"etcdserver/cluster_util.go:288","msg":"failed to reach the peer URL","address":"https://10.0.0.3:2380/version","error":"Get \\"https://10.0.0.3:2380/version\\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"}',
  ],
  [
    'PROXY',
    'rpc error: code = Unavailable desc = unexpected HTTP status code received from server: 502 (Bad Gateway)',
  ],
  ['SAN', 'could not get cluster response: x509: cannot validate certific'],
  ['VERSION', 'tls: client offered only unsupported versions'],
  ['VERSION', 'fails to start with: unexpected TLS cipher suite'],
  ['CHAIN', 'the intermediate has pathlen 0'],
  ['PROXY', 'failed to do connect handshake, response: "HTTP/1.1 502 Connection timed out"'],
  ['PROXY', "unable to get local issuer certificate, issued by '/O=Zscaler Inc./CN=Zscaler CA'"],
  ['PEM', 'failed loading CA from config: unsupported key type: "PRIVATE KEY"'],
  ['CONFIG', 'failure to connect: Require both cert and key path'],
  ['CONFIG', 'open "/certs/client.pem": no such file or directory'],
  ['FILE', 'open /certs/client.pem: no such file or directory'],
  ['FILE', 'Error opening Certificate /ssl/client.crt  No such file or directory'],
  ['FILE', 'Certificate Authority is required and must be readable'],
  // etcd, and its client for version 2
  ['CONFIG', 'node1 has different advertised URLs in the cluster and advertised peer URLs list'],
  ['MEMBER-URL', 'Found [m1=http://10.0.0.1:2380], expect: m1=10.0.0.1'],
  ['MEMBER-URL', 'panic: newURLs [x] should never fail: URL scheme must be http, https, unix'],
  ['MEMBER-URL', 'client URLs are https, the peer url remains http'],
  ['SRV', 'cannot find local etcd member "m1" in SRV records'],
  ['AUTHZ', 'user not found: there is none for the certificate'],
  [
    'CA-CLIENT',
    'client: etcd cluster is unavailable or misconfigured; error #0: x509: certificate signed by unknown authority',
  ],
  [
    'SCHEME',
    'client: etcd cluster is unavailable or misconfigured; error #0: malformed HTTP response "\\x15\\x03\\x01"',
  ],
  [
    'NOISE',
    'grpc: Server.processUnaryRPC failed to write status: connection error: desc = "transport is closing"',
  ],
  ['NET', 'failed to heartbeat 6d8e on stream Message (write tcp 10.0.0.1:4: write: broken pipe)'],
  ['CLI', 'ETCDCTL_CACERT has no effect with etcdctl 3.1.0 (API version: 2)'],
  ['CLI', 'Error: unknown command "cluster-health" for "etcdctl"'],
  ['CONFIG', 'setup.sh: line 9: ETCD_CERT_FILE: unbound variable'],
  ['FILE', '[Errno 2] No such file or directory, path: /etc/calico/certs/key.pem'],
  ['FILE', 'run: stat of host path /etc/ssl/etcd: stat'],
  ['FILE', 'the Secret does not include the required certificate or key'],
  ['PEM', 'File does not contain valid certificates'],
  ['PEM', 'ssl_transport_security.cc:690] Invalid private key.'],
  ['MEMBER-URL', 'Found [n1=https: //10.0.2.15:2380], expect: n1=172.28.128.24'],
  [
    'SAN',
    "x509: failed to validate certificate for 0.0.0.0 because it doesn't contain any IP SANs",
  ],
  ['CLOCK', 'failure loading etcd/ca certificate authority: the certificate is not valid yet'],
  ['EXPIRED', 'apiserver-etcd-client.crt has expired'],
  ['CA-MIX', 'x509: certificate signed by unknown authority (possibly because of "cry'],
  ['CLIENT-LIB', 'hyper::Error(Connect, InvalidDNSNameError)'],
  ['UNKNOWN', 'error "remote error: tls: bad certificate", ServerName ""'],
  ['SAN-PEER', 'the peer is rejected as not matching any of the DNS names'],
  [
    'NOCERT-PROBE',
    'etcd-1 Unhealthy  Get https://10.0.0.1:2379/health: remote error: bad certificate',
  ],
  [
    'NOCERT-PROBE',
    'Liveness probe failed: Get "https://m1:2379/livez": remote error: tls: certificate required',
  ],
  ['NOISE', 'log flooding with rejected connection from "10.0.0.1:4" (error "EOF", ServerName "")'],
  ['SAN', 'the hostnames in the etcd certificate do not include the new address'],
  [
    'SAN-PEER',
    'rejected connection from "10.0.0.1:9" (error "tls: \\"10.0.0.1\\" does not match any of DNSNames [\\"m1\\"]", ServerName "", IPAddresses ["10.0.0.101" "10.0.0.102"], DNSNames ["m1"])',
  ],
];

test.each(wordings)('%s: %s', (cause, text) => {
  expect(explain(text)?.cause).toBe(cause);
});

/** Texts that name no reason: what is possible, most frequent first. */
const open: readonly (readonly [string, string])[] = [
  ['NOCERT', 'error:14094412:SSL routines:ssl3_read_bytes'],
  ['NOCERT', 'NSS error -12271 (SSL_ERROR_BAD_CERT_ALERT)'],
  ['CLI', 'client: etcd cluster is unavailable or misconfigured'],
  ['NET', 'prober detected unhealthy status'],
  ['NET', 'health check for peer 6d8e could not connect: <nil>'],
  ['SAN-PEER', 'cannot get the version of member 6d8e (Get "https://m2:2380/version": EOF)'],
  [
    'NET',
    '{"level":"warn","caller":"etcdserver/util.go:1","msg":"apply request took too long","error":"context deadline exceeded"}',
  ],
  ['CLI', 'Error: context deadline exceeded'],
  [
    'SAN',
    'rejected connection from "10.0.0.9:4" (error "remote error: tls: bad certificate", ServerName "")',
  ],
  [
    'NOCERT',
    'W0115 03:22:41.118203       1 clientconn.go:1223] grpc: addrConn.createTransport failed to connect to {https://127.0.0.1:2379  <nil> 0 <nil>}. Err :connection error: desc = "transport: authentication handshake failed: remote error: tls: bad certificate". Reconnecting...',
  ],
  [
    'EKU',
    'WARNING: 2026/11/28 13:53:14 [core] grpc: addrConn.createTransport failed to connect to {0.0.0.0:2379 0  <nil>}. Err: remote error: tls: bad certificate',
  ],
];

test.each(open)('%s is possible, and not stated: %s', (first, text) => {
  const explanation = explain(text);

  expect(explanation).toMatchObject({ cause: 'UNKNOWN', confidence: 'open', harmless: false });
  expect(explanation?.alternatives.map(({ cause }) => cause)[0]).toBe(first);
  expect(explanation?.lookNext).toBeTruthy();
});

/** What happens to etcd and has nothing to do with TLS. */
test.each([
  [
    'panic: tocommit(11) is out of range [lastIndex(9)]. Was the raft log corrupted, truncated, or lost?',
    'lost entries',
  ],
  [
    'etcdmain: listen tcp 10.0.0.1:2380: bind: address already in use',
    'another process is using the port',
  ],
  [
    '{"level":"fatal","msg":"failed to save","error":"write /var/lib/etcd/member/wal/0.wal: no space left on device"}',
    'disk is full',
  ],
  ['accept tcp 10.0.0.1:2379: accept4: too many open files; retrying in 1s', 'file descriptors'],
  ['the member has been permanently removed from the cluster', 'removed this member'],
  ['etcdserver: mvcc: database space exceeded', 'quota'],
])('%s is not TLS', (text, says) => {
  const explanation = explain(text);

  expect(explanation?.title).toMatch(/^not TLS: /);
  expect(explanation?.title).toContain(says);
  expect(explanation?.standing).toBe(6);
});

/** Lines of a healthy cluster. */
test.each([
  '{"level":"warn","caller":"embed/serve.go:213","msg":"stopping secure grpc server due to error","error":"accept tcp [::]:2379: use of closed network connection"}',
  '{"level":"error","caller":"embed/etcd.go:912","msg":"setting up serving from embedded etcd failed.","error":"http: Server closed"}',
  'osutil: received terminated signal, shutting down...',
  '{"level":"warn","caller":"etcdserver/v3_server.go:630","msg":"invalid authentication was requested","user":"","error":"auth: authentication failed, invalid user ID or password"}',
  'INFO[0006] Cluster-Http-Server 2022/11/16 13:12:03 http: TLS handshake error from 127.0.0.1:52140: remote error: tls: bad certificate',
  '2026-11-28 13:52:22.798432 W | pkg/flags: unrecognized environment variable ETCD_SERVICE_HOST=10.0.0.1',
  '{"level":"warn","msg":"unrecognized environment variable","environment-variable":"ETCD_PORT_2379_TCP=tcp://10.0.0.1:2379"}',
  '["failed to open directory"] [error="open /home/tidb/deploy/pd-server/member: no such file or directory"]',
])('harmless: %s', (text) => {
  expect(explain(text)).toMatchObject({ cause: 'NOISE', harmless: true });
});

/** Advice about etcd's CA would be wrong here. */
test.each([
  'Get "https://10.96.0.1:443/api/v1/nodes": x509: certificate signed by unknown authority',
  'failed calling webhook "v.example.com": Post "https://hook.ns.svc:443/check": x509: certificate signed by unknown authority',
  'Unable to connect: Get "https://127.0.0.1:6443/healthz": x509: certificate has expired or is not yet valid: current time 2031-11-11T00:40:25Z is after 2022-11-10T00:34:39Z',
])('not etcd: %s', (text) => {
  const explanation = explain(text);

  expect(explanation?.title).toContain('not etcd');
  expect(explanation?.remedy).not.toMatch(/--(?:peer-)?trusted-ca-file|--cacert|--etcd-cafile/);
});

test.each([
  ['auth: permission denied: user=kube key=/registry', 'AUTHZ'],
  [
    '{"level":"warn","caller":"auth/store.go:1018","msg":"permission denied","user":"kube"}',
    'AUTHZ',
  ],
  ['open /etc/etcd/server.key: permission denied', 'FILE'],
  [
    '{"level":"warn","msg":"invalid authentication was requested","user":"app","error":"auth: authentication failed, invalid user ID or password"}',
    'AUTHZ',
  ],
])('%s is %s', (text, cause) => {
  expect(explain(text)?.cause).toBe(cause);
});

/** What follows the host in a line is no part of it. */
test.each([
  ['x509: certificate is valid for 10.0.0.1, not 10.0.0.2: rtt=0s', 'IP:10.0.0.2 '],
  ['x509: certificate is valid for 10.0.0.1, not fd00::', 'IP:fd00:: '],
  [
    'x509: certificate is not valid for any names, but wanted to match etcd-0.test: retrying',
    'DNS:etcd-0.test ',
  ],
])('the fix of %s names %s', (text, name) => {
  expect(explain(text)?.remedy).toContain(name);
});

test('a reset of a plain-text request leaves open whether TLS is expected there', () => {
  const explanation = explain(
    "Failed to get list of machines from http://10.5.0.12:2379/v2: ConnectionResetError(104, 'Connection reset by peer')",
  );

  expect(explanation).toMatchObject({ cause: 'UNKNOWN', confidence: 'open' });
  expect(explanation?.alternatives.map(({ cause }) => cause)).toEqual(
    expect.arrayContaining(['SCHEME', 'NET']),
  );
});

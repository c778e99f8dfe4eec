import { describe, expect, test } from 'vitest';
import { type Explanation, explainSymptom } from '../../src/diagnoses/explain.ts';

type Case = readonly [Explanation['cause'], string];

/** What each program says of the same faults. */
const wordings: readonly Case[] = [
  // OpenSSL, BoringSSL and NSS
  ['NOCERT', 'routines:ssl3_read_bytes; error:14094412:SSL routines'],
  ['CA-SERVER', 'error:0A000418:SSL routines'],
  ['VERSION', 'error:1000042e:SSL routines:OPENSSL_internal'],
  ['VERSION', 'error:1000006b:SSL routines:OPENSSL_internal:BAD_ECC_CERT'],
  ['NOCERT', 'NSS error -12271 (SSL_ERROR_BAD_CERT_ALERT)'],
  ['NOCERT', 'SSL peer cannot verify your certificate.'],
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
  ['SAN', 'java.security.cert.CertificateException: No name matching etcd.lan found'],
  ['CLIENT-LIB', 'java.lang.IllegalStateException: Could not find TLS ALPN provider'],
  ['CLIENT-LIB', 'IllegalArgumentException: ALPN must be enabled and list HTTP/2'],
  // Python, and libraries of gRPC
  ['PEM', 'Could not load any root certificate'],
  ['CLIENT-LIB', 'CERTIFICATE_VERIFY_FAILED although ca_cert and cert_key are given'],
  // Go
  ['SAN', 'could not get cluster response: x509: cannot validate certific'],
  ['VERSION', 'tls: client offered only unsupported versions'],
  ['VERSION', 'fails to start with: unexpected TLS cipher suite'],
  ['CHAIN', 'the intermediate has pathlen 0'],
  ['CHAIN', 'x509: certificate signed by unknown authority, the CA file holds an intermediate'],
  ['CA-SERVER', 'grpc gateway: certificate signed by unknown authority'],
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
  ['SRV', 'couldn\'t find local name "m1" in the initial cluster configuration'],
  ['SRV', 'cannot find local etcd member "m1" in SRV records'],
  ['AUTHZ', 'user not found: there is none for the certificate'],
  ['CLI', 'client: etcd cluster is unavailable or misconfigured'],
  [
    'CA-CLIENT',
    'client: etcd cluster is unavailable or misconfigured; error #0: x509: certificate signed by unknown authority',
  ],
  [
    'SCHEME',
    'client: etcd cluster is unavailable or misconfigured; error #0: malformed HTTP response "\\x15\\x03\\x01"',
  ],
  ['PROXY', 'etcdctl --endpoints=https://m1:2379: cluster is unavailable or misconfigured: EOF'],
  [
    'NOISE',
    'grpc: Server.processUnaryRPC failed to write status: connection error: desc = "transport is closing"',
  ],
  ['NET', 'prober detected unhealthy status'],
  ['NET', 'health check for peer 6d8e could not connect: <nil>'],
  ['NET', 'failed to heartbeat 6d8e on stream Message (write tcp 10.0.0.1:4: write: broken pipe)'],
  ['SAN-PEER', 'cannot get the version of member 6d8e (Get "https://m2:2380/version": EOF)'],
  ['CLI', 'ETCDCTL_CACERT has no effect with etcdctl 3.1.0 (API version: 2)'],
  ['SAN-PEER', 'failed to reach the peer URL: Get "https://m2:2380/version": EOF'],
  [
    'NET',
    '{"level":"warn","caller":"etcdserver/util.go:1","msg":"apply request took too long","error":"context deadline exceeded"}',
  ],
  [
    'CLI',
    '{"level":"warn","logger":"etcd-client","msg":"retrying of unary invoker failed","error":"rpc error: code = DeadlineExceeded desc = context deadline exceeded"}',
  ],
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
  ['CA-CLIENT', 'SSL_connect returned=1 errno=0: certificate verify failed'],
  ['CLIENT-LIB', 'hyper::Error(Connect, InvalidDNSNameError)'],
  ['CLIENT-LIB', 'confd cannot read; curl and etcdctl with the same CA work'],
  ['PROXY', 'it dials the firewall of the site, NO_PROXY has no effect'],
  ['UNKNOWN', 'error "remote error: tls: bad certificate", ServerName ""'],
  [
    'NOCERT',
    'grpc: addrConn.createTransport failed to connect to {https://etcd1.example.com:2379 0  <nil>}. Err: remote error: tls: bad certificate',
  ],
  [
    'EKU',
    'grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379 0  <nil>}. Err: remote error: tls: bad certificate',
  ],
  // What stands around it
  ['SAN-PEER', 'the peer is rejected as not matching any of the DNS names'],
  ['SAN-PEER', 'nslookup of the pod IP gives another name half of the time'],
  ['CA-ROT', 'the cluster does not get ready in a CA rotation'],
  ['CA-ROT', 'the new CA is on disk and etcd was not restarted'],
  ['RELOAD', 'the apiserver loses etcd until the deployment is rolled'],
  ['CLOCK', 'the clock of the new worker shows another zone'],
  ['VERSION', 'etcd 3.4 accepts TLSv1.3 connections, 3.5.5 does not'],
  ['AUTHZ', '--client-cert-allowed-hostname is set and only one client gets in'],
  ['NOCERT-PROBE', 'readinessProbe with httpGet and scheme HTTPS cannot be made to work'],
  [
    'NOCERT-PROBE',
    'etcd-1 Unhealthy  Get https://10.0.0.1:2379/health: remote error: bad certificate',
  ],
  [
    'NOCERT-PROBE',
    'Liveness probe failed: Get "https://m1:2379/livez": remote error: tls: certificate required',
  ],
  ['NOCERT-PROBE', 'the livenessProbe over HTTP fails since clients are authenticated'],
  [
    'EKU',
    'etcd log shows "transport: authentication handshake failed: remote error: tls: bad certificate"',
  ],
  ['NOISE', 'log flooding with rejected connection from "10.0.0.1:4" (error "EOF", ServerName "")'],
  ['NET', 'EOF flood after reboot, rejected connection from "10.0.0.1:4" (error "EOF")'],
  ['RELOAD', 'certificates were renewed, and: x509: certificate has expired'],
  ['EXPIRED', 'the cluster is not healthy exactly 1 year after its creation'],
  ['CLIENT-LIB', 'ServerName of the first server is used for all endpoints: bad certificate'],
  ['CONFIG', 'listening on https, and plain http works'],
  ['CA-MIX', 'join fails after creating a self signed etcd CA certificate'],
  ['SAN', 'the hostnames in the etcd certificate do not include the new address'],
  [
    'SAN-PEER',
    'rejected connection from "10.0.0.1:9" (error "tls: \\"10.0.0.1\\" does not match any of DNSNames [\\"m1\\"]", ServerName "", IPAddresses ["10.0.0.101" "10.0.0.102"], DNSNames ["m1"])',
  ],
];

test.each(wordings)('%s: %s', (cause, text) => {
  expect(explainSymptom(text).cause).toBe(cause);
});

describe('several messages of one incident', () => {
  const rejected =
    'rejected connection from "10.0.0.9:1" (error "remote error: tls: bad certificate")';

  test('are read each from its own side', () => {
    const reason =
      "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs";

    const { cause, refusedBy, line } = explainSymptom(`${rejected} ; dial: ${reason}`);

    expect({ cause, refusedBy }).toEqual({ cause: 'SAN', refusedBy: 'dialling' });
    expect(line.text).toContain('any IP SANs');
  });

  test('share what stands around the failure', () => {
    const { cause } = explainSymptom('we renewed all certificates\nx509: certificate has expired');

    expect(cause).toBe('RELOAD');
  });

  test('count an argument once, however often it is said', () => {
    const once = explainSymptom('connection refused').alternatives;

    expect(explainSymptom('connection refused ; connection refused').alternatives).toEqual(once);
  });
});

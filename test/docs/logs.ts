/** Logs as etcd 3.5 and Patroni wrote them, by the names that the pages use. */
const time = (second: number): string => `2026-11-24T01:42:0${second}.412210Z`;

const line = (second: number, fields: Readonly<Record<string, string>>): string =>
  `${JSON.stringify({ level: 'warn', ts: time(second), ...fields })}\n`;

const rejected = (second: number, remote: string, error: string): string =>
  line(second, {
    caller: 'embed/config_logging.go:170',
    msg: 'rejected connection',
    'remote-addr': remote,
    'server-name': '',
    error,
  });

const unhealthy = (second: number): string =>
  line(second, {
    caller: 'rafthttp/probing_status.go:68',
    msg: 'prober detected unhealthy status',
    'round-tripper-name': 'ROUND_TRIPPER_SNAPSHOT',
    'remote-peer-id': '2a6277f8728ef760',
    rtt: '0s',
    error: 'x509: certificate is valid for 10.104.100.239, 127.0.0.1, not 10.104.100.240',
  });

export const logs: Readonly<Record<string, string>> = {
  'etcd.log': [
    unhealthy(1),
    unhealthy(2),
    rejected(3, '10.104.100.245:41000', 'remote error: tls: bad certificate'),
    rejected(4, '10.104.100.245:41010', 'remote error: tls: bad certificate'),
    rejected(5, '10.104.100.9:50312', 'EOF'),
  ].join(''),
  'patroni.log':
    '2026-11-24 01:42:03,412 ERROR: Failed to get list of machines from https://10.1.0.5:2379/v3: ' +
    "MaxRetryError('HTTPSConnectionPool(host=\\'10.1.0.5\\', port=2379): Max retries exceeded with url: /v3/cluster/member/list " +
    '(Caused by SSLError(SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ' +
    "IP address mismatch, certificate is not valid for '10.1.0.5'. (_ssl.c:992)\")))')\n",
  'alert.log': rejected(3, '10.104.100.239:41000', 'remote error: tls: bad certificate'),
  'no-certificate.log': rejected(
    3,
    '10.104.100.9:50312',
    "tls: client didn't provide a certificate",
  ),
  'plain.log': rejected(
    3,
    '10.104.100.9:50312',
    'tls: first record does not look like a TLS handshake',
  ),
  'probe.log': [
    rejected(3, '10.104.100.9:50312', 'EOF'),
    rejected(5, '10.104.100.9:50320', 'EOF'),
  ].join(''),
};

import { expect, test } from 'vitest';
import { parseLogLine } from '../../src/diagnoses/log-line.ts';

test('reads the rejections of etcd 3.4 as capnslog writes them', () => {
  const line = parseLogLine(
    '2026-11-23 21:15:41.123456 I | embed: rejected connection from "10.0.0.9:40170" (error "x509: certificate is valid for 10.0.0.1, not 10.0.0.9", ServerName "", IPAddresses ["10.0.0.1" "127.0.0.1"], DNSNames ["m1" "m1.lan"])',
  );

  expect(line).toMatchObject({
    writtenBy: 'etcd',
    role: 'accepting',
    level: 'I',
    time: '2026-11-23 21:15:41.123456',
    remoteAddress: '10.0.0.9',
    serverName: '',
    shownIpAddresses: ['10.0.0.1', '127.0.0.1'],
    shownDnsNames: ['m1', 'm1.lan'],
  });
});

test('reads the rejections of etcd 3.5 and later, which name the port', () => {
  const line = parseLogLine(
    '{"level":"warn","ts":"2026-11-23T21:15:41.1Z","caller":"embed/config_logging.go:194","msg":"rejected connection on peer endpoint","remote-addr":"[fd00::2]:51234","server-name":"m1","ip-addresses":["fd00::1"],"dns-names":[],"error":"tls: \\"fd00::2\\" does not match any of DNSNames [\\"m2\\"]"}',
  );

  expect(line).toMatchObject({
    writtenBy: 'etcd',
    role: 'accepting',
    port: 'peer',
    level: 'warn',
    remoteAddress: 'fd00::2',
    serverName: 'm1',
    shownIpAddresses: ['fd00::1'],
    text: 'rejected connection on peer endpoint: tls: "fd00::2" does not match any of DNSNames ["m2"]',
  });
});

test.each([
  'Nov 23 21:15:41 node1 etcd[812]: ',
  'etcd1  | ',
  '2026-11-23T21:15:41.123456789Z stderr F ',
])('looks past the prefix %j', (prefix) => {
  const line = parseLogLine(
    `${prefix}{"level":"warn","ts":"t","msg":"rejected connection on client endpoint","remote-addr":"10.0.0.2:1","error":"EOF"}`,
  );

  expect(line).toMatchObject({ role: 'accepting', port: 'client', remoteAddress: '10.0.0.2' });
});

test.each([
  ['{"level":"warn","msg":"prober detected unhealthy status","error":"EOF"}', 'dialling'],
  [
    '2026-11-23 21:15:41.1 W | rafthttp: health check for peer 6d8e could not connect: EOF',
    'dialling',
  ],
])('knows that etcd dialled in %s', (raw, role) => {
  expect(parseLogLine(raw)).toMatchObject({ role, port: 'peer', writtenBy: 'etcd' });
});

test.each([
  ['curl: (35) error:0A000412:SSL routines::sslv3 alert bad certificate', 'curl'],
  ['requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED]', 'python'],
  ['javax.net.ssl.SSLHandshakeException: PKIX path building failed', 'java'],
  ['Error: unable to verify the first certificate UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'node'],
  ['transport: authentication handshake failed: EOF', 'go'],
])('recognises the program behind %j', (raw, writtenBy) => {
  expect(parseLogLine(raw).writtenBy).toBe(writtenBy);
});

test('takes a line that only looks like JSON as text', () => {
  expect(parseLogLine('{"msg": broken').text).toBe('{"msg": broken');
});

test.each([
  '[2026/11/23 21:15:41.123 +00:00] [WARN] [config_logging.go:287] ["rejected connection"] [remote-addr=10.0.0.9:4] [server-name=] [error="tls: \\"x\\" is \\"y\\""]',
  '{"log":"rejected connection from \\"10.0.0.9:4\\" (error \\"EOF\\", ServerName \\"\\")","severity":"INFO","source":"embed"}',
  '2026/11/23 21:15:41 http: TLS handshake error from 10.0.0.9:4: EOF',
])('knows the other side in %s', (raw) => {
  expect(parseLogLine(raw)).toMatchObject({ role: 'accepting', remoteAddress: '10.0.0.9' });
});

test('reads the error of a bracketed line without its escapes', () => {
  const raw = '[WARN] [config.go:1] ["rejected connection"] [error="tls: \\"x\\" is \\"y\\""]';

  expect(parseLogLine(raw).text).toBe('rejected connection: tls: "x" is "y"');
});

test('an IPv6 address keeps its last group', () => {
  const line = parseLogLine('{"msg":"rejected connection","remote-addr":"fd00::2"}');

  expect(line.remoteAddress).toBe('fd00::2');
});

const ofEtcd =
  '{"level":"warn","ts":"2026-11-23T21:15:41.1Z","caller":"embed/config_logging.go:194","msg":"rejected connection on peer endpoint","remote-addr":"10.0.0.2:51234","server-name":"","error":"EOF"}';

test.each([
  [
    'message',
    JSON.stringify({ '@timestamp': '2026-11-23T21:15:42Z', message: ofEtcd, host: 'n1' }),
  ],
  ['line', JSON.stringify({ line: `${ofEtcd}\n`, labels: { pod: 'etcd-n1' } })],
  ['textPayload', JSON.stringify({ textPayload: ofEtcd, resource: { type: 'k8s_container' } })],
  ['jsonPayload', `{"jsonPayload":${ofEtcd},"severity":"WARNING"}`],
])('a line that a shipper put into %s is the same line', (_, line) => {
  expect(parseLogLine(line)).toEqual(parseLogLine(ofEtcd));
});

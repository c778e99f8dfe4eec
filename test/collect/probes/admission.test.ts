import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { beforeAll, expect, test } from 'vitest';
import { observeAdmission } from '../../../src/collect/probes/admission.ts';
import { nothing } from '../../../src/collect/probes/credentials.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import type { Seen, Admission } from '../../../src/model/live.ts';
import { closedPort, deadlineOf, startServer, startTlsServer } from '../support/servers.ts';
import { endpoint } from '../support/start-etcd.ts';

let authority: Issued;
let identity: Issued;

beforeAll(async () => {
  const issuer = await issueAuthority({ commonName: 'etcd-ca' });
  authority = issuer;
  identity = await issuer.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
});

test.each(['1.2', '1.3'] as const)('an answer over TLS %s is admission', async (version) => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key });

  const admission = await admit(server.port, { version });

  expect(admission).toMatchObject({
    presented: 'nothing',
    tlsVersion: version,
    outcome: 'admitted',
    httpStatus: 200,
    localAddress: '127.0.0.1',
  });
});

test.each([
  { version: '1.2', asks: true, expected: { outcome: 'refused', alert: 40 } },
  // Without a request for certificates alert 40 can only mean that nothing else was shared.
  { version: '1.2', asks: false, expected: { outcome: 'unclear', alert: 40 } },
  { version: '1.3', asks: true, expected: { outcome: 'refused', alert: 116 } },
] as const)(
  'alert $expected.alert over TLS $version, asked for a certificate: $asks',
  async ({ version, asks, expected }) => {
    await using server = await startTlsServer({
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      ca: authority.certificatePem,
      requestCert: true,
      rejectUnauthorized: true,
    });

    expect(await admit(server.port, { version, asks })).toMatchObject(expected);
  },
);

test('a version that is not spoken is no refusal', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key, minVersion: 'TLSv1.3' });

  expect(await admit(server.port, { version: '1.2' })).toMatchObject({
    outcome: 'unclear',
    code: 'ALERT_70',
  });
});

test('an end after the handshake is told apart from a refusal', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer', (socket) => socket.end());

  expect(await admit(server.port, { serves: 'peer' })).toMatchObject({ outcome: 'closed' });
});

test('silence after the handshake is unclear', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer', () => undefined);

  expect(await admit(server.port, { serves: 'peer', timeout: 300 })).toMatchObject({
    outcome: 'unclear',
    code: 'TIMEOUT',
  });
});

test('an answer that is no HTTP is unclear', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer', (socket) =>
    socket.write('220 mail.example ESMTP\r\n'),
  );

  expect(await admit(server.port, { serves: 'peer' })).toMatchObject({
    outcome: 'unclear',
    code: 'NOT_HTTP',
  });
});

test('a gateway that cannot reach what is behind it proves nothing', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer', (socket) =>
    socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
  );

  expect(await admit(server.port, { serves: 'peer' })).toMatchObject({
    outcome: 'unclear',
    httpStatus: 502,
  });
});

test.each([
  { status: 200, body: '<html>welcome</html>', outcome: 'unclear' },
  { status: 404, body: '404 page not found\n', outcome: 'unclear' },
  { status: 400, body: '<h1>400 No required SSL certificate was sent</h1>', outcome: 'refused' },
  { status: 400, body: '<h1>400 The SSL certificate error</h1>', outcome: 'refused' },
] as const)('HTTP $status with $body is not etcd: $outcome', async ({ status, body, outcome }) => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  const head = `HTTP/1.1 ${status} x\r\nServer: nginx\r\nContent-Length: ${body.length}\r\n\r\n`;
  await using server = await startTlsServer({ cert, key }, 'client', (socket) =>
    socket.once('data', () => socket.end(`${head}${body}`)),
  );

  expect(await admit(server.port, {})).toMatchObject({
    outcome,
    code: `HTTP_${status}`,
    via: 'nginx',
  });
});

test('an HTTP/2 server that is not etcd has neither admitted nor refused', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  const server = createSecureServer({ cert, key, allowHTTP1: false });
  server.on('sessionError', () => undefined).on('unknownProtocol', (socket) => socket.destroy());
  server.on('stream', (stream) => {
    stream.respond({ ':status': 404 });
    stream.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();

  const admission = await admit(typeof bound === 'object' && bound !== null ? bound.port : 0, {});
  server.close();

  expect(admission).toMatchObject({ outcome: 'unclear' });
});

test('a port that is no TLS is unclear, a closed one unreachable', async () => {
  await using plain = await startServer((socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n'));

  expect(await admit(plain.port, {})).toMatchObject({ outcome: 'unclear' });
  expect(await admit((await closedPort()).port, {})).toMatchObject({
    outcome: 'unreachable',
    code: 'ECONNREFUSED',
  });
});

test.each([
  { group: 'P-384', outcome: 'admitted' },
  // Of OpenSSL's own list, and of no Go release.
  { group: 'X448', outcome: 'unclear' },
])('key shares are those that Go has: $group is $outcome', async ({ group, outcome }) => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using tls = await startTlsServer({ cert, key, ecdhCurve: group });

  expect(await admit(tls.port, { asks: false })).toMatchObject({ outcome });
});

interface Settings {
  readonly version?: '1.2' | '1.3';
  readonly asks?: boolean;
  readonly serves?: 'client' | 'peer';
  readonly timeout?: number;
}

async function admit(
  port: number,
  { version = '1.3', asks = true, serves = 'client', timeout = 20_000 }: Settings,
): Promise<Seen<Admission>> {
  using deadline = deadlineOf(timeout);
  const { admission } = await observeAdmission(
    {
      endpoint: endpoint(`https://127.0.0.1:${port}`, serves),
      address: { address: '127.0.0.1', port },
      credential: nothing,
      version,
      asksForCertificate: asks,
    },
    deadline,
  );
  return admission;
}

import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDeadline } from '../../../src/collect/probes/deadline.ts';
import { watchLag } from '../../../src/collect/probes/lag.ts';
import { observeSurfaces } from '../../../src/collect/probes/surface.ts';
import { type Authority, issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import { block } from '../support/block.ts';
import { closedPort, deadlineOf, says, startServer, startTlsServer } from '../support/servers.ts';

let authority: Authority;
let identity: Issued;

beforeAll(async () => {
  authority = await issueAuthority({ commonName: 'etcd-ca', organization: 'lab' });
  identity = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
});

describe('a TLS server', () => {
  test.each([
    {
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384',
      cipherSuite: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    },
    { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' },
    { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' },
    { minVersion: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
    { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', ecdhCurve: 'P-256' },
    { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256', ecdhCurve: 'P-521' },
  ] as const)('is read over $ciphers $ecdhCurve', async (settings) => {
    const {
      ciphers,
      cipherSuite = ciphers,
      ...versions
    } = {
      cipherSuite: undefined,
      ...settings,
    };
    await using server = await startTlsServer({
      ...versions,
      ciphers,
      cert: identity.certificatePem + authority.certificatePem,
      key: identity.privateKeyPem,
      ca: authority.certificatePem,
      requestCert: true,
      ALPNProtocols: ['h2'],
    });
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.speaks).toBe('tls');
    expect(observation.flight).toMatchObject({
      tlsVersion: 'minVersion' in versions ? '1.3' : '1.2',
      cipherSuite,
      alpn: 'h2',
      clientCertificateRequested: true,
      chain: [{ subject: { commonName: 'm1' } }, { subject: { commonName: 'etcd-ca' } }],
      acceptableCas: [{ text: 'CN=etcd-ca,O=lab' }],
    });
    expect(observation.flight?.signatureAlgorithms).toContain(0x0403);
  });

  test('that asks for no certificate is seen not to', async () => {
    const { certificatePem: cert, privateKeyPem: key } = identity;
    await using server = await startTlsServer({ cert, key });
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.flight).toMatchObject({
      clientCertificateRequested: false,
      acceptableCas: [],
      extendedMasterSecret: true,
      group: 'x25519',
    });
  });

  test('shows its handshake message by message', async () => {
    const { certificatePem: cert, privateKeyPem: key } = identity;
    await using server = await startTlsServer({ cert, key, maxVersion: 'TLSv1.2' });
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.messages?.map(({ from, name }) => `${from} ${name}`)).toEqual([
      'client ClientHello',
      'server ServerHello',
      'server Certificate',
      'server ServerKeyExchange',
      'server ServerHelloDone',
    ]);
    expect(observation.stages.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'resolve ok',
      'connect ok',
      'first-bytes ok',
      'tls ok',
    ]);
  });

  test('that refuses both versions is known by its alert', async () => {
    await using server = await startServer((socket) => {
      socket.once('data', () => socket.end(Buffer.from([21, 3, 1, 0, 2, 2, 40])));
    });
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation).toMatchObject({ speaks: 'tls-alert', alert: 40 });
    expect(observation.stages.at(-1)).toMatchObject({ name: 'tls', code: 'ALERT_40' });
    expect(server.connections()).toBe(2);
  });
});

describe('what is no TLS is recognised', () => {
  test.each([
    { name: 'HTTP/1', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n', speaks: 'http1' },
    { name: 'SSH', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', speaks: 'ssh' },
    {
      name: 'HTTP/2',
      bytes: Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]),
      speaks: 'http2',
    },
    { name: 'something else', bytes: 'ERROR \u001b[31mwhat?\n', speaks: 'unknown' },
  ])('$name', async ({ bytes, speaks }) => {
    await using server = await startServer(says(bytes));
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation).toMatchObject({ speaks });
    expect(observation.sample).toMatch(/^[\x20-\x7e]+$/);
  });

  test('a sample of it cannot move a terminal', async () => {
    await using server = await startServer(says('\u001b]0;owned\u0007 and so on\n'));
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.sample).toBe('\\x1b]0;owned\\x07 and so on\\x0a');
  });

  test('silence, after the time given and no longer', async () => {
    await using server = await startServer(() => undefined);
    using deadline = deadlineOf(200);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.speaks).toBe('silence');
    expect(observation.stages).toMatchObject([
      { name: 'resolve', outcome: 'ok' },
      { name: 'connect', outcome: 'ok' },
      { name: 'first-bytes', outcome: 'failed', code: 'TIMEOUT' },
      { name: 'tls', outcome: 'not-reached' },
    ]);
  });

  test('half a flight and then silence', async () => {
    await using server = await startServer(says(Buffer.from([22, 3, 3, 1, 0, 2, 0, 0, 70])));
    using deadline = deadlineOf(200);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.speaks).toBe('tls');
    expect(observation.stages.at(-1)).toMatchObject({ name: 'tls', code: 'TIMEOUT' });
  });

  test('an end without a word', async () => {
    await using server = await startServer((socket) => socket.once('data', () => socket.end()));
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.speaks).toBe('closed');
  });

  test('a reset', async () => {
    await using server = await startServer((socket) =>
      socket.once('data', () => socket.resetAndDestroy()),
    );
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.speaks).toBe('reset');
    expect(observation.stages.at(-2)).toMatchObject({ name: 'first-bytes', code: 'ECONNRESET' });
  });

  test('a port on which nothing listens', async () => {
    const endpoint = await closedPort();
    using deadline = deadlineOf(5000);

    const [{ observation, address }] = await observeSurfaces(endpoint, deadline);

    expect(address).toBeUndefined();
    expect(observation.speaks).toBe('unreachable');
    expect(observation.stages[1]).toMatchObject({ name: 'connect', code: 'ECONNREFUSED' });
  });

  test('a name that no server knows', async () => {
    const endpoint = { ...(await closedPort()), host: 'nobody.invalid' };
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(endpoint, deadline);

    expect(observation.speaks).toBe('unreachable');
    expect(observation.stages).toMatchObject([{ name: 'resolve', outcome: 'failed' }]);
  });
});

describe('where it is dialled', () => {
  test('a name is sent as SNI, and every address of it is known', async () => {
    const names: string[] = [];
    const { certificatePem: cert, privateKeyPem: key } = identity;
    await using server = await startTlsServer({
      cert,
      key,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    using deadline = deadlineOf(5000);

    const [{ observation }] = await observeSurfaces(
      { ...server.endpoint, host: 'localhost' },
      deadline,
    );

    expect(names).toEqual(['localhost']);
    expect(observation).toMatchObject({ speaks: 'tls', dialled: '127.0.0.1' });
    expect(observation.addresses).toContain('127.0.0.1');
  });

  test('IPv6', async () => {
    const { certificatePem: cert, privateKeyPem: key } = identity;
    await using server = await startTlsServer({ cert, key }, 'client', undefined, '::1');
    using deadline = deadlineOf(5000);

    const [{ observation, address }] = await observeSurfaces(server.endpoint, deadline);

    expect(server.endpoint.url).toMatch(/^https:\/\/\[::1\]:/);
    expect(observation.speaks).toBe('tls');
    expect(address?.address).toBe('::1');
  });
});

/** What is seen of a server that stays silent, by a process that was busy before, and does something meanwhile. */
async function lookedAt(during: () => void) {
  await using silent = await startServer(() => {});
  const lag = watchLag();
  await pause(50);
  block(500);
  await pause(50);
  const looking = observeSurfaces(silent.endpoint, createDeadline(300, undefined, lag));
  await pause(50);
  during();
  const [{ observation }] = await looking;
  lag.release();
  return observation;
}

describe('a server that stays silent', () => {
  test('is no matter of this process, however busy it was before', async () => {
    const { stages, lagMilliseconds } = await lookedAt(() => {});

    expect(stages.at(1)).toMatchObject({ name: 'connect', outcome: 'ok' });
    expect(stages.at(2)).toMatchObject({ name: 'first-bytes', code: 'TIMEOUT' });
    expect(lagMilliseconds).toBeUndefined();
  });

  test('is waited for longer where this process was too busy meanwhile', async () => {
    const { stages, lagMilliseconds = 0 } = await lookedAt(() => block(600));
    const { milliseconds = 0 } = stages.at(2) ?? {};

    expect(lagMilliseconds).toBeGreaterThan(400);
    // Its own 300 ms are left to the server.
    expect(milliseconds - lagMilliseconds).toBeGreaterThan(250);
  });
});

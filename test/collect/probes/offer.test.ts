import { beforeAll, expect, test } from 'vitest';
import { createLanes } from '../../../src/collect/probes/gate.ts';
import { observeOffer } from '../../../src/collect/probes/offer.ts';
import { observeSurfaces } from '../../../src/collect/probes/surface.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import type { Seen, TlsOffer } from '../../../src/model/live.ts';
import { deadlineOf, startServer, startTlsServer, type TestServer } from '../support/servers.ts';

let elliptic: Issued;
let rsa: Issued;

beforeAll(async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  elliptic = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
  rsa = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'], key: 'rsa-2048' });
});

test('finds exactly the suites, groups and protocols that a server was set to', async () => {
  await using server = await startTlsServer({
    cert: rsa.certificatePem,
    key: rsa.privateKeyPem,
    ciphers:
      'TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA:AES128-GCM-SHA256',
    honorCipherOrder: true,
    ecdhCurve: 'P-384:X25519',
    ALPNProtocols: ['http/1.1'],
  });

  const offer = await offerOf(server);

  expect(offer).toMatchObject({
    versions: ['1.2', '1.3'],
    cipherSuites: [
      { tlsVersion: '1.3', name: 'TLS_AES_128_GCM_SHA256' },
      { tlsVersion: '1.2', name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
      { tlsVersion: '1.2', name: 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA' },
      { tlsVersion: '1.2', name: 'TLS_RSA_WITH_AES_128_GCM_SHA256' },
    ],
    alpn: ['http/1.1'],
    resumption: { ticket12: true },
  });
  expect(offer.groups.toSorted()).toEqual(['secp384r1', 'x25519']);
  expect(offer.signatureAlgorithms).toContain('rsa_pss_rsae_sha256');
  expect(offer.signatureAlgorithms).not.toContain('ecdsa_secp256r1_sha256');
  expect(offer.incomplete).toBeUndefined();
  expect(offer.connections).toBe(server.connections() - 1);
});

test('a server of TLS 1.3 alone is asked in TLS 1.3', async () => {
  await using server = await startTlsServer({
    cert: elliptic.certificatePem,
    key: elliptic.privateKeyPem,
    minVersion: 'TLSv1.3',
    ecdhCurve: 'X25519',
    ALPNProtocols: ['h2'],
  });

  const offer = await offerOf(server);

  expect(offer).toMatchObject({
    versions: ['1.3'],
    groups: ['x25519'],
    signatureAlgorithms: ['ecdsa_secp256r1_sha256'],
    alpn: ['h2'],
    resumption: {},
  });
  expect(new Set(offer.cipherSuites.map(({ tlsVersion }) => tlsVersion))).toEqual(new Set(['1.3']));
});

test('old versions are found where they are still spoken', async () => {
  await using server = await startTlsServer({
    cert: rsa.certificatePem,
    key: rsa.privateKeyPem,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    sessionTimeout: 1,
    secureOptions: noTicket,
  });

  const offer = await offerOf(server);

  expect(offer).toMatchObject({
    versions: ['1.0', '1.1', '1.2'],
    resumption: { ticket12: false },
  });
  expect(offer.groups).toContain('secp256r1');
});

test('a server that goes away in the middle leaves the list incomplete, and says so', async () => {
  await using tls = await startTlsServer({
    cert: elliptic.certificatePem,
    key: elliptic.privateKeyPem,
  });
  await using gone = await startServer((socket) =>
    socket.once('data', () => socket.resetAndDestroy()),
  );
  using deadline = deadlineOf(20_000);
  const [{ observation }] = await observeSurfaces(tls.endpoint, deadline);
  const { flight } = observation;
  const address = { address: '127.0.0.1', port: gone.port };
  if (flight === undefined) throw new Error('no flight was read');

  const request = { endpoint: gone.endpoint, address, flight, lanes: createLanes(2) };
  const offer = await observeOffer(request, deadline);

  expect(offer).toMatchObject({ incomplete: 'ECONNRESET', cipherSuites: [], groups: [] });
  expect(offer.connections).toBeLessThan(16);
});

// SSL_OP_NO_TICKET of OpenSSL.
const noTicket = 0x4000;

async function offerOf(server: TestServer): Promise<Seen<TlsOffer>> {
  using deadline = deadlineOf(20_000);
  const [{ observation, address }] = await observeSurfaces(server.endpoint, deadline);
  const { flight } = observation;
  if (flight === undefined || address === undefined) throw new Error('no flight was read');
  const { endpoint } = server;
  return await observeOffer({ endpoint, address, flight, lanes: createLanes(4) }, deadline);
}

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { expect, test } from 'vitest';
import { nothing } from '../../../src/collect/probes/credentials.ts';
import { openChannel } from '../../../src/collect/rpc/channel.ts';
import { readMemberListResponse } from '../../../src/collect/rpc/messages.ts';
import { issueAuthority } from '../../../testcluster/issue/issue.ts';
import { deadlineOf } from '../support/servers.ts';

test('one connection gives every answer, and what it showed itself', async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const identity = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
  const server = createSecureServer({ cert: identity.certificatePem, key: identity.privateKeyPem });
  let connections = 0;
  let authorities: readonly string[] = [];
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('stream', (stream, headers) => {
    authorities = [...authorities, headers[':authority'] ?? ''];
    stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.alloc(5));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  using deadline = deadlineOf(20_000);
  using channel = openChannel(
    {
      address: { address: '127.0.0.1', port },
      host: 'etcd.example',
      tls: { context: nothing.context('any'), host: 'etcd.example' },
    },
    deadline,
  );

  expect(channel.evidence()).toBeUndefined();
  const calls = [1, 2, 3].map(async () => await channel.call('/a.B/C', readMemberListResponse));
  const answers = await Promise.all(calls);
  server.close();

  expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  expect(connections).toBe(1);
  expect(new Set(authorities)).toEqual(new Set([`etcd.example:${port}`]));
  const { fingerprint256 } = new X509Certificate(identity.certificatePem);
  expect(channel.evidence()).toEqual({
    tlsVersion: '1.3',
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    leafSha256: fingerprint256.replaceAll(':', '').toLowerCase(),
    alpn: 'h2',
    localAddress: '127.0.0.1',
  });
});

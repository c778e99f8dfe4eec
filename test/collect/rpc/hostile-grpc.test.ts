import { once } from 'node:events';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { beforeAll, expect, test } from 'vitest';
import { nothing } from '../../../src/collect/probes/credentials.ts';
import { observeCluster } from '../../../src/collect/rpc/cluster-calls.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import type { Seen, MemberListObservation } from '../../../src/model/live.ts';
import { bytesField } from '../support/protobuf.ts';
import { deadlineOf } from '../support/servers.ts';
import { endpoint } from '../support/start-etcd.ts';

let identity: Issued;

beforeAll(async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  identity = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
});

test('a member list of 10,000 members with control characters is counted and cut', async () => {
  const member = bytesField(2, bytesField(2, '\u001b]0;owned\u0007'));
  const list = Buffer.concat(Array.from({ length: 10_000 }, () => member));

  const observed = await askServer((stream) => answer(stream, frame(list)));

  expect(observed).toMatchObject({ outcome: 'answered', listed: 10_000 });
  expect(observed.members).toHaveLength(1000);
});

test.each([
  {
    name: 'garbage for a message',
    code: 'NOT_PROTOBUF',
    serve: (stream: ServerHttp2Stream) => answer(stream, frame(Buffer.alloc(64, 0xff))),
  },
  {
    name: 'a message of 2 GB',
    code: 'RESOURCE_EXHAUSTED',
    serve: (stream: ServerHttp2Stream) => answer(stream, Buffer.from([0, 0x7f, 0xff, 0xff, 0xff])),
  },
  {
    name: 'nothing at all after the headers',
    code: 'DEADLINE_EXCEEDED',
    serve: (stream: ServerHttp2Stream) => stream.respond({ ':status': 200 }),
  },
  {
    // Its first five bytes are taken for the length of a message.
    name: 'a web page',
    code: 'RESOURCE_EXHAUSTED',
    serve: (stream: ServerHttp2Stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end('<html>');
    },
  },
  {
    name: 'a status with a message that writes to terminals',
    code: 'PERMISSION_DENIED',
    serve: (stream: ServerHttp2Stream) => {
      const headers = { 'grpc-status': '7', 'grpc-message': '%1b[2J'.repeat(500) };
      const answered = { ':status': 200, 'content-type': 'application/grpc', ...headers };
      stream.respond(answered, { endStream: true });
    },
  },
  {
    name: 'a reset',
    code: 'UNAVAILABLE',
    serve: (stream: ServerHttp2Stream) => stream.close(7),
  },
])('$name is told by its code', async ({ code, serve }) => {
  const observed = await askServer(serve);

  expect(observed.outcome).toBe('failed');
  expect([code, 'TIMEOUT']).toContain(observed.code);
  expect((observed.detail ?? '').length).toBeLessThanOrEqual(256);
});

async function askServer(
  serve: (stream: ServerHttp2Stream) => void,
): Promise<Seen<MemberListObservation>> {
  const server = createSecureServer({ cert: identity.certificatePem, key: identity.privateKeyPem });
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    serve(stream);
  });
  server.on('sessionError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  using deadline = deadlineOf(1500);

  const { memberList } = await observeCluster(
    endpoint(`https://127.0.0.1:${port}`, 'client'),
    {
      address: { address: '127.0.0.1', port },
      host: '127.0.0.1',
      tls: { context: nothing.context('any'), host: '127.0.0.1' },
    },
    deadline,
  );
  server.close();
  return memberList;
}

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function answer(stream: ServerHttp2Stream, body: Buffer): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(body);
}

import { describe, expect, test } from 'vitest';
import { observePages } from '../../../src/collect/probes/pages.ts';
import { observeSurfaces } from '../../../src/collect/probes/surface.ts';
import {
  uint8,
  uint16,
  uint24,
  vector16,
  vector24,
  vector8,
} from '../../../src/collect/wire/bytes.ts';
import { deadlineOf, floods, says, startServer } from '../support/servers.ts';

describe('a server that breaks the rules of TLS is left at once', () => {
  test.each([
    { violation: 'RECORD_TOO_LONG', bytes: Buffer.from([22, 3, 3, 0xff, 0xff, 2]) },
    { violation: 'RECORD_EMPTY', bytes: Buffer.from([22, 3, 3, 0, 0, 22, 3, 3, 0, 0]) },
    { violation: 'RECORD_TYPE_UNKNOWN', bytes: afterHello(Buffer.from([99, 3, 3, 0, 1, 0])) },
    { violation: 'MESSAGE_TOO_LONG', bytes: record(Buffer.from([2, 0xff, 0xff, 0xff, 0])) },
    { violation: 'MESSAGE_UNEXPECTED', bytes: record(message(11, Buffer.alloc(3))) },
    { violation: 'MESSAGE_UNEXPECTED', bytes: afterHello(record(serverHello())) },
    { violation: 'SHORT_VECTOR', bytes: afterHello(record(message(11, uint24(9000)))) },
    {
      violation: 'EXTENSION_TWICE',
      bytes: record(serverHello({ extensions: [23, 16, 23].map((type) => extension(type)) })),
    },
    {
      violation: 'SHORT_VECTOR',
      bytes: record(serverHello({ extensions: [extension(16, vector16(uint8(200)))] })),
    },
    { violation: 'VERSION_NOT_OFFERED', bytes: tls13(Buffer.alloc(64, 7)) },
    { violation: 'SUITE_NOT_OFFERED', bytes: record(serverHello({ suite: 0x1301 })) },
  ])('$violation', async ({ violation, bytes }) => {
    await using server = await startServer((socket) => {
      let first = true;
      socket.on('data', () => {
        if (first) socket.write(bytes);
        first = false;
      });
    });
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation).toMatchObject({ speaks: 'tls', violation });
    expect(observation.stages.at(-1)).toMatchObject({ name: 'tls', code: 'VIOLATION' });
  });

  test.each([
    { violation: 'RECORD_UNREADABLE', bytes: tls13(Buffer.alloc(64, 7)) },
    { violation: 'RECORD_UNREADABLE', bytes: tls13(Buffer.alloc(3)) },
    { violation: 'GROUP_NOT_OFFERED', bytes: tls13(Buffer.alloc(64, 7), 0x1e) },
    { violation: 'RECORD_UNREADABLE', bytes: tls13(Buffer.alloc(64, 7), 0x17) },
  ])('$violation in TLS 1.3', async ({ violation, bytes }) => {
    const alert70 = Buffer.from([21, 3, 3, 0, 2, 2, 70]);
    let connections = 0;
    await using server = await startServer((socket) => {
      connections += 1;
      const answer = connections === 1 ? alert70 : bytes;
      socket.once('data', () => socket.write(answer));
    });
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation).toMatchObject({ speaks: 'tls', violation });
  });

  test.each([
    { name: 'records without end', bytes: record(Buffer.alloc(16_000, 0)) },
    { name: 'changes of cipher without end', bytes: Buffer.from([20, 3, 3, 0, 1, 1]) },
    { name: 'warnings without end', bytes: Buffer.from([21, 3, 3, 0, 2, 1, 112]) },
    { name: 'small messages without end', bytes: record(message(22, Buffer.alloc(1))) },
    { name: 'a certificate list of 10 MB', bytes: certificates(1000, 10_000) },
  ])('$name', async ({ bytes }) => {
    await using server = await startServer((socket) => {
      socket.write(record(serverHello()));
      floods(bytes)(socket);
    });
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.violation).toMatch(/^(TOO_MANY_|MESSAGE_TOO_LONG)/);
  });

  test('a chain of 100 certificates is counted and cut', async () => {
    await using server = await startServer(
      says(
        Buffer.concat([
          record(serverHello()),
          certificates(100, 1000),
          record(message(14, Buffer.alloc(0))),
        ]),
      ),
    );
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.flight).toMatchObject({ sentCertificates: 100, chain: [] });
    expect(observation.flight?.malformed).toHaveLength(16);
  });

  test('a warning on the way is noted, and the flight read on', async () => {
    const warning = Buffer.from([21, 3, 3, 0, 2, 1, 112]);
    const flight = [record(serverHello()), record(message(14, Buffer.alloc(0)))];
    await using server = await startServer(says(Buffer.concat([warning, ...flight])));
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation).toMatchObject({
      speaks: 'tls',
      flight: { cipherSuite: 'TLS_RSA_WITH_AES_128_GCM_SHA256' },
    });
    expect(observation.messages?.[1]).toMatchObject({ from: 'server', name: 'Alert 112' });
  });

  test('a flight that drips in byte by byte is read all the same', async () => {
    const flight = Buffer.concat([
      record(serverHello()),
      certificates(1, 20),
      record(message(14, Buffer.alloc(0))),
    ]);
    await using server = await startServer((socket) => {
      let sent = 0;
      const drip = (): void => {
        if (sent >= flight.length || socket.destroyed) return;
        socket.write(flight.subarray(sent, sent + 1), () => setImmediate(drip));
        sent += 1;
      };
      socket.setNoDelay(true).once('data', drip);
    });
    using deadline = deadlineOf(20_000);

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    expect(observation.flight).toMatchObject({ cipherSuite: 'TLS_RSA_WITH_AES_128_GCM_SHA256' });
  });
});

describe('a server that breaks the rules of HTTP is left at once', () => {
  test.each([
    { code: 'HEADERS_TOO_LONG', bytes: Buffer.from(`X: ${'y'.repeat(1000)}\r\n`), head: true },
    { code: 'BODY_TOO_LONG', bytes: Buffer.alloc(65_536, 'z'), head: true, end: true },
    { code: 'NOT_HTTP', bytes: Buffer.from('hello? '), head: false },
  ])('$code', async ({ code, bytes, head, end = false }) => {
    await using server = await startServer((socket) => {
      if (head) socket.write(`HTTP/1.1 200 OK\r\n${end ? '\r\n' : ''}`);
      floods(bytes)(socket);
    }, 'metrics');
    using deadline = deadlineOf(20_000);
    const { endpoint, port } = server;

    const { process } = await observePages(
      endpoint,
      { address: { address: '127.0.0.1', port } },
      deadline,
    );

    expect(process.pages).toMatchObject([{ path: '/metrics', outcome: 'failed', code }]);
  });
});

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([uint8(type), vector24(body)]);
}

function record(fragment: Buffer): Buffer {
  return Buffer.concat([uint8(22), uint16(0x0303), vector16(fragment)]);
}

function extension(type: number, content: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([uint16(type), vector16(content)]);
}

function serverHello({ suite = 0x009c, extensions = [] as readonly Buffer[] } = {}): Buffer {
  const body = [uint16(0x0303), Buffer.alloc(32), vector8(), uint16(suite), uint8(0)];
  return message(2, Buffer.concat([...body, vector16(...extensions)]));
}

function afterHello(bytes: Buffer): Buffer {
  return Buffer.concat([record(serverHello()), bytes]);
}

function certificates(count: number, size: number): Buffer {
  const certificate = vector24(Buffer.alloc(size, 0x30));
  const list = message(11, vector24(...Array.from({ length: count }, () => certificate)));
  const records: Buffer[] = [];
  for (let offset = 0; offset < list.length; offset += 16_000) {
    records.push(record(list.subarray(offset, offset + 16_000)));
  }
  return Buffer.concat(records);
}

/** A ServerHello of TLS 1.3, then a record that nobody can decrypt. */
function tls13(ciphertext: Buffer, group = 0x1d): Buffer {
  const keyShare = extension(51, Buffer.concat([uint16(group), vector16(Buffer.alloc(32, 9))]));
  const extensions = [extension(43, uint16(0x0304)), keyShare];
  const hello = record(serverHello({ suite: 0x1301, extensions }));
  return Buffer.concat([hello, uint8(23), uint16(0x0303), vector16(ciphertext)]);
}

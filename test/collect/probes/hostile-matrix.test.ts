import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { observeSurfaces } from '../../../src/collect/probes/surface.ts';
import { deadlineOf, startServer } from '../support/servers.ts';

const payloads: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  zeros: Buffer.alloc(4096),
  'terminal sequences': Buffer.from('\u001b[2J\u001b]0;owned\u0007\r\n'.repeat(50)),
  'HTTP/1.1 without end': Buffer.from(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(2000)}`),
  'HTTP with a length of petabytes': Buffer.from(
    'HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\n{',
  ),
  'an HTTP redirect': Buffer.from(
    'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n',
  ),
  'HTTP/2 settings': Buffer.from('000000040000000000', 'hex'),
  'an SSH banner': Buffer.from('SSH-2.0-OpenSSH_9.9\r\n'),
  'a fatal alert': Buffer.from([21, 3, 3, 0, 2, 2, 40]),
  'half a record': Buffer.from([22, 3, 3, 0x40, 0, 2, 0]),
  'a record of the greatest length': Buffer.from([22, 3, 3, 0xff, 0xff]),
  'a handshake of 16 MB': Buffer.concat([
    Buffer.from([22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]),
    Buffer.alloc(16_380),
  ]),
  'SSL 2': Buffer.from([0x80, 0x2e, 1, 0, 2, 0, 0x15]),
};

type Way = (socket: Socket, payload: Buffer) => unknown;

const ways: Readonly<Record<string, Way>> = {
  'at once': (socket, payload) => socket.write(payload),
  'after the ClientHello': (socket, payload) => socket.once('data', () => socket.write(payload)),
  'and closes': (socket, payload) => socket.once('data', () => socket.end(payload)),
  'and resets': (socket, payload) =>
    socket.once('data', () => socket.write(payload, () => socket.resetAndDestroy())),
  'byte by byte': async (socket, payload) => {
    for (const byte of payload) {
      if (socket.destroyed) return;
      socket.write(Uint8Array.of(byte));
      await setTimeout(20);
    }
  },
};

const behaviours = Object.entries(payloads).flatMap(([what, payload]) =>
  Object.entries(ways).map(([how, answer]) => ({ what, how, payload, answer })),
);

const timeoutMs = 1500;

test('there are at least sixty behaviours', () => {
  expect(behaviours.length).toBeGreaterThanOrEqual(60);
});

test.concurrent.each(behaviours)(
  'a server that sends $what $how costs its time-out and no more',
  async ({ payload, answer }) => {
    await using server = await startServer((socket) => {
      socket.on('error', () => socket.destroy());
      void answer(socket, payload);
    });
    using deadline = deadlineOf(timeoutMs);
    const start = performance.now();

    const [{ observation }] = await observeSurfaces(server.endpoint, deadline);

    // Many run at once, and each may be asked in plain text after its time-out for TLS.
    expect(performance.now() - start).toBeLessThan(4 * timeoutMs);
    expect(observation.flight).toBeUndefined();
    expect(JSON.stringify(observation).length).toBeLessThan(10_000);
    expect(observation.sample ?? '').not.toMatch(/\p{Cc}/u);
  },
);

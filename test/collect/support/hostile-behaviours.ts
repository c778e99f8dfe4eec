import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { floods, says } from './servers.ts';

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

/** Each payload in each way: what a server does before TLS. */
export const payloadBehaviours = Object.entries(payloads).flatMap(([what, payload]) =>
  Object.entries(ways).map(([how, answer]) => ({ what, how, payload, answer })),
);

/** What a server does with a connection, in plain text or behind TLS. */
export const connectionBehaviours: Readonly<Record<string, (socket: Socket) => void>> = {
  'says nothing': () => undefined,
  'says nothing and reads nothing': (socket) => socket.pause(),
  'hangs up': (socket) => socket.end(),
  'breaks off': (socket) => socket.destroy(),
  'sends headers without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    floods(Buffer.from(`X: ${'y'.repeat(1000)}\r\n`))(socket);
  },
  'sends a body without end': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    floods(Buffer.alloc(65_536))(socket);
  },
  'sends noise without end': floods(Buffer.alloc(65_536, 0xa5)),
  'promises more than it sends': says('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{'),
  'speaks HTTP/2 settings without end': floods(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])),
  'goes away at once in HTTP/2': says(
    Buffer.from([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]),
  ),
  'answers with deep JSON': (socket) => {
    const body = '['.repeat(200_000);
    socket.on('data', () =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
  },
};

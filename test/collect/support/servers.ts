import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { createDeadline, type Deadline } from '../../../src/collect/probes/deadline.ts';
import type { Endpoint } from '../../../src/model/live.ts';
import { reservePorts } from '../../../testcluster/ports.ts';
import { endpoint } from './start-etcd.ts';

/** A listener on loopback that lives for one test. */
export interface TestServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly port: number;
  /** How many connections it has taken so far. */
  connections(): number;
  /** How many of them are open. */
  open(): number;
  onConnection(callback: () => void): void;
  /** Waits until none is open any more. */
  idle(): Promise<void>;
}

/** A server that does with each connection what the test wants of it. */
export async function startServer(
  serve: (socket: Socket) => void,
  serves: Endpoint['serves'] = 'client',
): Promise<TestServer> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  return await listening(server, serves);
}

/** A TLS server that answers every request with etcd's page /version, or does what the test wants. */
export async function startTlsServer(
  options: TlsOptions,
  serves: Endpoint['serves'] = 'client',
  serve: (socket: TLSSocket) => void = answers,
  host = '127.0.0.1',
): Promise<TestServer> {
  const server = createTlsServer(options, (socket: TLSSocket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.on('tlsClientError', () => undefined);
  return await listening(server, serves, host);
}

const versionPage = '{"etcdserver":"3.5.30","etcdcluster":"3.5.0"}';

function answers(socket: TLSSocket): void {
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${versionPage.length}\r\n\r\n`;
  socket.once('data', () => socket.end(`${head}${versionPage}`));
}

/** Sends bytes at once and says no more. */
export function says(bytes: Buffer | string): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', () => undefined);
    socket.write(bytes);
  };
}

/** Answers a request with bytes, again and again until nobody listens. */
export function floods(bytes: Buffer): (socket: Socket) => void {
  return (socket) => {
    socket.on('data', () => undefined);
    const more = (): void => {
      if (!socket.destroyed) socket.write(bytes, () => setImmediate(more));
    };
    more();
  };
}

/** A deadline that the test takes back when it is done. */
export function deadlineOf(milliseconds: number): Deadline & Disposable {
  const deadline = createDeadline(milliseconds);
  return { ...deadline, [Symbol.dispose]: () => deadline.release() };
}

/** The URL of a port on which nobody listens. */
export async function closedPort(): Promise<Endpoint> {
  const [port] = await reservePorts(1);
  return endpoint(`https://127.0.0.1:${port}`, 'client');
}

async function listening(
  server: ReturnType<typeof createServer>,
  serves: Endpoint['serves'],
  host = '127.0.0.1',
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen({ port: 0, host, backlog: 2048 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: endpoint(`https://${host.includes(':') ? `[${host}]` : host}:${port}`, serves),
    port,
    connections: () => connections,
    open: () => sockets.size,
    onConnection: (callback) => server.on('connection', callback),
    async idle() {
      await Promise.all([...sockets].map(async (socket) => void (await once(socket, 'close'))));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

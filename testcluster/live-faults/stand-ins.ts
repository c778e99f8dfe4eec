import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { issueAuthority } from '../issue/issue.ts';
import type { Scene } from './live-fault.ts';

/** Puts something else on the client port, where etcd does not listen although its files say so. */
export function insteadOfEtcd(serve: (socket: Socket) => void): (scene: Scene) => Promise<void> {
  return async (scene) => {
    await take(scene, createServer(serve));
  };
}

export function resets(socket: Socket): void {
  socket.once('data', () => socket.resetAndDestroy());
}

/** The head of a handshake record, and then one byte after the other. */
export function drips(socket: Socket): void {
  socket.write(Buffer.from([22, 3, 3, 4, 0]));
  const timer = setInterval(() => socket.write(Buffer.from([2])), 200);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

export function greetsAsSsh(socket: Socket): void {
  socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
}

export function answersAsProxy(socket: Socket): void {
  socket.once('data', () => {
    const head = 'HTTP/1.1 400 Bad Request\r\nServer: squid/5.7\r\nContent-Length: 0\r\n';
    socket.end(`${head}Connection: close\r\n\r\n`);
  });
}

/** Something that ends TLS with a certificate of its own and asks for none. */
export async function endsTls(scene: Scene): Promise<void> {
  const authority = await issueAuthority({ commonName: 'Load Balancer CA' });
  const { certificatePem: cert, privateKeyPem: key } = await authority.issue({
    commonName: 'balancer',
    hosts: ['127.0.0.1'],
    usages: ['serverAuth'],
  });
  const server = createTlsServer({ cert, key }, (socket) => {
    socket.on('error', forget);
    socket.once('data', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
  });
  await take(scene, server);
}

async function take({ cluster, later }: Scene, server: Server): Promise<void> {
  const [member] = cluster.members;
  if (member === undefined) throw new Error('there is no member');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', forget);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(member.node.clientPort, member.node.address, resolve);
  });
  later.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
}

function forget(): void {
  // The auditing side may close the connection at any moment.
}

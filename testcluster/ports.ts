import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

interface PortRange {
  readonly first: number;
  readonly end: number;
}

/** Below the ports that a kernel gives to connections and for port 0: from 32768 on Linux, 49152 on macOS. */
const usual: PortRange = { first: 10_000, end: 30_000 };

/**
 * TCP ports that nothing listens on, and that no other process is given here until this one ends. A UDP socket
 * with the port's number is the reservation: the kernel gives it to one process alone, and takes it back when
 * that process ends, however it ends.
 */
export async function reservePorts(count: number, range = usual): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(range.first, range.end);
    if ((await reserve(port)) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

async function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  const isOurs = await isDone((done, failed) => {
    socket.once('error', failed).bind({ port, address: '127.0.0.1', exclusive: true }, done);
  });
  if (!isOurs) socket.close();
  return isOurs;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await isDone((done, failed) => {
    server.once('error', failed).listen(port, '0.0.0.0', () => server.close(() => done()));
  });
}

/** False where the kernel says that the address is in use. */
async function isDone(
  start: (done: () => void, failed: (error: NodeJS.ErrnoException) => void) => void,
): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    start(
      () => resolve(true),
      (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)),
    );
  });
}

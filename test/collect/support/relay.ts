import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Endpoint } from '../../../src/model/live.ts';

/** Passes bytes on and counts the connections; on a port of its own unless one is given. */
export async function relayTo(
  endpoint: Endpoint,
  at: {
    readonly host?: string;
    readonly port?: number;
    /** By how much the number of open connections has changed. */
    readonly onChange?: (by: number) => void;
  } = {},
) {
  const { host = '127.0.0.1', port: wanted = 0, onChange } = at;
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((from) => {
    connections += 1;
    onChange?.(1);
    from.once('close', () => onChange?.(-1));
    const to = connect(endpoint.port, endpoint.host);
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  server.listen(wanted, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: { ...endpoint, host, port, url: `https://${host}:${port}` },
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

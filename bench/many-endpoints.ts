import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { issueAuthority } from '../testcluster/issue/issue.ts';
import { againstBudget, environment, showRow, tellUsage, usageIn } from './measure.ts';

const sizes = [250, 1000] as const;

/** `verify` on very many endpoints, one of them silent: how long, in how much memory, with how many sockets? */
export async function benchManyEndpoints(): Promise<void> {
  const authority = await issueAuthority({ commonName: 'bench-ca' });
  const leaf = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
  const secureContext = createSecureContext({ cert: leaf.certificatePem, key: leaf.privateKeyPem });
  process.stdout.write(
    '\nverify on many endpoints, one of them silent until the time-out of 5 s\n',
  );
  for (const size of sizes) {
    const listeners = await listen(size, (socket) => {
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => socket.destroy());
      secure.once('data', () => secure.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    });
    const { milliseconds, seconds, megabytes, looked } = await verify(listeners.urls);
    showRow(
      `${looked} of ${size} endpoints`,
      milliseconds,
      `${againstBudget((seconds * 1000) / size, ' ms CPU each', { atMost: 20 })}, ${megabytes.toFixed(0)} MB, at most ${listeners.most()} sockets`,
    );
    await listeners.close();
  }
}

interface Listeners {
  readonly urls: readonly string[];
  /** The largest number of connections open at a time. */
  most(): number;
  close(): Promise<void>;
}

async function listen(size: number, serve: (socket: Socket) => void): Promise<Listeners> {
  const open = new Set<Socket>();
  let most = 0;
  const servers = Array.from({ length: size }, (_, index) =>
    createServer((socket) => {
      open.add(socket);
      most = Math.max(most, open.size);
      socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy());
      if (index > 0) serve(socket);
    }),
  );
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  return {
    urls: servers.map((server) => `https://127.0.0.1:${portOf(server)}`),
    most: () => most,
    close: async () => {
      for (const socket of open) socket.destroy();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function verify(urls: readonly string[]) {
  const started = performance.now();
  const child = spawn(
    'node',
    [
      ...tellUsage,
      'dist/cli/main.js',
      'verify',
      'bench',
      `--endpoints=${urls.join(',')}`,
      '--timeout=5s',
      '--report=json',
    ],
    { env: environment },
  );
  const texts = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.error += text));
  await once(child, 'close');
  const looked = texts.out.match(/"speaks": "tls"/g)?.length ?? 0;
  return { milliseconds: performance.now() - started, looked, ...usageIn(texts.error) };
}

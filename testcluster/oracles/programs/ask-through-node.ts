import { readFileSync } from 'node:fs';
import { Client, credentials } from '@grpc/grpc-js';
import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import type { ClientAccess } from '../client-access.ts';

/** Asks etcd for its status as an application does, from wherever this process was started. */
const [through, text = ''] = process.argv.slice(2);
const given: unknown = JSON.parse(text);
if (!isClientAccess(given)) throw new Error('the second argument says nothing of etcd');
try {
  await (through === 'etcd3' ? askThroughEtcd3(given) : askThroughGrpc(given));
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
}

async function askThroughEtcd3({ endpoints, ca, cert, key }: ClientAccess): Promise<void> {
  const pair = {
    ...(key !== undefined && { privateKey: readFileSync(key) }),
    ...(cert !== undefined && { certChain: readFileSync(cert) }),
  };
  const client = new Etcd3({
    hosts: [...endpoints],
    ...(ca !== undefined && { credentials: { rootCertificate: readFileSync(ca), ...pair } }),
    faultHandling: { host: () => noop, global: noop },
  });
  await client.maintenance.status({ deadline: Date.now() + 20_000 });
  client.close();
}

function read(path: string | undefined): Buffer | null {
  return path === undefined ? null : readFileSync(path);
}

async function askThroughGrpc({
  endpoints: [url = ''],
  ca,
  cert,
  key,
}: ClientAccess): Promise<void> {
  const isEncrypted = url.startsWith('https:');
  const channel = isEncrypted
    ? credentials.createSsl(read(ca), read(key), read(cert))
    : credentials.createInsecure();
  const client = new Client(new URL(url).host, channel);
  await new Promise<void>((resolve, reject) => {
    client.makeUnaryRequest(
      '/etcdserverpb.Maintenance/Status',
      (message: Buffer) => message,
      (message) => message,
      Buffer.alloc(0),
      { deadline: Date.now() + 20_000 },
      (error) => {
        if (error === null) resolve();
        else reject(error);
      },
    );
  });
  client.close();
}

/** The text was written by this program. */
function isClientAccess(value: unknown): value is ClientAccess {
  return typeof value === 'object' && value !== null && 'endpoints' in value;
}

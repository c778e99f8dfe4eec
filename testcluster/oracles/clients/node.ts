import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OracleClient } from '../oracle-client.ts';
import { inventoryOf } from '../client-access.ts';

const script = join(import.meta.dirname, '..', 'programs', 'ask-through-node.ts');

/** The two clients for Node, which judge with the OpenSSL that Node brings. */
export const clients: readonly OracleClient[] = [
  { name: 'etcd3', module: 'etcd3' },
  { name: 'grpc-js', module: '@grpc/grpc-js' },
].map(({ name, module }): OracleClient => ({
  name: `${name} (Node)`,
  source: 'npm',
  settings: (given) => inventoryOf(given, { name, kind: name, verifier: 'openssl' }),
  programs: async () => {
    const manifest = await readFile(new URL(import.meta.resolve('../../../package.json')), 'utf8');
    const version = new RegExp(`"${module}": "([^"]+)"`).exec(manifest)?.[1] ?? '';
    const release = `${version} on Node ${process.versions.node}`;
    const command = [
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      script,
      name,
    ] as const;
    return [{ release, command }];
  },
  connect: async ({ program, given, cluster }) => {
    const [node, ...rest] = program.command;
    const { code, stdout, stderr } = await cluster.run(node, [...rest, JSON.stringify(given)], {
      timeoutMilliseconds: 60_000,
    });
    const [to = ''] = given.endpoints;
    const outcome = code === 0 ? 'accepted' : 'refused';
    const lines = `${stdout}\n${stderr}`.split('\n');
    return [{ to, outcome, words: lines.filter((line) => !/deprecation/i.test(line)) }];
  },
  // Node judges after the handshake, and hangs up.
  ownAlerts: true,
  prints: printed,
}));

/** Node compares names in words of its own, and prints the last of OpenSSL's errors where others print the first. */
function printed(predicted: string): string | undefined {
  if (predicted.includes('mismatch')) return undefined;
  return predicted
    .replace('certificate verify failed: ', '')
    .replace('unable to get local issuer certificate', 'unable to verify the first certificate');
}

import { join } from 'node:path';
import { pythonEnvironment } from '../../python-environment.ts';
import { run } from '../../run.ts';
import type { OracleClient, Program } from '../oracle-client.ts';
import { inventoryOf } from '../client-access.ts';

const release = '2.7.0';
const script = join(import.meta.dirname, '..', 'programs', 'ask_through_etcd3gw.py');

/** Python's client of the JSON gateway, that OpenStack uses. */
export const client: OracleClient = {
  name: 'etcd3gw (Python)',
  source: 'pip',
  gateway: true,
  settings: (given) =>
    inventoryOf(given, {
      name: 'etcd3gw',
      kind: 'etcd3gw',
      verifier: 'openssl',
      speaks: 'gateway',
    }),
  programs: async () => [await installed()],
  connect: async ({ program, given, cluster }) => {
    const [python, ...rest] = program.command;
    const { code, stdout, stderr } = await cluster.run(python, [...rest, JSON.stringify(given)], {
      timeoutMilliseconds: 60_000,
    });
    const [to = ''] = given.endpoints;
    const outcome = code === 0 ? 'accepted' : 'refused';
    return [{ to, outcome, words: `${stdout}\n${stderr}`.split('\n') }];
  },
};

async function installed(): Promise<Program> {
  const python = join(await pythonEnvironment('etcd3gw', release), 'bin', 'python');
  const openssl = await run(python, ['-c', 'import ssl; print(ssl.OPENSSL_VERSION)']);
  const library = openssl.stdout.split(' ').slice(0, 2).join('/');
  return { release: `${release} with ${library}`, command: [python, script] };
}

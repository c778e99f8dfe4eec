import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../run.ts';
import type { OracleClient, Visit } from '../oracle-client.ts';
import type { ClientAccess } from '../client-access.ts';
import { watch } from '../watch.ts';

/** patronictl, which reaches etcd by the same code as Patroni itself. */
export const client: OracleClient = {
  name: 'patroni',
  source: "Debian's package patroni",
  slow: true,
  gateway: true,
  settings: (given) => ({ 'patroni.yml': configuration(given) }),
  programs: async () => {
    const { code, stdout } = await run('/usr/bin/patronictl', ['version']);
    const release = /version (\S+)/.exec(stdout)?.[1];
    if (code !== 0 || release === undefined)
      throw new Error('the package patroni is not installed');
    return [{ release, command: ['/usr/bin/patronictl'] }];
  },
  connect: async (visit) => [await list(visit)],
  // Debian's urllib3 connects through pyOpenSSL, which prints no reason, and compares names itself.
  prints: (predicted) =>
    predicted.includes('mismatch')
      ? undefined
      : predicted.replace(/^(certificate verify failed): .*/, '$1'),
};

function configuration({ endpoints, ca, cert, key }: ClientAccess): string {
  const [first = ''] = endpoints;
  const { protocol, host } = new URL(first);
  const lines = [
    'scope: batman',
    'name: one',
    'etcd3:',
    `  hosts: ${host}`,
    `  protocol: ${protocol.replace(':', '')}`,
    ...(ca === undefined ? [] : [`  cacert: ${ca}`]),
    ...(cert === undefined ? [] : [`  cert: ${cert}`]),
    ...(key === undefined ? [] : [`  key: ${key}`]),
    'restapi: { listen: 127.0.0.1:8008, connect_address: 127.0.0.1:8008 }',
    'postgresql: { listen: 127.0.0.1:5432, connect_address: 127.0.0.1:5432, data_dir: /nowhere }',
    '',
  ];
  return lines.join('\n');
}

/** It prints its table of members, which is empty, or tries again for ever. */
async function list(visit: Visit) {
  const { program, given, directory } = visit;
  const file = join(directory, 'patroni.yml');
  await writeFile(file, configuration(given));
  const command = [...program.command, '--config-file', file, 'list'];
  const signs = { accepted: /^\+-+\+/, refused: /Failed to get list of machines|Error/ };
  return { to: given.endpoints[0] ?? '', ...(await watch(visit, command, signs)) };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goProgram } from '../go-program.ts';
import type { OracleClient } from '../oracle-client.ts';
import { flagsOf, type ClientAccess } from '../client-access.ts';
import { grpcFailure, watch } from '../watch.ts';

const names = { ca: '--etcd-cafile', cert: '--etcd-certfile', key: '--etcd-keyfile' };

/** The whole program does not build from the Go module proxy: a module of a cloud's is not there. */
export const client: OracleClient = {
  name: 'flanneld',
  source: "flannel's own package pkg/subnet/etcd in a small program with flanneld's flags",
  slow: true,
  settings: (given) => ({
    'flanneld.service': `[Service]\nExecStart=/opt/bin/flanneld ${flags(given).join(' ')}\n`,
  }),
  programs: async () => [
    await goProgram({
      name: 'flanneld',
      release: '0.28.10',
      main: '.',
      source: await readFile(join(import.meta.dirname, '../programs/flanneld.go'), 'utf8'),
      module: 'github.com/flannel-io/flannel@v0.28.10',
    }),
  ],
  connect: async (visit) => {
    const { program, given } = visit;
    const signs = { accepted: /config not found/, refused: new RegExp(`${grpcFailure}|Couldn't`) };
    const seen = await watch(visit, [...program.command, ...flags(given)], signs);
    return [{ to: given.endpoints[0] ?? '', ...seen }];
  },
};

function flags(given: ClientAccess): readonly string[] {
  return [`--etcd-endpoints=${given.endpoints.join(',')}`, ...flagsOf(given, names)];
}

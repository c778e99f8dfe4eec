import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goProgram } from '../go-program.ts';
import type { OracleClient } from '../oracle-client.ts';
import { flagsOf, type Told } from '../told.ts';
import { grpcFailure, watch } from '../watch.ts';

const names = { ca: '--etcd-cafile', cert: '--etcd-certfile', key: '--etcd-keyfile' };

/** The whole program does not build from the Go module proxy: a module of a cloud's is not there. */
export const client: OracleClient = {
  name: 'flanneld',
  source: "flannel's own package pkg/subnet/etcd in a small program with flanneld's flags",
  slow: true,
  settings: (told) => ({
    'flanneld.service': `[Service]\nExecStart=/opt/bin/flanneld ${flags(told).join(' ')}\n`,
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
    const { program, told } = visit;
    const signs = { accepted: /config not found/, refused: new RegExp(`${grpcFailure}|Couldn't`) };
    const seen = await watch(visit, [...program.command, ...flags(told)], signs);
    return [{ to: told.endpoints[0] ?? '', ...seen }];
  },
};

function flags(told: Told): readonly string[] {
  return [`--etcd-endpoints=${told.endpoints.join(',')}`, ...flagsOf(told, names)];
}

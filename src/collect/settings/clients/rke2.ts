import { type ClientProgram, readClient } from './client-program.ts';
import type { EtcdClient } from './etcd-client.ts';

/** https://docs.rke2.io/datastore/external: the flags of k3s (above), variables of its own. Early releases dropped these flags (rancher/rke2 pkg/cli/cmds/server.go). */
const settings: ClientProgram = {
  kind: 'rke2',
  endpoints: { flag: 'datastore-endpoint', variable: 'RKE2_DATASTORE_ENDPOINT' },
  ca: { flag: 'datastore-cafile', variable: 'RKE2_DATASTORE_CAFILE' },
  cert: { flag: 'datastore-certfile', variable: 'RKE2_DATASTORE_CERTFILE' },
  key: { flag: 'datastore-keyfile', variable: 'RKE2_DATASTORE_KEYFILE' },
  isMeant: ({ program, variables }) =>
    program === 'rke2' ||
    (program === undefined && variables.some(({ name }) => name.startsWith('RKE2_DATASTORE_'))),
};

export const client: EtcdClient = {
  name: 'rke2',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
};

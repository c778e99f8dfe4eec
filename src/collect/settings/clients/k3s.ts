import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { type ClientProgram, readClient } from './client-program.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

/** k3s-io/k3s pkg/cli/cmds/server.go (ServerFlags) */
const settings: ClientProgram = {
  kind: 'k3s',
  endpoints: { flag: 'datastore-endpoint', variable: 'K3S_DATASTORE_ENDPOINT' },
  ca: { flag: 'datastore-cafile', variable: 'K3S_DATASTORE_CAFILE' },
  cert: { flag: 'datastore-certfile', variable: 'K3S_DATASTORE_CERTFILE' },
  key: { flag: 'datastore-keyfile', variable: 'K3S_DATASTORE_KEYFILE' },
  isMeant: ({ program }) => program !== 'rke2',
};

export const client: EtcdClient = {
  name: 'k3s',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
};

/** k3s and RKE2, by their flags (k3s-io/k3s pkg/cli/cmds/server.go, https://docs.rke2.io/datastore/external). */
export function k3sClients(document: DocumentNode, file: string): readonly ClientDraft[] {
  const endpoints = listAt(document, 'datastore-endpoint');
  if (endpoints?.value.every((url) => /^https?:/.test(url)) !== true) return [];
  const parts = {
    kind: /(?<![^/])rke2(?:\/|$)/.test(file) ? 'rke2' : 'k3s',
    endpoints,
    caFile: settingAt(document, 'datastore-cafile'),
    certFile: settingAt(document, 'datastore-certfile'),
    keyFile: settingAt(document, 'datastore-keyfile'),
  };
  return [clientFrom(parts, file)];
}

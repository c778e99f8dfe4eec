import { type ClientProgram, readClient } from './client-program.ts';
import type { EtcdClient } from './etcd-client.ts';

/** kubernetes-sigs/external-dns provider/coredns/coredns.go (getETCDConfig), pkg/tlsutils/tlsconfig.go */
const settings: ClientProgram = {
  kind: 'external-dns',
  endpoints: { variable: 'ETCD_URLS' },
  ca: { variable: 'ETCD_CA_FILE' },
  cert: { variable: 'ETCD_CERT_FILE' },
  key: { variable: 'ETCD_KEY_FILE' },
  serverName: { variable: 'ETCD_TLS_SERVER_NAME' },
  skipVerify: { variable: 'ETCD_TLS_INSECURE' },
  on: /^(?:true|yes|1)$/i,
};

export const client: EtcdClient = {
  name: 'external-dns',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
};

import { type ClientProgram, readClient } from './client-program.ts';
import type { EtcdClient } from './etcd-client.ts';

/** vitessio/vitess go/vt/topo/etcd2topo/server.go and go/vt/topo/server.go; flags with dashes since v23. */
const underscored: ClientProgram = {
  kind: 'vitess',
  endpoints: { flag: 'topo_global_server_address' },
  ca: { flag: 'topo_etcd_tls_ca' },
  cert: { flag: 'topo_etcd_tls_cert' },
  key: { flag: 'topo_etcd_tls_key' },
  isMeant: ({ words }) => words.some(({ text }) => /^--?topo[_-]implementation\b/.test(text)),
};

const dashed: ClientProgram = {
  ...underscored,
  endpoints: { flag: 'topo-global-server-address' },
  ca: { flag: 'topo-etcd-tls-ca' },
  cert: { flag: 'topo-etcd-tls-cert' },
  key: { flag: 'topo-etcd-tls-key' },
};

export const client: EtcdClient = {
  name: 'vitess',
  inProcess: (process) => {
    const texts = process.words.map(({ text }) => text);
    const isEtcd = texts.some(
      (text, index) =>
        /^--?topo[_-]implementation=etcd2$/.test(text) ||
        (text === 'etcd2' && /^--?topo[_-]implementation$/.test(texts[index - 1] ?? '')),
    );
    return isEtcd ? [...readClient(process, underscored), ...readClient(process, dashed)] : [];
  },
};

import type { Process } from '../process.ts';
import { type ClientProgram, readClient } from './client-program.ts';
import { trimmedList } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

/** projectcalico/calico felix/config/env_var_loader.go and config_params.go, where `none` sets nothing. */
const settings: ClientProgram = {
  kind: 'felix',
  endpoints: { variable: 'FELIX_ETCDENDPOINTS' },
  ca: { variable: 'FELIX_ETCDCAFILE' },
  cert: { variable: 'FELIX_ETCDCERTFILE' },
  key: { variable: 'FELIX_ETCDKEYFILE' },
  list: trimmedList,
  asRead: withoutNone,
};

export const client: EtcdClient = {
  name: 'felix',
  inProcess: (process) => readClient(process, settings),
};

function withoutNone(process: Process): Process {
  const variables = process.variables.filter(({ value }) => value.toLowerCase() !== 'none');
  return { ...process, variables };
}

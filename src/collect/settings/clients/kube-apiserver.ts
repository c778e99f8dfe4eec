import type { ClientDraft } from '../../../model/draft.ts';
import type { Process } from '../process.ts';
import { clientOf, filesOfFlags, gatheredList, unknownArgument } from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = { name: 'kube-apiserver', inProcess: kubeApiserver };

/**
 * kubernetes/apiserver pkg/server/options/etcd.go (AddFlags). Both lists are pflag's string slices, which
 * grow each time that the flag is given (spf13/pflag string_slice.go, Set).
 */
const names = {
  endpoints: { flag: 'etcd-servers' },
  overrides: { flag: 'etcd-servers-overrides' },
  ca: { flag: 'etcd-cafile' },
  cert: { flag: 'etcd-certfile' },
  key: { flag: 'etcd-keyfile' },
};

/** kube-apiserver, and once more for each set of servers that it keeps some resources on. */
function kubeApiserver(process: Process): readonly ClientDraft[] {
  const unknown = process.program === 'kube-apiserver' ? unknownArgument(process) : undefined;
  const endpoints =
    gatheredList(process, names.endpoints) ?? (unknown && { ...unknown, value: [unknown.value] });
  if (endpoints === undefined) return [];

  const files = filesOfFlags(process, names);
  const common = { ...files, verifier: 'go', speaks: 'grpc', kind: 'kube-apiserver' } as const;
  const main = clientOf(process, { ...common, name: 'kube-apiserver', endpoints });
  return [main, ...overrides(process, common)];
}

/** `/events#https://a;https://b,…`: resource, then servers between semicolons. */
function overrides(
  process: Process,
  common: Omit<Parameters<typeof clientOf>[1], 'name' | 'endpoints'>,
): readonly ClientDraft[] {
  const setting = gatheredList(process, names.overrides);
  if (setting === undefined) return [];
  return setting.value.flatMap((item) => {
    const [resource = '', servers = ''] = item.split('#');
    const value = servers.split(';').filter((url) => url !== '');
    if (value.length === 0) return [];
    const name = `kube-apiserver ${resource}`;
    return [clientOf(process, { ...common, name, endpoints: { value, origin: setting.origin } })];
  });
}

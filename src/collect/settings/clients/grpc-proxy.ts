import type { ClientDraft } from '../../../model/draft.ts';
import { type Process } from '../process.ts';
import {
  clientOf,
  filesOfFlags,
  settingOf,
  splitList,
  switchOf,
  withScheme,
} from './client-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = { name: 'grpc-proxy', inProcess: grpcProxy };

const names = {
  endpoints: { flag: 'endpoints' },
  ca: { flag: 'cacert' },
  cert: { flag: 'cert' },
  key: { flag: 'key' },
  skipVerify: { flag: 'insecure-skip-tls-verify' },
};

/** `etcd grpc-proxy start`, as the client that it is (etcdmain/grpc_proxy.go). */
function grpcProxy(process: Process): readonly ClientDraft[] {
  const { program, words } = process;
  if (program !== 'etcd' || words[0]?.text !== 'grpc-proxy') return [];

  const endpoints = settingOf(process, names.endpoints);
  const skipVerify = switchOf(process, names.skipVerify);
  const files = filesOfFlags(process, names);
  const encrypted = Object.keys(files).length > 0 || skipVerify?.value === true;
  const list =
    endpoints === undefined
      ? { value: ['127.0.0.1:2379'], origin: { via: 'default' as const } }
      : splitList(endpoints);
  return [
    clientOf(process, {
      name: 'grpc-proxy',
      kind: 'grpc-proxy',
      endpoints: withScheme(list, encrypted),
      ...files,
      ...(skipVerify === undefined ? {} : { insecureSkipVerify: skipVerify }),
      verifier: 'go',
      speaks: 'grpc',
    }),
  ];
}

import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'k0s',
  words: ['externalCluster'],
  recognises: ({ text }) => /^[ \t]+externalCluster[ \t]*:/m.test(text),
  inDocument: k0s,
};

/** What k0s passes on to kube-apiserver for an external etcd (k0sproject/k0s pkg/apis/k0s/v1beta1/storage.go, ExternalCluster). */
function k0s(document: DocumentNode, file: string): readonly ClientDraft[] {
  const external = at(document, 'spec', 'storage', 'etcd', 'externalCluster');
  const endpoints = listAt(external, 'endpoints');
  if (endpoints === undefined) return [];
  const parts = {
    kind: 'kube-apiserver',
    endpoints,
    caFile: settingAt(external, 'caFile'),
    certFile: settingAt(external, 'clientCertFile'),
    keyFile: settingAt(external, 'clientKeyFile'),
  };
  return [clientFrom(parts, file)];
}

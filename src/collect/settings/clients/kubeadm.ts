import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'kubeadm',
  words: ['ClusterConfiguration'],
  recognises: ({ text }) => /^[ \t]*kind:[ \t]*["']?ClusterConfiguration/m.test(text),
  inDocument: kubeadm,
};

/** What kubeadm passes on to kube-apiserver for an external etcd (kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go, ExternalEtcd). */
function kubeadm(document: DocumentNode, file: string): readonly ClientDraft[] {
  const external = at(document, 'etcd', 'external');
  const endpoints = listAt(external, 'endpoints');
  if (endpoints === undefined) return [];
  const parts = {
    kind: 'kube-apiserver',
    endpoints,
    caFile: settingAt(external, 'caFile'),
    certFile: settingAt(external, 'certFile'),
    keyFile: settingAt(external, 'keyFile'),
  };
  return [clientFrom(parts, file)];
}

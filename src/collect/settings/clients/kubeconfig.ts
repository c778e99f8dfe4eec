import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at, itemsOf, textOf } from '../document.ts';
import { clientFrom, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'kubeconfig',
  words: ['clusters'],
  recognises: ({ text }) =>
    /^["']?kind["']?[ \t]*:[ \t]*["']?Config\b/m.test(text) && /\bclusters["']?[ \t]*:/.test(text),
  inDocument: kubeconfig,
};

/** Clients of Kubernetes' API server, never of etcd (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1). */
function kubeconfig(document: DocumentNode, file: string): readonly ClientDraft[] {
  if (textOf(at(document, 'kind')) !== 'Config') return [];
  const [first] = itemsOf(at(document, 'clusters'));
  const server = settingAt(first, 'cluster', 'server');
  return itemsOf(at(document, 'users')).map((user) => {
    const parts = {
      kind: 'kubeconfig',
      name: `kubeconfig user ${textOf(at(user, 'name')) ?? ''}`,
      endpoints: {
        value: server === undefined ? [] : [server.value],
        origin: { via: 'config-file' as const, name: 'users', location: user.location },
      },
      caFile: settingAt(first, 'cluster', 'certificate-authority'),
      certFile: settingAt(user, 'user', 'client-certificate'),
      keyFile: settingAt(user, 'user', 'client-key'),
      isOfEtcd: false,
    } as const;
    return clientFrom(parts, file);
  });
}

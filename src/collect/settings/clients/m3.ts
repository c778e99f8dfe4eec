import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at, entriesOf, itemsOf } from '../document.ts';
import { withScheme } from './client-settings.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'm3',
  words: ['etcdClusters'],
  recognises: ({ text }) => /^[ \t]*(?:-[ \t]+)?etcdClusters[ \t]*:/m.test(text),
  inDocument: m3,
};

/** M3's services, wherever their files have the section of etcd (m3db/m3 src/cluster/client/etcd/config.go, ClusterConfig). */
function m3(document: DocumentNode, file: string): readonly ClientDraft[] {
  return clustersIn(document).flatMap((cluster) => {
    const endpoints = listAt(cluster, 'endpoints');
    if (endpoints === undefined) return [];
    const tls = at(cluster, 'tls');
    const parts = {
      kind: 'm3',
      endpoints: withScheme(endpoints, tls !== undefined),
      caFile: settingAt(tls, 'caCrtPath'),
      certFile: settingAt(tls, 'crtPath'),
      keyFile: settingAt(tls, 'keyPath'),
    };
    return [clientFrom(parts, file)];
  });
}

function clustersIn(node: DocumentNode): readonly DocumentNode[] {
  return [
    ...itemsOf(node).flatMap(clustersIn),
    ...entriesOf(node).flatMap(({ key, value }) =>
      key === 'etcdClusters' ? itemsOf(value) : clustersIn(value),
    ),
  ];
}

import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at, entriesOf, itemsOf, textOf } from '../document.ts';
import { withScheme } from './client-settings.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import type { Problems } from '../../../model/settings-problem.ts';

export const client: EtcdClient = {
  name: 'ring',
  words: ['store', 'primary', 'secondary'],
  recognises: ({ text }) =>
    /^[ \t]+(?:store|primary|secondary)[ \t]*:[ \t]*["']?etcd["']?[ \t\r]*$/m.test(text),
  inDocument: rings,
};

/**
 * The hash rings of Loki, Mimir, Cortex and Tempo, each of which may keep its state in etcd (grafana/dskit
 * kv/etcd/etcd.go, crypto/tls/tls.go), alone or as one of two stores (kv/client.go).
 */
function rings(document: DocumentNode, file: string): readonly ClientDraft[] {
  return stores(document, []).flatMap(({ store, path }) => {
    const etcd = at(store, 'etcd');
    const endpoints = listAt(etcd, 'endpoints');
    if (!isInEtcd(store) || endpoints === undefined) return [];

    const enabled = switchAt(etcd, 'tls_enabled')?.value === true;
    const files = {
      caFile: settingAt(etcd, 'tls_ca_path'),
      certFile: settingAt(etcd, 'tls_cert_path'),
      keyFile: settingAt(etcd, 'tls_key_path'),
      serverName: settingAt(etcd, 'tls_server_name'),
      insecureSkipVerify: switchAt(etcd, 'tls_insecure_skip_verify'),
    };
    const parts = {
      kind: 'ring',
      name: path.join('.'),
      endpoints: withScheme(endpoints, enabled),
      ...(enabled ? files : {}),
      problems: enabled ? [] : idle(etcd),
    };
    return [clientFrom(parts, file)];
  });
}

function isInEtcd(store: DocumentNode): boolean {
  const kind = textOf(at(store, 'store'));
  if (kind !== 'multi') return kind === 'etcd';
  return ['primary', 'secondary'].some((role) => textOf(at(store, 'multi', role)) === 'etcd');
}

interface Store {
  readonly store: DocumentNode;
  /** The keys that lead to it, `kvstore` left out. */
  readonly path: readonly string[];
}

function stores(node: DocumentNode, path: readonly string[]): readonly Store[] {
  if (node.kind === 'list') return itemsOf(node).flatMap((item) => stores(item, path));
  return entriesOf(node).flatMap(({ key, value }) =>
    key === 'kvstore' ? [{ store: value, path }] : stores(value, [...path, key]),
  );
}

function idle(etcd: DocumentNode | undefined): Problems {
  return ['tls_ca_path', 'tls_cert_path', 'tls_key_path'].flatMap((key) => {
    const setting = settingAt(etcd, key);
    return setting === undefined ? [] : [problem('without-effect', setting, 'tls-not-enabled')];
  });
}

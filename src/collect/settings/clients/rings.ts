import { problem } from '../../../etcd/settings-problem.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode, SettingsProblem } from '../../../model/settings.ts';
import { at, entriesOf, itemsOf, textOf } from '../document.ts';
import { withScheme } from './client-settings.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';

/**
 * The hash rings of Loki, Mimir, Cortex and Tempo, each of which may keep its state in etcd
 * (https://grafana.com/docs/loki/latest/configure/#etcd).
 */
export function rings(document: DocumentNode, file: string): readonly ClientDraft[] {
  return stores(document, []).flatMap(({ store, path }) => {
    const etcd = at(store, 'etcd');
    const endpoints = listAt(etcd, 'endpoints');
    if (textOf(at(store, 'store')) !== 'etcd' || endpoints === undefined) return [];

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

function idle(etcd: DocumentNode | undefined): readonly SettingsProblem[] {
  return ['tls_ca_path', 'tls_cert_path', 'tls_key_path'].flatMap((key) => {
    const setting = settingAt(etcd, key);
    const detail = 'TLS files do nothing without `tls_enabled: true`';
    return setting === undefined ? [] : [problem('without-effect', setting, detail)];
  });
}

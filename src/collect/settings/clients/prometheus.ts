import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode, Setting } from '../../../model/settings.ts';
import { at, itemsOf, textOf } from '../document.ts';
import { clientFrom, settingAt, switchAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'prometheus',
  words: ['scrape_configs'],
  recognises: ({ text }) => /^[ \t]*scrape_configs[ \t]*:/m.test(text),
  inDocument: prometheus,
};

/**
 * Scrapes of etcd (https://prometheus.io/docs/prometheus/latest/configuration/configuration, scrape_config):
 * jobs named after it, and targets on etcd's own ports. A target is a host and a port without a scheme.
 */
function prometheus(document: DocumentNode, file: string): readonly ClientDraft[] {
  return itemsOf(at(document, 'scrape_configs')).flatMap((job) => {
    const targets = targetsOf(job);
    const isEtcd = /etcd/i.test(textOf(at(job, 'job_name')) ?? '');
    const own = targets.filter(({ value }) => isEtcd || /:(?:2379|4001)$/.test(value));
    const [first] = own;
    if (first === undefined) return [];
    const scheme = textOf(at(job, 'scheme')) ?? 'http';
    const parts = {
      kind: 'prometheus',
      endpoints: {
        value: own.map(({ value }) => `${scheme}://${value}`),
        origin: first.origin,
      },
      caFile: settingAt(job, 'tls_config', 'ca_file'),
      certFile: settingAt(job, 'tls_config', 'cert_file'),
      keyFile: settingAt(job, 'tls_config', 'key_file'),
      serverName: settingAt(job, 'tls_config', 'server_name'),
      insecureSkipVerify: switchAt(job, 'tls_config', 'insecure_skip_verify'),
      speaks: 'gateway',
    } as const;
    return [clientFrom(parts, file)];
  });
}

function targetsOf(job: DocumentNode): readonly Setting<string>[] {
  return itemsOf(at(job, 'static_configs')).flatMap((group) =>
    itemsOf(at(group, 'targets')).flatMap((target) => {
      const value = textOf(target);
      const origin = { via: 'config-file' as const, name: 'targets', location: target.location };
      return value === undefined ? [] : [{ value, origin }];
    }),
  );
}

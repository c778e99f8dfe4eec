import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'apisix',
  recognises: ({ text }) =>
    /^etcd[ \t]*:[ \t\r]*$/m.test(text) ||
    (/^deployment[ \t]*:[ \t\r]*$/m.test(text) && /^[ \t]+etcd[ \t]*:/m.test(text)),
  inDocument: apisix,
};

/**
 * APISIX talks to the JSON gateway with OpenSSL; its CA is outside the section (apache/apisix
 * apisix/core/etcd.lua). In 2.x the section was at the top (conf/config-default.yaml).
 */
function apisix(document: DocumentNode, file: string): readonly ClientDraft[] {
  const old = at(document, 'apisix') === undefined ? undefined : at(document, 'etcd');
  const etcd = at(document, 'deployment', 'etcd') ?? old;
  const endpoints = listAt(etcd, 'host');
  if (endpoints === undefined) return [];
  const verify = switchAt(etcd, 'tls', 'verify');
  const skip = verify === undefined ? undefined : { value: !verify.value, origin: verify.origin };
  const parts = {
    kind: 'apisix',
    endpoints,
    caFile: settingAt(document, 'apisix', 'ssl', 'ssl_trusted_certificate'),
    certFile: settingAt(etcd, 'tls', 'cert'),
    keyFile: settingAt(etcd, 'tls', 'key'),
    serverName: settingAt(etcd, 'tls', 'sni'),
    insecureSkipVerify: skip,
    verifier: 'openssl',
    speaks: 'gateway',
  } as const;
  return [clientFrom(parts, file)];
}

import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { withScheme } from './client-settings.ts';
import { textsApart } from './inline-text.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';

/**
 * Traefik's static configuration (https://doc.traefik.io/traefik/providers/etcd). Without endpoints it dials
 * 127.0.0.1:2379 (traefik/traefik pkg/provider/kv/etcd/etcd.go, SetDefaults); the files may be given by their
 * text (pkg/types/tls.go).
 */
export function traefik(document: DocumentNode, file: string): readonly ClientDraft[] {
  const etcd = at(document, 'providers', 'etcd');
  if (etcd?.kind !== 'map') return [];
  const endpoints = listAt(etcd, 'endpoints') ?? {
    value: ['127.0.0.1:2379'],
    origin: { via: 'default' as const },
  };
  const given = {
    caFile: settingAt(etcd, 'tls', 'ca'),
    certFile: settingAt(etcd, 'tls', 'cert'),
    keyFile: settingAt(etcd, 'tls', 'key'),
  };
  const { files, embedded } = textsApart(given, file);
  const parts = {
    kind: 'traefik',
    endpoints: withScheme(endpoints, at(etcd, 'tls') !== undefined),
    ...files,
    embedded,
    insecureSkipVerify: switchAt(etcd, 'tls', 'insecureSkipVerify'),
  };
  return [clientFrom(parts, file)];
}

/**
 * APISIX talks to the JSON gateway with OpenSSL; its CA stands outside the section (apache/apisix
 * apisix/core/etcd.lua). In 2.x the section stood at the top (conf/config-default.yaml).
 */
export function apisix(document: DocumentNode, file: string): readonly ClientDraft[] {
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

/** k3s and RKE2, by their flags (k3s-io/k3s pkg/cli/cmds/server.go, https://docs.rke2.io/datastore/external). */
export function k3s(document: DocumentNode, file: string): readonly ClientDraft[] {
  const endpoints = listAt(document, 'datastore-endpoint');
  if (endpoints?.value.every((url) => /^https?:/.test(url)) !== true) return [];
  const parts = {
    kind: /(?:^|\/)rke2(?:\/|$)/.test(file) ? 'rke2' : 'k3s',
    endpoints,
    caFile: settingAt(document, 'datastore-cafile'),
    certFile: settingAt(document, 'datastore-certfile'),
    keyFile: settingAt(document, 'datastore-keyfile'),
  };
  return [clientFrom(parts, file)];
}

/** What kubeadm passes on to kube-apiserver for an etcd of somebody else (kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go, ExternalEtcd). */
export function kubeadm(document: DocumentNode, file: string): readonly ClientDraft[] {
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

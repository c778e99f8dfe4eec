import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import type { Process } from '../process.ts';
import { at } from '../document.ts';
import { type ClientProgram, readClient } from './client-program.ts';
import { trimmedList, withScheme } from './client-settings.ts';
import { clientFrom, listAt, settingAt, switchAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';
import { textsApart } from './inline-text.ts';

/** https://doc.traefik.io/traefik/providers/etcd; traefik/paerser flag/flagparser.go takes flags in any case and gathers lists, traefik/traefik pkg/types/tls.go takes paths and contents. */
const settings: ClientProgram = {
  kind: 'traefik',
  endpoints: { flag: 'providers.etcd.endpoints', variable: 'TRAEFIK_PROVIDERS_ETCD_ENDPOINTS' },
  ca: { flag: 'providers.etcd.tls.ca', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CA' },
  cert: { flag: 'providers.etcd.tls.cert', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_CERT' },
  key: { flag: 'providers.etcd.tls.key', variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_KEY' },
  skipVerify: {
    flag: 'providers.etcd.tls.insecureskipverify',
    variable: 'TRAEFIK_PROVIDERS_ETCD_TLS_INSECURESKIPVERIFY',
  },
  gathers: true,
  list: trimmedList,
  takesText: true,
  asRead: withFlagsInLowerCase,
};

export const client: EtcdClient = {
  name: 'traefik',
  variables: 'fill in',
  inProcess: (process) => readClient(process, settings),
  words: ['providers'],
  recognises: ({ text }) =>
    /^[ \t]*\[providers\.etcd\b/m.test(text) ||
    (/^providers[ \t]*:[ \t\r]*$/m.test(text) && /^[ \t]+etcd[ \t]*:/m.test(text)),
  inDocument: traefik,
};

/**
 * Traefik's static configuration (https://doc.traefik.io/traefik/providers/etcd). Without endpoints it dials
 * 127.0.0.1:2379 (traefik/traefik pkg/provider/kv/etcd/etcd.go, SetDefaults); the files may be given by their
 * text (pkg/types/tls.go).
 */
function traefik(document: DocumentNode, file: string): readonly ClientDraft[] {
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

function withFlagsInLowerCase(process: Process): Process {
  const words = process.words.map((word) => ({
    ...word,
    text: word.text.replace(/^--?[^=]+/, (flag) => flag.toLowerCase()),
  }));
  return { ...process, words };
}

import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { type Process } from '../process.ts';
import {
  clientOf,
  settingOf,
  tlsFiles,
  trimmed,
  trimmedList,
  withScheme,
} from './client-settings.ts';
import { clientFrom, listAt, settingAt } from './document-settings.ts';
import type { EtcdClient } from './etcd-client.ts';

export const client: EtcdClient = {
  name: 'patroni',
  variables: 'fill in',
  inProcess: patroniVariables,
  recognises: ({ text }) => /^etcd3?[ \t]*:[ \t\r]*$/m.test(text),
  inDocument: patroni,
};

/**
 * Patroni talks to the JSON gateway with Python's TLS (https://patroni.readthedocs.io/en/latest/yaml_configuration.html#etcdv3).
 * Without a CA file urllib3 verifies by the CAs of the operating system, since 1.25.
 */
function patroni(document: DocumentNode, file: string): readonly ClientDraft[] {
  const isPatroni = ['scope', 'postgresql', 'restapi', 'bootstrap'].some(
    (key) => at(document, key) !== undefined,
  );
  if (!isPatroni) return [];
  return ['etcd3', 'etcd'].flatMap((section) => {
    const etcd = at(document, section);
    const endpoints = listAt(etcd, 'hosts') ?? listAt(etcd, 'host') ?? listAt(etcd, 'url');
    if (endpoints === undefined) return [];
    const certFile = settingAt(etcd, 'cert');
    const parts = {
      ...common,
      endpoints: withScheme(trimmed(endpoints), settingAt(etcd, 'protocol')?.value === 'https'),
      caFile: settingAt(etcd, 'cacert'),
      certFile,
      keyFile: settingAt(etcd, 'key') ?? certFile,
    };
    return [clientFrom(parts, file)];
  });
}

const common = { kind: 'patroni', verifier: 'openssl', speaks: 'gateway' } as const;

/** Its variables, which win over its file (https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html). */
function patroniVariables(process: Process): readonly ClientDraft[] {
  return ['PATRONI_ETCD3', 'PATRONI_ETCD'].flatMap((prefix) => {
    const endpoints =
      settingOf(process, { variable: `${prefix}_HOSTS` }) ??
      settingOf(process, { variable: `${prefix}_HOST` }) ??
      settingOf(process, { variable: `${prefix}_URL` });
    if (endpoints === undefined) return [];

    const protocol = settingOf(process, { variable: `${prefix}_PROTOCOL` })?.value;
    const files = tlsFiles(process, {
      ca: { variable: `${prefix}_CACERT` },
      cert: { variable: `${prefix}_CERT` },
      key: { variable: `${prefix}_KEY` },
    });
    const { value, origin } = trimmedList(endpoints);
    const hosts = value.map((host) => host.replaceAll(/["'[\]]/g, ''));
    return [
      clientOf(process, {
        ...common,
        name: common.kind,
        endpoints: withScheme({ value: hosts, origin }, protocol === 'https'),
        ...files,
      }),
    ];
  });
}

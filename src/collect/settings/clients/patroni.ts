import { defined } from '../../../model/defined.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode, Setting } from '../../../model/settings.ts';
import { at } from '../document.ts';
import { type Process } from '../process.ts';
import {
  clientOf,
  settingOf,
  splitList,
  tlsFiles,
  trimmed,
  withScheme,
} from './client-settings.ts';
import { clientFrom, isOn, listAt, settingAt } from './document-settings.ts';
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
    const endpoints = endpointsFrom({
      text: (key) => settingAt(etcd, key),
      list: (key) => listAt(etcd, key),
    });
    if (endpoints === undefined) return [];
    const certFile = settingAt(etcd, 'cert');
    const parts = {
      ...common,
      ...endpoints,
      caFile: settingAt(etcd, 'cacert'),
      certFile,
      keyFile: settingAt(etcd, 'key') ?? certFile,
    };
    return [clientFrom(parts, file)];
  });
}

/** Settings of one section, by their keys. */
interface Section {
  readonly text: (key: string) => Setting<string> | undefined;
  readonly list: (key: string) => Setting<readonly string[]> | undefined;
}

type Endpoints = Pick<ClientDraft, 'endpoints' | 'discoverySrv' | 'proxies'>;

/** A proxy wins over SRV records, these over hosts, and a URL over one host (patroni/dcs/etcd.py). */
function endpointsFrom(section: Section): Endpoints | undefined {
  const { text, list } = section;
  const proxy = text('proxy');
  if (proxy !== undefined) return { endpoints: urlsOf(splitList(proxy), section), proxies: proxy };
  const discoverySrv = firstOf(['srv', 'discovery_srv', 'srv_domain'], text);
  const written = firstOf(['hosts', 'url', 'host'], list);
  const usesProxies = text('use_proxies');
  const proxies = isOn(usesProxies?.value ?? '') ? usesProxies : undefined;
  const found = written ?? (discoverySrv && { ...discoverySrv, value: [] });
  return found && { endpoints: urlsOf(found, section), ...defined({ discoverySrv, proxies }) };
}

function firstOf<Value>(
  keys: readonly string[],
  settingOfKey: (key: string) => Value | undefined,
): Value | undefined {
  return keys.map(settingOfKey).find((setting) => setting !== undefined);
}

function urlsOf(hosts: Setting<readonly string[]>, { text }: Section): Setting<readonly string[]> {
  const port = text('port')?.value ?? '2379';
  const { value, origin } = trimmed(hosts);
  const whole = value.map((host) =>
    /^[\w.-]+$|^\[[^\]]*\]$/.test(host) ? `${host}:${port}` : host,
  );
  return withScheme({ value: whole, origin }, text('protocol')?.value === 'https');
}

const common = { kind: 'patroni', verifier: 'openssl', speaks: 'gateway' } as const;

/** Its variables, which win over its file (https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html). */
function patroniVariables(process: Process): readonly ClientDraft[] {
  return ['PATRONI_ETCD3', 'PATRONI_ETCD'].flatMap((prefix) => {
    const text = (key: string) =>
      settingOf(process, { variable: `${prefix}_${key.toUpperCase()}` });
    const list = (key: string) => {
      const setting = text(key);
      return setting && splitList({ ...setting, value: setting.value.replaceAll(/["'[\]]/g, '') });
    };
    const endpoints = endpointsFrom({ text, list });
    if (endpoints === undefined) return [];

    const files = tlsFiles(process, {
      ca: { variable: `${prefix}_CACERT` },
      cert: { variable: `${prefix}_CERT` },
      key: { variable: `${prefix}_KEY` },
    });
    return [
      clientOf(process, {
        ...common,
        name: common.kind,
        ...endpoints,
        ...files,
      }),
    ];
  });
}

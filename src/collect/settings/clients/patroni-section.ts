import { problem } from '../../../etcd/settings-problem.ts';
import { defined } from '../../../model/defined.ts';
import type { ClientDraft } from '../../../model/draft.ts';
import type { DocumentNode, Setting } from '../../../model/settings.ts';
import type { Problems, SettingsProblem } from '../../../model/settings-problem.ts';
import { at, entriesOf, itemsOf, textOf } from '../document.ts';
import { splitList } from './client-settings.ts';
import { isOn } from './document-settings.ts';

/** What Patroni knows of etcd: the values of one section of its configuration, an empty one included. */
export type Section = ReadonlyMap<string, Setting<string | readonly string[]>>;

/** All sections that name a store, by their names. */
export type Sections = ReadonlyMap<string, Section>;

/** Of several stores the first by the alphabet counts (patroni/dcs/__init__.py get_dcs). */
const stores = ['consul', 'etcd', 'etcd3'] as const;

export function sectionsIn(document: DocumentNode): Sections {
  return new Map(
    stores.flatMap((name) => {
      const section = at(document, name);
      return section === undefined ? [] : [[name, sectionOf(name, section)] as const];
    }),
  );
}

function sectionOf(name: string, section: DocumentNode): Section {
  const values = entriesOf(section).flatMap(({ key, value }) => {
    const text =
      value.kind === 'list' ? itemsOf(value).flatMap((one) => textOf(one) ?? []) : textOf(value);
    const origin = {
      via: 'config-file',
      name: `${name}.${key}`,
      location: value.location,
    } as const;
    return text === undefined ? [] : [[key, { value: text, origin }] as const];
  });
  return new Map(values);
}

/** What a client draft says of Patroni's connections. */
export type ConnectionParts = Pick<
  ClientDraft,
  | 'kind'
  | 'verifier'
  | 'speaks'
  | 'asksVersionTwo'
  | 'endpoints'
  | 'discoverySrv'
  | 'proxies'
  | 'caFile'
  | 'certFile'
  | 'keyFile'
> & { readonly problems: Problems };

/**
 * How Patroni connects to etcd; undefined where it does not. It talks to the JSON gateway, or in the section `etcd` by
 * API version 2, with Python's TLS (https://patroni.readthedocs.io/en/latest/yaml_configuration.html#etcdv3). Without a
 * CA file urllib3 verifies by the CAs of the operating system, since 1.25.
 */
export function connectionOf(sections: Sections): ConnectionParts | undefined {
  const name = stores.find((store) => sections.has(store));
  const section = name === undefined ? undefined : sections.get(name);
  if (section === undefined || name === 'consul') return undefined;
  const found = endpointsFrom(section) ?? endpointsOfOther(section, sections);
  if (found === undefined) return undefined;
  const certFile = textAt(section, 'cert');
  return defined({
    kind: 'patroni',
    verifier: 'openssl' as const,
    speaks: 'gateway' as const,
    ...(name === 'etcd' && { asksVersionTwo: true as const }),
    ...found,
    caFile: textAt(section, 'cacert'),
    certFile,
    // A key alone is not used, and a certificate alone is a file that holds both.
    keyFile: certFile && (textAt(section, 'key') ?? certFile),
  });
}

type Found = Pick<ConnectionParts, 'endpoints' | 'discoverySrv' | 'proxies' | 'problems'>;

/** A proxy wins over SRV records, these over hosts, and a URL over one host (patroni/dcs/etcd.py get_etcd_client). */
function endpointsFrom(section: Section): Found | undefined {
  const proxy = textAt(section, 'proxy');
  if (proxy !== undefined) return { endpoints: ofUrl(proxy), proxies: proxy, problems: [] };
  const [discoverySrv] = ['srv_domain', 'discovery_srv', 'srv'].flatMap(
    (key) => textAt(section, key) ?? [],
  );
  const written = hostsIn(section);
  const found =
    written ?? (discoverySrv && { endpoints: { ...discoverySrv, value: [] }, problems: [] });
  const usesProxies = textAt(section, 'use_proxies');
  const proxies = isOn(usesProxies?.value ?? '') ? usesProxies : undefined;
  return found && defined({ ...found, discoverySrv, proxies });
}

function hostsIn(section: Section): Pick<Found, 'endpoints' | 'problems'> | undefined {
  const url = textAt(section, 'url');
  const hosts = listAt(section, 'hosts');
  // Next to a URL, hosts are taken as they are: a text letter by letter, and those of a list without TLS.
  if (url !== undefined && hosts !== undefined) {
    return { endpoints: hosts, problems: [refused(hosts, 'hosts-next-to-url')] };
  }
  if (url !== undefined) return { endpoints: ofUrl(url), problems: [] };
  return hosts === undefined ? hostAlone(section) : hostsOf(hosts, section, withPort);
}

function hostAlone(section: Section) {
  const host = textAt(section, 'host');
  return host && hostsOf({ ...host, value: [host.value] }, section, ofOneHost);
}

function hostsOf(
  hosts: Setting<readonly string[]>,
  section: Section,
  written: (host: string, port: string | undefined) => string,
): Pick<Found, 'endpoints' | 'problems'> {
  const scheme = textAt(section, 'protocol')?.value.toLowerCase() ?? 'http';
  const port = textAt(section, 'port')?.value;
  const value = hosts.value.map((each) => {
    const text = each.trim();
    return withScheme.test(text) ? text : `${scheme}://${written(text, port)}`;
  });
  const isUrl = hosts.value.some((each) => withScheme.test(each));
  const problems = isUrl ? [refused(hosts, 'host-with-scheme')] : [];
  return { endpoints: { ...hosts, value }, problems };
}

/** The section that counts names no endpoint, and one that does not count names some. */
function endpointsOfOther(section: Section, sections: Sections): Found | undefined {
  const [own] = section.values();
  const other = sections.get('etcd3');
  const found = other && other !== section ? endpointsFrom(other) : undefined;
  if (found === undefined || own === undefined) return undefined;
  return { ...found, problems: [refused(own, 'section-without-endpoint')] };
}

function refused(setting: Setting<unknown>, why: SettingsProblem['why']): SettingsProblem {
  return problem('refused-at-start', setting, why, says[why]);
}

const says: Partial<Record<SettingsProblem['why'], string>> = {
  'host-with-scheme': 'ValueError: Invalid IPv6 URL',
  'section-without-endpoint':
    'Exception: Neither srv, hosts, host nor url are defined in etcd section of config',
};

const withScheme = /^\s*[a-z][a-z\d+.-]*:\/\//i;

/** A key for the port wins over the port of one host, and is that of hosts without one. */
function ofOneHost(host: string, port: string | undefined): string {
  return port === undefined ? withPort(host, port) : `${host.replace(/:\d+$/, '')}:${port}`;
}

function withPort(host: string, port = '2379'): string {
  return /^[\w.-]+$|^\[[^\]]*\]$/.test(host) ? `${host}:${port}` : host;
}

function ofUrl({ value, origin }: Setting<string>): Setting<readonly string[]> {
  const [, url, port] = /^([a-z][\w+.-]*:\/\/(?:\[[^\]]*\]|[\w.-]+))(:\d+)?\/?$/i.exec(value) ?? [];
  return { value: [url === undefined ? value : `${url}${port ?? ':2379'}`], origin };
}

function textAt(section: Section, key: string): Setting<string> | undefined {
  const { value, origin } = section.get(key) ?? {};
  return typeof value === 'string' && value !== '' && origin !== undefined
    ? { value, origin }
    : undefined;
}

function listAt(section: Section, key: string): Setting<readonly string[]> | undefined {
  const { value, origin } = section.get(key) ?? {};
  if (value === undefined || origin === undefined || value === '') return undefined;
  return typeof value === 'string' ? splitList({ value, origin }) : { value, origin };
}

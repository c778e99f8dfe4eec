import type { MemberSettings, Setting, TlsSettings } from '../model/settings.ts';
import { defined } from '../model/defined.ts';
import {
  booleanOf,
  clientAllowedCn,
  clientSkipSan,
  listOf,
  type RawSettings,
  textOf,
} from './raw-settings.ts';
import { defaultUrls, parseUrls } from './urls.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import { problem } from './settings-problem.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/** Gives raw values their places, fills in etcd's defaults, and says which URL lists etcd cannot read. */
export function memberSettings(
  raw: RawSettings,
  processEnvironment: MemberSettings['processEnvironment'],
  version: EtcdVersion,
): { settings: MemberSettings; problems: Problems } {
  const reading = readUrlSettings(raw, version);
  const name = textOf(raw, 'name');
  const cluster = initialCluster(textOf(raw, 'initial-cluster'));
  const listed = cluster?.value.find((entry) => entry.name === (name?.value ?? 'default'));
  const settings: MemberSettings = defined({
    ...reading.urls,
    ...(listed && advertisedAs(listed.url, reading.urls, version)),
    name,
    dataDir: textOf(raw, 'data-dir'),
    initialCluster: cluster,
    initialClusterToken: textOf(raw, 'initial-cluster-token'),
    initialClusterState: textOf(raw, 'initial-cluster-state'),
    discovery: textOf(raw, 'discovery') ?? textOf(raw, 'discovery-token'),
    client: clientTls(raw),
    peer: peerTls(raw),
    cipherSuites: listOf(raw, 'cipher-suites'),
    tlsMinVersion: textOf(raw, 'tls-min-version'),
    tlsMaxVersion: textOf(raw, 'tls-max-version'),
    enableGrpcGateway: gateway(raw, version),
    enablePprof: booleanOf(raw, 'enable-pprof'),
    enableV2: booleanOf(raw, 'enable-v2'),
    authToken: textOf(raw, 'auth-token'),
    discoverySrv: textOf(raw, 'discovery-srv'),
    logger: textOf(raw, 'logger'),
    logLevel: logLevel(raw),
    hostWhitelist: listOf(raw, 'host-whitelist'),
    selfSignedCertValidity: numberOf(raw, 'self-signed-cert-validity'),
    setMemberLocalAddress: memberLocalAddress(raw),
    configFile: textOf(raw, 'config-file'),
    processEnvironment,
  });
  return { settings, problems: reading.problems };
}

function clientTls(raw: RawSettings): TlsSettings {
  return defined({
    certFile: textOf(raw, 'cert-file'),
    keyFile: textOf(raw, 'key-file'),
    ...authorities(raw, ''),
    autoTls: booleanOf(raw, 'auto-tls'),
    crlFile: textOf(raw, 'client-crl-file'),
    clientCertFile: textOf(raw, 'client-cert-file'),
    clientKeyFile: textOf(raw, 'client-key-file'),
    allowedCns: listOf(raw, clientAllowedCn),
    allowedHostnames: listOf(raw, 'client-cert-allowed-hostname'),
    skipClientSanVerification: booleanOf(raw, clientSkipSan),
  });
}

function peerTls(raw: RawSettings): TlsSettings {
  return defined({
    certFile: textOf(raw, 'peer-cert-file'),
    keyFile: textOf(raw, 'peer-key-file'),
    ...authorities(raw, 'peer-'),
    autoTls: booleanOf(raw, 'peer-auto-tls'),
    crlFile: textOf(raw, 'peer-crl-file'),
    clientCertFile: textOf(raw, 'peer-client-cert-file'),
    clientKeyFile: textOf(raw, 'peer-client-key-file'),
    allowedCns: listOf(raw, 'peer-cert-allowed-cn'),
    allowedHostnames: listOf(raw, 'peer-cert-allowed-hostname'),
    skipClientSanVerification:
      booleanOf(raw, 'peer-skip-client-san-verification') ??
      booleanOf(raw, 'experimental-peer-skip-client-san-verification'),
  });
}

/** Up to 3.3 the older `--ca-file` asks for certificates as well, and adds its CAs (pkg/transport/listener.go, cafiles). */
function authorities(raw: RawSettings, prefix: '' | 'peer-') {
  const older = textOf(raw, `${prefix}ca-file`);
  const newer = textOf(raw, `${prefix}trusted-ca-file`);
  const asked = booleanOf(raw, `${prefix}client-cert-auth`);
  return {
    trustedCaFile: newer ?? older,
    caFile: newer === undefined ? undefined : older,
    clientCertAuth: asked?.value === true ? asked : (implied(older) ?? asked),
  };
}

function implied(caFile: Setting<string> | undefined): Setting<boolean> | undefined {
  return caFile === undefined ? undefined : { value: true, origin: caFile.origin };
}

interface UrlReading {
  readonly urls: Pick<
    MemberSettings,
    | 'listenClientUrls'
    | 'advertiseClientUrls'
    | 'listenPeerUrls'
    | 'initialAdvertisePeerUrls'
    | 'listenMetricsUrls'
    | 'listenClientHttpUrls'
  >;
  readonly problems: Problems;
}

function readUrlSettings(raw: RawSettings, version: EtcdVersion): UrlReading {
  const problems: SettingsProblem[] = [];

  function optional(name: string): Setting<readonly string[]> | undefined {
    const setting = listOf(raw, name);
    // In a configuration file an empty text counts as not set; flags and variables were read before.
    if (setting === undefined || setting.value.join() === '') return undefined;
    const list = setting.value.flatMap((item) => item.split(','));
    const parsed = parseUrls(list, version);
    if (!parsed.ok) problems.push(unreadableUrls(name, setting, parsed.error));
    return {
      value: parsed.ok ? parsed.urls.map(({ text }) => text) : list,
      origin: setting.origin,
    };
  }
  function required(name: keyof typeof defaultUrls): Setting<readonly string[]> {
    const given = optional(name);
    if (given !== undefined) return given;
    const value = defaultUrls[name];
    const empty = listOf(raw, name);
    const values = { names: value.join() };
    if (empty !== undefined) {
      problems.push(problem('without-effect', empty, 'empty-urls', undefined, values));
    }
    return { value, origin: { via: 'default' } };
  }

  const urls = defined({
    listenClientUrls: required('listen-client-urls'),
    advertiseClientUrls: required('advertise-client-urls'),
    listenPeerUrls: required('listen-peer-urls'),
    initialAdvertisePeerUrls: required('initial-advertise-peer-urls'),
    listenMetricsUrls: optional('listen-metrics-urls'),
    listenClientHttpUrls: optional('listen-client-http-urls'),
  });
  return { urls, problems };
}

/**
 * The port of a peer listener on 0.0.0.0 where the advertised peer URL is left at its default: etcd replaces the default
 * with the address of the host's default route, if there is one (embed/config.go UpdateDefaultClusterFromName).
 */
export function portOfDefaultRoute(
  { listenPeerUrls, initialAdvertisePeerUrls: { value } }: UrlReading['urls'],
  version: EtcdVersion,
): string | undefined {
  const listening = parseUrls(listenPeerUrls.value, version);
  const [first] = listening.ok ? listening.urls : [];
  const isDefault = value.join() === defaultUrls['initial-advertise-peer-urls'].join();
  return isDefault && first?.host === '0.0.0.0' ? first.port : undefined;
}

/** No file says which address that is: a member that starts has the one that its cluster lists. */
function advertisedAs(listed: string, urls: UrlReading['urls'], version: EtcdVersion) {
  const read = parseUrls([listed], version);
  const [url] = read.ok ? read.urls : [];
  if (url?.scheme !== 'http' || url.host === 'localhost') return undefined;
  if (url.port !== portOfDefaultRoute(urls, version)) return undefined;
  const because = 'etcd advertises the address of the default route, and initial-cluster lists it';
  return {
    initialAdvertisePeerUrls: { value: [url.text], origin: { via: 'assumed', because } },
  } as const;
}

/** Only a configuration file gets as far as here with such a list: flags and variables were refused before. */
function unreadableUrls(
  name: string,
  { origin }: Setting<readonly string[]>,
  error: string,
): SettingsProblem {
  // embed/config.go prints the peers' name for the clients' list.
  const printed = name === 'advertise-client-urls' ? 'advertise-peer-urls' : name;
  return {
    kind: 'refused-at-start',
    name,
    why: 'unreadable-urls',
    etcdSays: `unexpected error setting up ${printed}: ${error}`,
    ...(origin.location === undefined ? {} : { location: origin.location }),
  };
}

function initialCluster(setting: Setting<string> | undefined): MemberSettings['initialCluster'] {
  if (setting === undefined) return undefined;
  const value = setting.value.split(',').flatMap((item) => {
    const [, written = '', after = ''] = /^([^=]*)=(.*)$/s.exec(item) ?? [];
    const url = after.trim();
    const name = written.trim();
    return url === '' ? [] : [{ name, url, ...(name !== written && { written }) }];
  });
  return { value, origin: setting.origin };
}

/** Off by default in 3.4 when a configuration file is used: its zero value is never set. */
function gateway(raw: RawSettings, version: EtcdVersion): Setting<boolean> | undefined {
  const set = booleanOf(raw, 'enable-grpc-gateway');
  if (set !== undefined) return set;
  const offInFile = isAtLeast(version, '3.4.0') && !isAtLeast(version, '3.5.0');
  if (!offInFile || !raw.has('config-file')) return undefined;
  return {
    value: false,
    origin: {
      via: 'default',
      because: 'etcd 3.4 has it off when it is given a configuration file',
    },
  };
}

function logLevel(raw: RawSettings): Setting<string> | undefined {
  const debug = booleanOf(raw, 'debug');
  if (debug?.value === true) return { value: 'debug', origin: debug.origin };
  return textOf(raw, 'log-level');
}

function numberOf(raw: RawSettings, name: string): Setting<number> | undefined {
  const setting = textOf(raw, name);
  return setting === undefined
    ? undefined
    : { value: Number(setting.value), origin: setting.origin };
}

function memberLocalAddress(raw: RawSettings): Setting<boolean> | undefined {
  const gates = textOf(raw, 'feature-gates');
  const gate = /(?:^|,)\s*SetMemberLocalAddr=(\w+)/.exec(gates?.value ?? '')?.[1];
  if (gates === undefined || gate === undefined) return undefined;
  return { value: /^(1|t|true)$/i.test(gate), origin: gates.origin };
}

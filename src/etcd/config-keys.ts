import { type Flag, flagNamed, knows } from './flags.ts';
import { clientAllowedCn, clientSkipSan } from './raw-settings.ts';
import { tlsInfoField } from './tls-info-fields.ts';
import { type EtcdVersion, hasSince, isAtLeast, releaseOf } from './version.ts';
import { table } from '../model/table.ts';

/** What Go's decoder wants to find under a key. */
export type KeyType =
  | 'string'
  | 'bool'
  | NumberType
  | '[]string'
  | '[]uint16'
  | 'func(*tls.Conn, error)'
  | 'zap.Logger'
  | 'any';

/** Go's integers; a duration is one of nanoseconds. */
export type NumberType =
  | 'uint'
  | 'int'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'int64'
  | 'time.Duration';

/** A key of the configuration file and the setting behind it. */
export interface ConfigKey {
  /** The flag's name, or the name in `raw-settings.ts` of what has no flag; absent for what has no effect. */
  readonly setting?: string;
  readonly type: KeyType;
  /** Go's name of the struct that holds it, which its error texts contain. */
  readonly struct: 'securityConfig' | 'configYAML' | 'TLSInfo';
  /** Go's name of the field, in JSON. */
  readonly field: string;
}

export type Section = 'client' | 'peer';

export const sectionNames = table<Section>({
  'client-transport-security': 'client',
  'peer-transport-security': 'peer',
});

/** Sections that work by accident, from Go's field names: embed.Config's TLSInfo fields carry no json tag. */
export const goSectionNames = table<{ readonly section: Section; readonly field: string }>({
  clienttlsinfo: { section: 'client', field: 'ClientTLSInfo' },
  peertlsinfo: { section: 'peer', field: 'PeerTLSInfo' },
});

/** Flags whose settings the configuration file cannot make, in any version. */
const notInFile = new Set([
  'client-crl-file',
  'peer-crl-file',
  'config-file',
  'version',
  'raft-read-timeout',
  'raft-write-timeout',
  'socket-reuse-address',
  'socket-reuse-port',
  'discovery-cacert',
  'discovery-cert',
  'discovery-key',
  'discovery-endpoints',
  'discovery-insecure-skip-tls-verify',
  'discovery-insecure-transport',
  'discovery-token',
  'discovery-user',
  'discovery-password',
  'discovery-dial-timeout',
  'discovery-request-timeout',
  'discovery-keepalive-time',
  'discovery-keepalive-timeout',
]);

/** Those that embed.Config has as another type than uint. */
const numberTypes = table<NumberType>({
  'backend-batch-limit': 'int',
  'compaction-batch-limit': 'int',
  'distributed-tracing-sampling-rate': 'int',
  'experimental-compaction-batch-limit': 'int',
  'experimental-distributed-tracing-sampling-rate': 'int',
  'max-learners': 'int',
  'max-concurrent-streams': 'uint32',
  'snapshot-count': 'uint64',
  'snapshot-catchup-entries': 'uint64',
  'experimental-snapshot-catchup-entries': 'uint64',
  'quota-backend-bytes': 'int64',
});

/** Keys that came to the file later than the flag of that name. */
const laterInFile = table<readonly string[]>({
  'self-signed-cert-validity': ['3.5.1'],
  'experimental-peer-skip-client-san-verification': ['3.6.0'],
});

/** Keys at the top level that no flag has. */
const topLevelOnly = new Set([
  'discovery-config',
  'experimental-snapshot-catch-up-entries',
  'grpc-additional-server-options',
  'socket-options',
  'proxy',
]);

/** The key at the top level, by its lower-case name; undefined when this version ignores it. */
export function topLevelKey(name: string, version: EtcdVersion): ConfigKey | undefined {
  if (topLevelOnly.has(name)) {
    return { setting: name, type: 'any', struct: 'configYAML', field: name };
  }
  const flag = flagNamed(name);
  if (flag === undefined || sectionKeyOf(name) !== undefined || notInFile.has(name))
    return undefined;
  if (!knowsInFile(flag, version)) return undefined;

  return { setting: name, type: typeOf(flag, version), struct: 'configYAML', field: name };
}

function knowsInFile(flag: Flag, version: EtcdVersion): boolean {
  const later = laterInFile[flag.name];
  if (later !== undefined && !hasSince(version, later)) return false;
  return flag.kind !== 'ignored' && knows(version, flag);
}

function typeOf({ name, kind }: Flag, version: EtcdVersion): KeyType {
  if (name === 'host-whitelist') return 'string';
  if (name.startsWith('log-output')) return logOutputs(version);
  return numberTypes[name] ?? typesOfKinds[kind];
}

const typesOfKinds: Readonly<Record<Flag['kind'], KeyType>> = {
  boolean: 'bool',
  number: 'uint',
  list: '[]string',
  text: 'string',
  urls: 'string',
  duration: 'time.Duration',
  ignored: 'any',
};

/** One word in 3.3. */
function logOutputs(version: EtcdVersion): KeyType {
  return isAtLeast(version, '3.4.0') ? '[]string' : 'string';
}

interface SectionKey {
  readonly type: KeyType;
  /** Setting by section. */
  readonly client: string;
  readonly peer: string;
  readonly since?: readonly string[];
  readonly until?: string;
}

const sectionKeys = table<SectionKey>({
  'cert-file': { type: 'string', client: 'cert-file', peer: 'peer-cert-file' },
  'key-file': { type: 'string', client: 'key-file', peer: 'peer-key-file' },
  'client-cert-file': {
    type: 'string',
    client: 'client-cert-file',
    peer: 'peer-client-cert-file',
    since: ['3.5.0'],
  },
  'client-key-file': {
    type: 'string',
    client: 'client-key-file',
    peer: 'peer-client-key-file',
    since: ['3.5.0'],
  },
  'client-cert-auth': { type: 'bool', client: 'client-cert-auth', peer: 'peer-client-cert-auth' },
  'trusted-ca-file': { type: 'string', client: 'trusted-ca-file', peer: 'peer-trusted-ca-file' },
  'auto-tls': { type: 'bool', client: 'auto-tls', peer: 'peer-auto-tls' },
  'ca-file': { type: 'string', client: 'ca-file', peer: 'peer-ca-file', until: '3.4.0' },
  'allowed-cn': {
    type: '[]string',
    client: clientAllowedCn,
    peer: 'peer-cert-allowed-cn',
    since: ['3.5.14'],
  },
  'allowed-hostname': {
    type: '[]string',
    client: 'client-cert-allowed-hostname',
    peer: 'peer-cert-allowed-hostname',
    since: ['3.5.14'],
  },
  'skip-client-san-verification': {
    type: 'bool',
    client: clientSkipSan,
    peer: 'peer-skip-client-san-verification',
    since: ['3.6.0'],
  },
});

/** Settings behind fields of TLSInfo, by lower-case name, which the sections above do not overwrite afterwards. */
const goSettings = table<Readonly<Record<Section, string>> & Lifetime>({
  crlfile: { client: 'client-crl-file', peer: 'peer-crl-file' },
  allowedcn: { client: clientAllowedCn, peer: 'peer-cert-allowed-cn', notIn: '3.5.14' },
  allowedhostname: {
    client: 'client-cert-allowed-hostname',
    peer: 'peer-cert-allowed-hostname',
    notIn: '3.5.14',
  },
  skipclientsanverify: {
    client: clientSkipSan,
    peer: 'peer-skip-client-san-verification',
    until: '3.6.0',
  },
});

interface Lifetime {
  readonly until?: string;
  /** A release that overwrites it all the same. */
  readonly notIn?: string;
}

/** The key inside a section, by its lower-case name; undefined when this version ignores it. */
export function sectionKey(
  section: Section,
  name: string,
  version: EtcdVersion,
): ConfigKey | undefined {
  const key = sectionKeys[name];
  if (key === undefined || !isIn(key, version)) return undefined;
  // A single string in 3.5.14, a list from 3.5.15 on (server/embed/config.go securityConfig).
  const single = name.startsWith('allowed-') && !hasSince(version, ['3.5.15']);
  const type = single ? 'string' : key.type;
  return { setting: key[section], type, struct: 'securityConfig', field: name };
}

/** The key inside a section under Go's own name, by its lower-case name; its value may set nothing. */
export function goSectionKey(
  section: Section,
  name: string,
  version: EtcdVersion,
): ConfigKey | undefined {
  const field = tlsInfoField(name, version);
  if (field === undefined) return undefined;
  const behind = goSettings[name];
  const isRead =
    behind !== undefined &&
    releaseOf(version) !== behind.notIn &&
    (behind.until === undefined || !isAtLeast(version, behind.until));
  return {
    ...(isRead && { setting: behind[section] }),
    type: field.type,
    struct: 'TLSInfo',
    field: field.field,
  };
}

function isIn({ since, until }: SectionKey, version: EtcdVersion): boolean {
  const isAfterStart = since === undefined || hasSince(version, since);
  return isAfterStart && (until === undefined || !isAtLeast(version, until));
}

/** In which section, and under which key, the setting of a top-level or flag name belongs. */
export function sectionKeyOf(name: string): { section: string; key: string } | undefined {
  for (const [key, { client, peer }] of Object.entries(sectionKeys)) {
    if (name === peer) return { section: 'peer-transport-security', key };
    if (name === client || name === key) return { section: 'client-transport-security', key };
  }
  return undefined;
}

/** Whether some other version has the key in its sections, and which. */
export function sectionKeyLifetime(name: string): Pick<Flag, 'since' | 'until'> | undefined {
  const key = sectionKeys[name];
  if (key === undefined) return undefined;
  return { since: key.since ?? [], ...(key.until === undefined ? {} : { until: key.until }) };
}

export const sectionKeyNames: readonly string[] = Object.keys(sectionKeys);

import { type EffectiveTls, effectiveTls } from '../etcd/effective-tls.ts';
import { refusedSettings } from './refused-settings.ts';
import type { EtcdUrl } from '../etcd/urls.ts';
import { nilLogger, panicsInSetUp } from '../etcd/log-words.ts';
import { type EtcdVersion, etcdVersion, hasSince } from '../etcd/version.ts';
import type { Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import { type AllowedNames, allowedNames } from './allowed-names.ts';
import { goOf } from '../deployment/go-rules.ts';
import type { Refusal } from './judgement.ts';
import {
  type Anchors,
  type Credential,
  type FileAccess,
  type FileIndex,
  loadTrust,
  loadCredential,
} from './material.ts';
import { type Protocol, protocolOfMember } from './negotiation.ts';
import { parseEndpoint, isWildcard, joinHostPort } from '../model/host.ts';

type PortName = 'client' | 'peer' | 'metrics';

/** One of a member's ports, with everything that it decides by. */
export interface Listener<Port extends PortName = PortName> {
  readonly member: Member;
  readonly port: Port;
  readonly version: EtcdVersion;
  readonly access: FileAccess;
  readonly effective: EffectiveTls;
  readonly protocol: Protocol;
  readonly serves: Credential;
  /** Absent when it asks for no certificate. */
  readonly clientAnchors?: Anchors;
  readonly allowed?: AllowedNames;
  readonly crlFile?: Setting<string>;
  /** Ports on which gRPC does the handshake itself: etcd neither logs nor consults the CRL there. */
  readonly unsupervisedPorts: readonly string[];
  /** Why the process ends before it listens here, or soon after. */
  readonly refusesToStart?: Refusal;
}

export function listenerOf<Port extends PortName>(
  member: Member,
  port: Port,
  files: FileIndex,
): Listener<Port> {
  const version = etcdVersion(member.etcdVersion.value);
  const effective = effectiveTls(member.settings, port, version);
  const access = { matches: member.files, files, go: goOf(member) };
  const serves = served(effective, access);
  const clientAnchors =
    effective.clientAuthentication === 'none'
      ? undefined
      : loadTrust(effective, access, member.settings.processEnvironment['SSL_CERT_FILE']);
  const refusesToStart = failureToLoad(effective, access, serves);
  const allowed = allowedNames(effective, version);

  return {
    member,
    port,
    version,
    access,
    effective,
    protocol: protocolOfMember(member),
    serves,
    ...(clientAnchors && { clientAnchors }),
    ...(allowed && { allowed }),
    ...(effective.crlFile && { crlFile: effective.crlFile }),
    unsupervisedPorts: port === 'client' ? unsupervisedPorts(member, version) : [],
    ...(refusesToStart && { refusesToStart }),
  };
}

/** GHSA-3wh4-j44w-pg92: with `--listen-client-http-urls`, until 3.5.32, 3.6.13 and 3.7.0. */
function unsupervisedPorts({ settings }: Member, version: EtcdVersion): readonly string[] {
  const split = (settings.listenClientHttpUrls?.value ?? []).length > 0;
  if (!split || hasSince(version, ['3.5.32', '3.6.13', '3.7.0'])) return [];
  return settings.listenClientUrls.value.map((url) => parseEndpoint(url, true).port);
}

function served(effective: EffectiveTls, access: FileAccess): Credential {
  switch (effective.certificate) {
    case 'none':
      return { kind: 'none' };
    case 'generated':
      return { kind: 'generated', hosts: effective.encryptedUrls.map(({ host }) => host) };
    case 'files':
      return loadCredential(effective.certFile, effective.keyFile, access);
  }
}

/** In the order of etcd's baseConfig and ServerConfig: own pair, pair for dialling, CA file. */
function failureToLoad(
  effective: EffectiveTls,
  access: FileAccess,
  serves: Credential,
): Refusal | undefined {
  if (!effective.loadsFiles) return undefined;
  if (serves.kind === 'broken') return serves.refusal;

  const pairs = [
    loadCredential(effective.certFile, effective.keyFile, access),
    loadCredential(effective.dialCertFile, effective.dialKeyFile, access),
  ];
  for (const pair of pairs) if (pair.kind === 'broken') return pair.refusal;

  // The CA file is loaded whether or not clients are asked for certificates (3.3 without the flag).
  const anchors = loadTrust(effective, access);
  return anchors.kind === 'broken' ? anchors.refusal : undefined;
}

/** A member's two ports. */
export interface Listeners {
  readonly client: Listener<'client'>;
  readonly peer: Listener<'peer'>;
}

/** Why a member's process ends, whichever port is at fault. */
export function refusalToStart(member: Member, { client, peer }: Listeners): Refusal | undefined {
  // The peer listener is built at once, the client listener after the member is ready.
  return refusedSettings(member.problems) ?? peer.refusesToStart ?? inWordsOfLog(member, client);
}

function inWordsOfLog(
  { settings }: Member,
  { refusesToStart, version }: Listener<'client'>,
): Refusal | undefined {
  if (refusesToStart === undefined || !panicsInSetUp('gateway', settings, version)) {
    return refusesToStart;
  }
  return { ...refusesToStart, text: nilLogger };
}

/** Where a listener is found from outside: wildcard addresses replaced by one of the member's own. */
export function reachableUrl({ scheme, host, port }: EtcdUrl, member: Member): string {
  const reached = isWildcard(host)
    ? (member.addresses[0] ?? member.hostnames[0] ?? '127.0.0.1')
    : host;
  return `${scheme}://${joinHostPort(reached, port)}`;
}

import type { MemberSettings, Setting, TlsSettings } from '../model/settings.ts';
import { defined } from '../model/defined.ts';
import { type EtcdUrl, parseUrls } from './urls.ts';
import { type EtcdVersion, hasSince, isAtLeast } from './version.ts';

export type Listener = 'client' | 'peer' | 'metrics';

/** Which clients a listener accepts over TLS, after everything that etcd does with its settings. */
export type ClientAuthentication =
  /** Requests no certificate: every client is accepted. */
  | 'none'
  /** Asks for one and verifies it against the operating system's roots. */
  | 'system-roots'
  /** Asks for one and verifies it against `trustedCaFile`. */
  | 'trusted-ca';

/** What one of a member's listeners really does. Pure: the same settings always give the same answer. */
export interface EffectiveTls {
  readonly listener: Listener;
  /** What it listens on, with TLS and without. */
  readonly encryptedUrls: readonly EtcdUrl[];
  readonly plaintextUrls: readonly EtcdUrl[];
  /** Where the certificate that it serves comes from; `none` without an encrypted URL. */
  readonly certificate: 'files' | 'generated' | 'none';
  readonly certFile?: Setting<string>;
  readonly keyFile?: Setting<string>;
  readonly clientAuthentication: ClientAuthentication;
  /** The CA file in force, for connections to and from the member. Absent means system roots. */
  readonly trustedCaFile?: Setting<string>;
  /** Another one whose CAs count as well. */
  readonly caFile?: Setting<string>;
  /** Consulted for those who connect, never for those who are dialled. */
  readonly crlFile?: Setting<string>;
  /** Enforced on the client listener only where a certificate is asked for; on peers when dialling too. */
  readonly allowedCns?: Setting<readonly string[]>;
  readonly allowedHostnames?: Setting<readonly string[]>;
  /** Whether the SANs of a client's certificate are compared with the address it connects from. */
  readonly checksSourceAddress: boolean;
  /** What the member shows when it dials: its peers, or itself for the gateway. */
  readonly dialCertFile?: Setting<string>;
  readonly dialKeyFile?: Setting<string>;
  /** With generated certificates members do not verify the servers they connect to. */
  readonly dialsUnverified: boolean;
  /** Whether the log names who was rejected and why. */
  readonly logsRejections: boolean;
  /**
   * Whether the files above are read at start, so that a broken one ends etcd: those for peers always,
   * since the transport that dials them is built whatever the URLs are, those for clients with an
   * encrypted URL alone.
   */
  readonly loadsFiles: boolean;
}

/** Works out what a listener does with its settings (etcd-io/etcd embed/etcd.go, transport/listener.go). */
export function effectiveTls(
  settings: MemberSettings,
  listener: Listener,
  version: EtcdVersion,
): EffectiveTls {
  const known = workedOut.get(settings) ?? new Map<string, EffectiveTls>();
  workedOut.set(settings, known);
  const key = `${listener} ${version.text} ${version.goRelease ?? ''}`;
  const effective = known.get(key) ?? workOut(settings, listener, version);
  known.set(key, effective);
  return effective;
}

/** Answers by settings, which never change: every problem, edge and check asks for them. */
const workedOut = new WeakMap<MemberSettings, Map<string, EffectiveTls>>();

function workOut(settings: MemberSettings, listener: Listener, version: EtcdVersion): EffectiveTls {
  const urls = listenUrls(settings, listener, version);
  const encryptedUrls = urls.filter(({ encrypted }) => encrypted);
  const common = {
    listener,
    encryptedUrls,
    plaintextUrls: urls.filter(({ encrypted }) => !encrypted),
    loadsFiles: listener === 'peer' || encryptedUrls.length > 0,
  };

  const tls = listener === 'peer' ? settings.peer : settings.client;
  const given = tls.certFile !== undefined || tls.keyFile !== undefined;
  if (!given && tls.autoTls?.value === true) {
    return {
      ...common,
      ...generated,
      certificate: encryptedUrls.length > 0 ? 'generated' : 'none',
    };
  }
  return {
    ...common,
    ...withFiles(tls, listener, version),
    certificate: given && encryptedUrls.length > 0 ? 'files' : 'none',
  };
}

/** `auto-tls` replaces the whole of TLSInfo (embed/config.go ClientSelfCert, PeerSelfCert), the log hook included. */
const generated = {
  clientAuthentication: 'none',
  checksSourceAddress: false,
  dialsUnverified: true,
  logsRejections: false,
} as const;

function withFiles(tls: TlsSettings, listener: Listener, version: EtcdVersion) {
  const { certFile, keyFile, trustedCaFile, caFile, crlFile } = tls;
  const ownPair = tls.clientCertFile === undefined;
  return defined({
    certFile,
    keyFile,
    trustedCaFile,
    caFile,
    crlFile,
    allowedCns: nonEmpty(tls.allowedCns),
    allowedHostnames: nonEmpty(tls.allowedHostnames),
    dialCertFile: ownPair ? certFile : tls.clientCertFile,
    dialKeyFile: ownPair ? keyFile : tls.clientKeyFile,
    clientAuthentication: clientAuthentication(tls, version),
    checksSourceAddress: listener !== 'client' && tls.skipClientSanVerification?.value !== true,
    dialsUnverified: false,
    logsRejections: true,
  });
}

/** Whether `client-cert-auth` itself is set; up to 3.3 `ca-file` asked for certificates without it. */
export function asksLiterally(
  tls: TlsSettings,
): tls is TlsSettings & { readonly clientCertAuth: Setting<boolean> } {
  const { clientCertAuth, trustedCaFile, caFile } = tls;
  if (clientCertAuth?.value !== true) return false;
  const { name } = clientCertAuth.origin;
  return name === undefined || name !== (caFile ?? trustedCaFile)?.origin.name;
}

function nonEmpty(list: Setting<readonly string[]> | undefined) {
  return list?.value.length === 0 ? undefined : list;
}

/** Asked of the settings alone: since 3.4 a CA file is enough, before it `client-cert-auth` was needed. */
export function clientAuthentication(
  { trustedCaFile, clientCertAuth }: TlsSettings,
  version: EtcdVersion,
): ClientAuthentication {
  const asked = clientCertAuth?.value === true;
  if (trustedCaFile === undefined) return asked ? 'system-roots' : 'none';
  return asked || isAtLeast(version, '3.4.0') ? 'trusted-ca' : 'none';
}

/** The URLs of a listener that etcd can read; what it cannot is a problem of the settings. */
function listenUrls(
  settings: MemberSettings,
  listener: Listener,
  version: EtcdVersion,
): readonly EtcdUrl[] {
  const lists = {
    client: [...settings.listenClientUrls.value, ...(settings.listenClientHttpUrls?.value ?? [])],
    peer: settings.listenPeerUrls.value,
    metrics: settings.listenMetricsUrls?.value ?? [],
  };
  return lists[listener].flatMap((url) => {
    const parsed = parseUrls([url], version);
    return parsed.ok ? parsed.urls : [];
  });
}

/** Whether the JSON gateway is on, which dials the member's own client port. */
export function hasGateway(settings: MemberSettings): boolean {
  return settings.enableGrpcGateway?.value !== false;
}

/** Whether `--listen-client-http-urls` leaves gRPC clients unchecked against the CRL (GHSA-3wh4-j44w-pg92). */
export function bypassesRevocationList(settings: MemberSettings, version: EtcdVersion): boolean {
  const split = (settings.listenClientHttpUrls?.value ?? []).length > 0;
  if (!split || settings.client.crlFile === undefined) return false;
  return !hasSince(version, ['3.5.32', '3.6.13', '3.7.0']);
}

/**
 * Whether the whole gRPC API answers on a peer port without TLS (removed in 3.6.0). Where peer
 * certificates are set with an http URL, the API server inside wants TLS and cannot be reached.
 */
export function servesApiOnPeerPort(settings: MemberSettings, version: EtcdVersion): boolean {
  const { certFile, keyFile, autoTls } = settings.peer;
  const hasCertificate = certFile !== undefined || keyFile !== undefined || autoTls?.value === true;
  if (isAtLeast(version, '3.6.0') || hasCertificate) return false;
  return effectiveTls(settings, 'peer', version).plaintextUrls.length > 0;
}

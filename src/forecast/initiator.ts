import { effectiveTls } from '../etcd/effective-tls.ts';
import { etcdVersion, hasSince, isAtLeast } from '../etcd/version.ts';
import type { Client, Member } from '../model/inventory.ts';
import { type GoRelease, isSince } from '../pki/go-release.ts';
import { type AllowedNames, allowedNames } from './allowed-names.ts';
import { goOf, goOfClient, offersForHttp2Alone } from '../deployment/go-rules.ts';
import { blameSetting, type Refusal } from './judgement.ts';
import {
  type Anchors,
  type Credential,
  type FileIndex,
  loadAnchors,
  loadTrust,
  loadCredential,
} from './material.ts';
import { type Protocol, protocolOfClient, protocolOfMember } from './negotiation.ts';
import type { Source } from './peer-san.ts';
import { refusedSettings } from './refused-settings.ts';
import { rules } from './rules.ts';
import { grpcSuites, opensslSuites } from './suites.ts';
import { parseEndpoint } from '../model/host.ts';

/** The side that opens a connection, with everything that it decides by. */
export interface Initiator {
  /** Of the member, the client or the intruder. */
  readonly name: string;
  readonly go: GoRelease;
  /**
   * In whose words it reports. `old-grpc` (etcd up to 3.4 and its clients) says nothing reliable of what
   * comes after the handshake; an intruder has no words but the alert itself.
   */
  readonly speaks: 'grpc' | 'old-grpc' | 'peer' | 'openssl' | 'bare';
  readonly presents: Credential;
  /** Go leaves out a certificate from a static list when the server names no authority of its chain. */
  readonly presentsOnlyIfAsked: boolean;
  /** Absent when the server is not verified at all. */
  readonly serverAnchors?: Anchors;
  /** The name verified instead of the dialled host. */
  readonly serverName?: string;
  /** Enforced on servers too when a member dials. */
  readonly allowed?: AllowedNames;
  /** OpenSSL's X509_V_FLAG_PARTIAL_CHAIN: an intermediate in the CA file is enough, as it is to Go. */
  readonly endsAtIntermediates?: true;
  readonly protocol: Protocol;
  readonly source: Source;
  /** Why it fails before it dials. */
  readonly neverDials?: Refusal;
}

const unknownSource: Source = { addresses: [], reverseNames: {}, forwardAddresses: {} };

/** A member on its way to another's peer port. */
export function peerInitiator(member: Member, files: FileIndex): Initiator {
  const version = etcdVersion(member.etcdVersion.value);
  const effective = effectiveTls(member.settings, 'peer', version);
  const go = goOf(member);
  const access = { matches: member.files, files, go };
  const generated = effective.certificate === 'generated';
  const presents: Credential = generated
    ? { kind: 'generated', hosts: effective.encryptedUrls.map(({ host }) => host) }
    : loadCredential(effective.dialCertFile, effective.dialKeyFile, access);
  const allowed = allowedNames(effective, version);
  const { discoverySrv, processEnvironment } = member.settings;
  const systemFile = processEnvironment['SSL_CERT_FILE'];
  const bySrv = discoverySrv !== undefined && effective.trustedCaFile === undefined;

  return {
    ...memberSide(member, go),
    speaks: 'peer',
    presents,
    ...(!effective.dialsUnverified && { serverAnchors: loadTrust(effective, access, systemFile) }),
    ...(allowed && { allowed }),
    // With SRV discovery and no CA of its own etcd expects every peer to be named like the domain.
    ...(bySrv && { serverName: discoverySrv.value }),
    source: sourceOf(member),
  };
}

/** A member on its way to its own client port, for the JSON gateway. It trusts whatever it finds there. */
export function gatewayInitiator(member: Member, files: FileIndex): Initiator {
  const version = etcdVersion(member.etcdVersion.value);
  const effective = effectiveTls(member.settings, 'client', version);
  const go = goOf(member);
  const access = { matches: member.files, files, go };
  const allowed = allowedNames(effective, version);
  return {
    ...memberSide(member, go),
    speaks: hasSince(version, ['3.4.28', '3.5.10']) ? 'grpc' : 'old-grpc',
    presents:
      effective.certificate === 'generated'
        ? { kind: 'generated', hosts: [] }
        : loadCredential(effective.dialCertFile, effective.dialKeyFile, access),
    ...(allowed && { allowed }),
    source: unknownSource,
  };
}

function memberSide(member: Member, go: GoRelease) {
  return { name: member.name, go, presentsOnlyIfAsked: false, protocol: protocolOfMember(member) };
}

/** Where a member's connections come from, as its peers see it unless something translates addresses. */
function sourceOf(member: Member): Source {
  const { addresses, reverseNames = {}, forwardAddresses = {}, settings } = member;
  const fromAdvertised =
    settings.setMemberLocalAddress?.value === true &&
    isAtLeast(etcdVersion(member.etcdVersion.value), '3.6.0');
  const advertised = settings.initialAdvertisePeerUrls.value.map(
    (url) => parseEndpoint(url, true).host,
  );
  return { addresses: fromAdvertised ? advertised : addresses, reverseNames, forwardAddresses };
}

/**
 * Clients that use clientv3's YAML configuration or the like: their certificate is a static one. Java's key
 * manager leaves it out by the same rule.
 */
const withStaticCertificate = [
  'cilium',
  'clientv3',
  'coredns',
  'external-dns',
  'flanneld',
  'jetcd',
  'traefik',
];

export function clientInitiator(
  client: Client,
  files: FileIndex,
  members: readonly Member[],
): Initiator {
  const go = goOfClient(client, members);
  const access = { matches: client.files, files, go };
  const presents = loadCredential(client.certFile, client.keyFile, access);
  const anchors = loadAnchors(client.caFile, access);
  const neverDials = failureToDial(client, presents, anchors);
  const speaks = client.verifier === 'openssl' ? 'openssl' : grpcOf(go);
  const protocol = protocolOf(speaks, go);
  const offersLess = speaks === 'grpc' && offersForHttp2Alone(client, members);

  return {
    name: client.name,
    go,
    speaks,
    presents,
    presentsOnlyIfAsked: client.verifier === 'go' && withStaticCertificate.includes(client.kind),
    ...(client.insecureSkipVerify?.value !== true && { serverAnchors: anchors }),
    // curl sets it by default since 7.68 (lib/vtls/openssl.c).
    ...(['curl', 'wget'].includes(client.kind) && { endsAtIntermediates: true as const }),
    ...(client.serverName && { serverName: client.serverName.value }),
    protocol: offersLess ? { ...protocol, cipherSuites: grpcSuites } : protocol,
    source: unknownSource,
    ...(neverDials && { neverDials }),
  };
}

/** The wording changed with grpc-go 1.40; clients built with Go 1.19 or older have an older one. */
function grpcOf(go: GoRelease): Initiator['speaks'] {
  return isSince(go, 20) ? 'grpc' : 'old-grpc';
}

function failureToDial(
  { caFile, verifier, problems }: Client,
  presents: Credential,
  anchors: Anchors,
): Refusal | undefined {
  // Half a pair is among what fails to load.
  const refused = refusedSettings(problems.filter(({ why }) => why !== 'half-pair-of-etcdctl'));
  if (refused !== undefined) return refused;
  if (presents.kind === 'broken') return presents.refusal;
  if (anchors.kind === 'broken') return anchors.refusal;
  // OpenSSL wants one certificate at least (SSL_CTX_load_verify_locations); Go's pool may stay empty.
  const isEmpty = anchors.kind === 'pool' && anchors.certificates.length === 0;
  if (!isEmpty || verifier !== 'openssl') return undefined;
  const { file } = anchors;
  const remedy = rules['tls.no-pem'].remedy({ file });
  return { rule: 'tls.no-pem', text: '', blame: blameSetting(caFile, file), remedy };
}

/** OpenSSL speaks for intruders too. */
function protocolOf(speaks: Initiator['speaks'], go: GoRelease): Protocol {
  const protocol = protocolOfClient(go);
  const isOpenssl = speaks === 'openssl' || speaks === 'bare';
  return isOpenssl ? { ...protocol, cipherSuites: opensslSuites } : protocol;
}

/** A client with a certificate of the cluster, or none, that does not verify the server. */
export function intruder(
  shows: Credential,
  { go, source = unknownSource }: { readonly go: GoRelease; readonly source?: Source },
): Initiator {
  return {
    name: 'an intruder',
    go,
    speaks: 'bare',
    presents: shows,
    presentsOnlyIfAsked: false,
    protocol: protocolOf('bare', go),
    source,
  };
}

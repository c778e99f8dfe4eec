import { type CipherSuite, cipherSuite } from '../etcd/cipher-suites.ts';
import { defaultSuites, isForHttp2 } from './suites.ts';
import { rules } from './rules.ts';
import { type EtcdVersion, etcdVersion, hasSince, isAtLeast } from '../etcd/version.ts';
import { once } from '../model/once.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import { goOf } from '../deployment/go-rules.ts';
import { type GoRelease, isSince } from '../pki/go-release.ts';
import { type Refusal, blameCertificate, blameSetting } from './judgement.ts';

/** Which TLS one side offers or takes. Versions as Go names them in configuration: 1.2 is 12. */
export interface Protocol {
  readonly minimum: number;
  readonly maximum: number;
  /** What it can speak in TLS 1.2 and below. */
  readonly cipherSuites: readonly CipherSuite[];
  /** Whose list that is, where settings have one. */
  readonly listed?: { readonly owner: string; readonly setting: Setting<readonly string[]> };
}

/** What a member speaks on either of its listeners, and when it dials its peers. */
export function protocolOfMember(member: Member): Protocol {
  const { settings, etcdVersion: etcd } = member;
  const version = etcdVersion(etcd.value);
  const go = goOf(member);
  const names = settings.cipherSuites?.value ?? [];
  const chosen = names.flatMap((name) => cipherSuite(name, version) ?? []);
  return {
    minimum: versionNumber(settings.tlsMinVersion?.value) ?? 12,
    maximum: versionNumber(settings.tlsMaxVersion?.value) ?? highest(version, go),
    cipherSuites: chosen.length > 0 ? chosen : defaultSuites(go),
    ...(chosen.length > 0 &&
      settings.cipherSuites && {
        listed: { owner: member.name, setting: settings.cipherSuites },
      }),
  };
}

/** What a client written in Go speaks without TLS version settings. */
export function protocolOfClient(go: GoRelease): Protocol {
  return {
    minimum: isSince(go, 18) ? 12 : 10,
    maximum: isSince(go, 13) ? 13 : 12,
    cipherSuites: defaultSuites(go),
  };
}

function versionNumber(setting: string | undefined): number | undefined {
  return { 'TLS1.2': 12, 'TLS1.3': 13 }[setting ?? ''];
}

/**
 * 3.5.0 to 3.5.7 hold TLS at 1.2 whatever Go can do (client/pkg/transport/listener.go there), and so
 * does every 3.3 at hand, Debian's with Go 1.15 included.
 */
function highest(version: EtcdVersion, go: GoRelease): number {
  const withoutTls13 =
    !isAtLeast(version, '3.4.0') || (isAtLeast(version, '3.5.0') && !hasSince(version, ['3.5.8']));
  return withoutTls13 || !isSince(go, 13) ? 12 : 13;
}

/** A failure before any certificate is judged: what the listener logs, and which alert it sends. */
export interface NegotiationFailure {
  readonly refusal: Refusal;
  readonly alert: string;
}

/** Finds what keeps two sides from agreeing on a version or a suite. */
export function negotiate(
  initiator: Protocol,
  listener: Protocol,
  serves: { readonly leaf: Certificate; readonly file: string } | undefined,
  settings: Member['settings'],
): NegotiationFailure | undefined {
  const version = commonVersion(initiator, listener);
  if (version < Math.max(initiator.minimum, listener.minimum)) {
    return noCommonVersion(initiator, settings);
  }
  if (serves === undefined) return undefined;

  return version === 13 ? undefined : noCommonSuite(initiator, listener, serves);
}

/** The version that both sides come to, where they come to one. */
export function commonVersion(initiator: Protocol, listener: Protocol): number {
  return Math.min(initiator.maximum, listener.maximum);
}

function noCommonVersion(
  { minimum, maximum }: Protocol,
  settings: Member['settings'],
): NegotiationFailure {
  const offered = Array.from({ length: maximum - minimum + 1 }, (_, index) =>
    (0x301 + maximum - 10 - index).toString(16),
  );
  const setting = settings.tlsMinVersion ?? settings.tlsMaxVersion;
  return {
    alert: 'protocol version not supported',
    refusal: {
      rule: 'tls.no-common-version',
      text: `tls: client offered only unsupported versions: [${offered.join(' ')}]`,
      blame: blameSetting(setting),
      remedy: rules['tls.no-common-version'].remedy(),
    },
  };
}

function noCommonSuite(
  initiator: Protocol,
  listener: Protocol,
  { leaf, file }: { readonly leaf: Certificate; readonly file: string },
): NegotiationFailure | undefined {
  if (commonSuites(initiator, listener, leaf).length > 0) return undefined;

  const keyType = keyTypeOf(leaf);
  const lacking = [listener, initiator].filter(
    ({ cipherSuites }) => !cipherSuites.some((suite) => suite.keyType === keyType),
  );
  // Two lists with suites for the key have none in common.
  const lists = (lacking.length > 0 ? lacking : [listener, initiator]).flatMap(
    ({ listed }) => listed ?? [],
  );
  const owners = [...new Set(lists.map(({ owner }) => owner))];
  // A certificate that fits the list of its own side is not at fault.
  const isAboutLeaf = lists.length === 0 || lists[0] === listener.listed;
  return {
    alert: 'handshake failure',
    refusal: {
      rule: 'tls.no-common-suite',
      text: 'tls: no cipher suite supported by both client and server',
      blame: {
        ...blameSetting(lists[0]?.setting),
        ...(isAboutLeaf && blameCertificate(leaf, file)),
      },
      remedy: rules['tls.no-common-suite'].remedy({ keyType, owners }),
    },
  };
}

/** An Ed25519 key signs in suites that say ECDSA. */
function keyTypeOf({ publicKey }: Certificate): 'RSA' | 'ECDSA' {
  return publicKey.algorithm === 'RSA' ? 'RSA' : 'ECDSA';
}

function commonSuites(
  initiator: Protocol,
  listener: Protocol,
  leaf: Certificate,
): readonly CipherSuite[] {
  return suitesInCommon(initiator.cipherSuites)(listener.cipherSuites)[keyTypeOf(leaf)];
}

/** Of most clients and members the lists are the defaults of their Go. */
const suitesInCommon = once((offered: readonly CipherSuite[]) =>
  once((taken: readonly CipherSuite[]) => {
    const ids = new Set(offered.map(idOf));
    const both = taken.filter((suite) => ids.has(idOf(suite)));
    return {
      RSA: both.filter(({ keyType }) => keyType === 'RSA'),
      ECDSA: both.filter(({ keyType }) => keyType === 'ECDSA'),
    };
  }),
);

/** Two suites have a second name. */
function idOf({ name }: CipherSuite): string {
  return name.replace(/POLY1305_SHA256$/, 'POLY1305');
}

/**
 * RFC 7540 9.2.2: Go's HTTP/2 server hangs up over a suite that HTTP/2 forbids, once TLS is done. Both sides
 * prefer the others, so that one in common is enough.
 */
export function judgeHttp2(
  initiator: Protocol,
  listener: Protocol,
  { leaf, file }: { readonly leaf: Certificate; readonly file: string },
  settings: Member['settings'],
): Refusal | undefined {
  if (commonVersion(initiator, listener) === 13) return undefined;
  if (commonSuites(initiator, listener, leaf).some(isForHttp2)) return undefined;
  return {
    rule: 'tls.suite-refused-by-http2',
    text: '',
    blame: { ...blameSetting(settings.cipherSuites), ...blameCertificate(leaf, file) },
    remedy: rules['tls.suite-refused-by-http2'].remedy({ keyType: keyTypeOf(leaf) }),
  };
}

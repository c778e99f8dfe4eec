import { type CipherSuite, cipherSuite } from '../etcd/cipher-suites.ts';
import { type EtcdVersion, etcdVersion, hasSince, isAtLeast } from '../etcd/version.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Member } from '../model/inventory.ts';
import { goRelease, type GoRelease, isSince } from '../pki/go-release.ts';
import { type Refusal, blameCertificate, blameSetting } from './judgement.ts';

/** Which TLS one side offers or takes. Versions as Go names them in configuration: 1.2 is 12. */
export interface Protocol {
  readonly minimum: number;
  readonly maximum: number;
  /** What it can speak in TLS 1.2 and below. */
  readonly cipherSuites: readonly CipherSuite[];
}

/** What a member speaks on either of its listeners, and when it dials its peers. */
export function protocolOfMember({ settings, etcdVersion: etcd, goVersion }: Member): Protocol {
  const version = etcdVersion(etcd.value);
  const go = goRelease(goVersion.value);
  const names = settings.cipherSuites?.value ?? [];
  const chosen = names.flatMap((name) => cipherSuite(name, version) ?? []);
  return {
    minimum: versionNumber(settings.tlsMinVersion?.value) ?? 12,
    maximum: versionNumber(settings.tlsMaxVersion?.value) ?? highest(version, go),
    cipherSuites: chosen.length > 0 ? chosen : defaultSuites(go),
  };
}

/** What a client written in Go speaks that was told nothing about TLS versions. */
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
  const heldBack =
    !isAtLeast(version, '3.4.0') || (isAtLeast(version, '3.5.0') && !hasSince(version, ['3.5.8']));
  return heldBack || !isSince(go, 13) ? 12 : 13;
}

/** Go's defaults as far as they differ in what matters here: key types and the RSA key exchange. */
function defaultSuites(go: GoRelease): readonly CipherSuite[] {
  const forwardSecret = ['ECDSA', 'RSA'] as const;
  const suites = forwardSecret.map((keyType) => ({
    name: `TLS_ECDHE_${keyType}_WITH_AES_128_GCM_SHA256`,
    keyType,
    forwardSecret: true,
    tls13: false,
  }));
  return isSince(go, 22)
    ? suites
    : [
        ...suites,
        {
          name: 'TLS_RSA_WITH_AES_128_GCM_SHA256',
          keyType: 'RSA',
          forwardSecret: false,
          tls13: false,
        },
      ];
}

/** A failure before any certificate is judged: what the listener logs, and which alert it sends. */
export interface NegotiationFailure {
  readonly refusal: Refusal;
  readonly alert: string;
}

/** Finds what keeps two sides from agreeing on a version, a suite or the key that the server signs with. */
export function negotiate(
  dialler: Protocol,
  listener: Protocol,
  serves: { readonly leaf: Certificate; readonly file: string } | undefined,
  settings: Member['settings'],
): NegotiationFailure | undefined {
  const version = Math.min(dialler.maximum, listener.maximum);
  if (version < Math.max(dialler.minimum, listener.minimum)) {
    return noCommonVersion(dialler, settings);
  }
  if (serves === undefined) return undefined;

  const { algorithm, curve } = serves.leaf.publicKey;
  // TLS 1.2 does not bind a signature's hash to a curve.
  if (algorithm === 'ECDSA' && curve === 'P-224' && version === 13) {
    return {
      alert: 'handshake failure',
      refusal: {
        rule: 'tls.unsupported-curve',
        text: 'tls: unsupported certificate curve (P-224)',
        blame: blameCertificate(serves.leaf, serves.file),
        remedy: 'reissue the certificate with a P-256, P-384 or RSA key',
      },
    };
  }
  return version === 13 ? undefined : noCommonSuite(dialler, listener, serves, settings);
}

function noCommonVersion(
  { minimum, maximum }: Protocol,
  settings: Member['settings'],
): NegotiationFailure {
  const offered = Array.from({ length: maximum - minimum + 1 }, (_, index) =>
    (0x301 + maximum - 11 - index).toString(16),
  );
  const setting = settings.tlsMinVersion ?? settings.tlsMaxVersion;
  return {
    alert: 'protocol version not supported',
    refusal: {
      rule: 'tls.no-common-version',
      text: `tls: client offered only unsupported versions: [${offered.join(' ')}]`,
      blame: blameSetting(setting),
      remedy:
        'let both sides speak a common version: mend `--tls-min-version` and `--tls-max-version`',
    },
  };
}

function noCommonSuite(
  dialler: Protocol,
  listener: Protocol,
  { leaf, file }: { readonly leaf: Certificate; readonly file: string },
  settings: Member['settings'],
): NegotiationFailure | undefined {
  // An Ed25519 key signs in suites that say ECDSA.
  const keyType = leaf.publicKey.algorithm === 'RSA' ? 'RSA' : 'ECDSA';
  const common = listener.cipherSuites.filter(
    (suite) =>
      suite.keyType === keyType && dialler.cipherSuites.some((other) => matches(suite, other)),
  );
  if (common.length > 0) return undefined;

  return {
    alert: 'handshake failure',
    refusal: {
      rule: 'tls.no-common-suite',
      text: 'tls: no cipher suite supported by both client and server',
      blame: { ...blameSetting(settings.cipherSuites), ...blameCertificate(leaf, file) },
      remedy: `name suites for ${keyType} keys in \`--cipher-suites\`, such as TLS_ECDHE_${keyType}_WITH_AES_128_GCM_SHA256, or leave it unset`,
    },
  };
}

/** By key exchange alone: every Go release since 1.12 has every cipher that etcd lets one name. */
function matches(left: CipherSuite, right: CipherSuite): boolean {
  return left.keyType === right.keyType && left.forwardSecret === right.forwardSecret;
}

import type { CauseCode } from '../model/cause-code.ts';
import type { FileFact } from '../model/files.ts';
import type { RefusalRule } from '../model/refusal.ts';
import { enumerate } from '../model/words.ts';

/** The alert that a Go server sends when it rejects by a rule: since 1.21 it depends on the cause. */
export type AlertKind =
  | 'no-certificate'
  | 'unknown-authority'
  | 'expired'
  | 'undecodable'
  | 'other';

interface RuleProperties {
  /** The code of the cause; undefined where nothing is at fault. */
  readonly cause: CauseCode | undefined;
  readonly alert: AlertKind;
  /** The text of OpenSSL 3; undefined where it never rejects by this rule or prints Go's text. */
  readonly openssl: string | undefined;
  /** What fixes it, as a clause; undefined where the code that rejects has a better one. */
  readonly remedy: ((about: never) => string) | undefined;
}

/** The subject of a rejection by crypto/x509. */
export interface ChainCircumstances {
  readonly file: string;
  readonly blamed: string;
  readonly blamedFile?: string;
  readonly poolFile?: string;
  readonly issuer: string;
  /** Whether a CA of the issuer's name is among the files. */
  readonly isIssuerGiven: boolean;
  /** Those that what is blamed lacks: of a CA both, as the other would be the next to fail. */
  readonly usages: readonly ('serverAuth' | 'clientAuth')[];
  readonly hostName?: string;
}

interface AtFile {
  readonly file: string;
}

const noIssuer = 'unable to get local issuer certificate';

const trustIssuer = ({ file, poolFile, issuer, isIssuerGiven }: ChainCircumstances): string => {
  const pool = poolFile ?? 'the CA file';
  // Whether a CA that was not given is a root or an intermediate of a trusted one is unknown.
  const append = `if ${issuer} is an intermediate of a CA in ${pool}, append its certificate to ${file}; otherwise `;
  return `${isIssuerGiven ? '' : append}add the CA ${issuer} to ${pool}, or reissue ${file} from a CA in it; restart after changing the CA file`;
};

/** A rule for which no side has an alert or a text of its own. */
function plain<Remedy extends RuleProperties['remedy']>(
  cause: CauseCode | undefined,
  remedy: Remedy,
) {
  return { cause, alert: 'other', openssl: undefined, remedy } as const;
}

/** Cause, alert, OpenSSL text and remedy of a rejection, by the rule that decides it. */
export const rules = {
  'endpoint.blanks': plain(
    'CLI',
    ({ endpoint }: { readonly endpoint: string }) =>
      `remove the blanks around ${endpoint} from the list of endpoints`,
  ),
  'endpoint.malformed': plain(
    'CLI',
    ({ endpoint }: { readonly endpoint: string }) =>
      `write ${endpoint} with scheme, host and port, such as https://10.0.0.1:2379: clients of etcd assume no port`,
  ),
  'endpoint.no-member': plain('CLI', undefined),
  'etcd.ca-file-unparsable': plain(
    'PEM',
    ({ file }: AtFile) =>
      `keep only CA certificates in ${file}: etcd parses every PEM block of it as a certificate`,
  ),
  'etcd.crl-unreadable': plain(
    'AUTHZ',
    ({ file, list }: AtFile & { readonly list: FileFact['revocationList'] }) => {
      if (list === undefined)
        return `write the CRL of the CA to ${file}, in DER and of version 2, or remove the setting: the file contains no CRL`;
      return list.version < 2
        ? `issue ${file} again as version 2, in DER (\`openssl ca -gencrl -crlexts crl_ext\`, then \`openssl crl -outform DER\`)`
        : `convert ${file} to the format that this version reads: DER, version 2, from 3.6 on (\`openssl crl -in FILE -outform DER -out FILE.der\`)`;
    },
  ),
  'etcd.cut-off': plain(
    undefined,
    ({ member }: { readonly member: string }) =>
      `fix the peer handshakes of ${member}: its client port opens when it has a quorum`,
  ),
  'etcd.generated-certificate': {
    cause: 'CA-CLIENT',
    alert: 'unknown-authority',
    openssl: noIssuer,
    remedy: () =>
      'give the member a certificate from a CA instead of `--auto-tls` or `--peer-auto-tls`: a generated certificate cannot be verified',
  },
  'etcd.half-pair': plain(
    'CONFIG',
    ({ missing }: { readonly missing: 'certificate' | 'key' }) => `set the ${missing} file as well`,
  ),
  'etcd.name-not-allowed': plain(
    'AUTHZ',
    ({ setting }: { readonly setting: string }) =>
      `allow the certificate's name (${setting}) on every member, or reissue the certificate with an allowed name`,
  ),
  'etcd.peer-san': plain(
    'SAN-PEER',
    ({ file }: AtFile) =>
      `add the source addresses of the member to the subject alternative names of ${file}; with address translation, present a certificate without SANs by \`--peer-client-cert-file\` (etcd 3.5+)`,
  ),
  'etcd.refused-at-start': plain('CONFIG', undefined),
  'etcd.revoked': plain(
    'AUTHZ',
    ({ file, listFile }: AtFile & { readonly listFile: string }) =>
      `replace ${file}: ${listFile} lists its serial number`,
  ),
  'file.missing': plain('FILE', () => 'put the file there, or correct the path in the settings'),
  'file.not-given': plain(undefined, undefined),
  'file.permission-denied': plain(
    'FILE',
    ({ file }: AtFile) =>
      `give the user of the process read access: \`chown etcd: ${file}\` and \`chmod 600 ${file}\``,
  ),
  'file.unreadable': plain('FILE', () => 'replace the path with a readable file'),
  'network.nothing-listens': plain(
    'NET',
    ({
      member,
      address,
      listening,
    }: {
      readonly member: string;
      readonly address: string;
      readonly listening: string;
    }) =>
      `make ${member} listen on ${address} (${member} listens on ${listening}), or correct the URL`,
  ),
  'openssl.weak-key': plain(
    'VERSION',
    ({ file }: AtFile) => `reissue ${file} with an RSA key of 2048 bits or more`,
  ),
  'tls.certificate-left-out': {
    cause: 'NOCERT',
    alert: 'no-certificate',
    openssl: undefined,
    remedy: ({ file, member }: AtFile & { readonly member: string }) =>
      `reissue ${file} from a CA that ${member} trusts: this client presents a certificate only to servers that name its CA`,
  },
  'tls.key-of-another-certificate': plain(
    'PEM',
    () => 'use the key that belongs to the certificate; in a chain file put the leaf first',
  ),
  'tls.key-of-another-type': plain('PEM', () => 'use the key that belongs to the certificate'),
  'tls.key-too-small': plain(
    'VERSION',
    ({ file }: AtFile) => `reissue ${file} with an RSA key of 2048 bits or more`,
  ),
  'tls.no-client-certificate': {
    cause: 'NOCERT',
    alert: 'no-certificate',
    openssl: undefined,
    remedy: ({ member, port }: { readonly member: string; readonly port: string }) =>
      `give the connecting side a certificate that the ${port} port of ${member} trusts`,
  },
  'tls.no-common-suite': plain(
    'VERSION',
    ({
      keyType,
      owners,
    }: {
      readonly keyType: 'RSA' | 'ECDSA';
      readonly owners: readonly string[];
    }) =>
      `add suites for ${keyType} keys to \`--cipher-suites\`${owners.length > 0 ? ` of ${enumerate(owners)}` : ''}, such as TLS_ECDHE_${keyType}_WITH_AES_128_GCM_SHA256, or leave it unset`,
  ),
  'tls.no-common-version': plain(
    'VERSION',
    () =>
      'allow a common TLS version on both sides: correct `--tls-min-version` and `--tls-max-version`',
  ),
  'tls.no-pem': plain(
    'PEM',
    ({ file }: AtFile) =>
      `write ${file} in PEM; what is in DER is converted by \`openssl x509 -inform DER -in ${file} -out CERTIFICATE.pem\``,
  ),
  'tls.oversized-key': plain(
    'VERSION',
    ({ blamed, most }: { readonly blamed: string; readonly most: number }) =>
      `reissue ${blamed} with a key of at most ${most} bits`,
  ),
  'tls.plaintext-to-tls': plain(
    'SCHEME',
    () => 'connect with `https://`: this port accepts only TLS',
  ),
  'tls.suite-refused-by-http2': plain(
    'VERSION',
    ({ keyType }: { readonly keyType: 'RSA' | 'ECDSA' }) =>
      `add suites that HTTP/2 allows to \`--cipher-suites\`, such as TLS_ECDHE_${keyType}_WITH_AES_128_GCM_SHA256, or leave it unset`,
  ),
  'tls.swapped-files': plain(
    'PEM',
    () =>
      'swap the two paths: the certificate setting points at the key, and the key setting at the certificate',
  ),
  'tls.tls-to-plaintext': plain(
    'SCHEME',
    ({ member }: { readonly member: string }) =>
      `make ${member} listen on \`https://\`: this port does not use TLS`,
  ),
  'tls.unsupported-curve': plain(
    'VERSION',
    ({ file }: AtFile) => `reissue ${file} with a P-256, P-384 or RSA key`,
  ),
  'tls.unusable-key': plain(
    'PEM',
    ({ file }: AtFile) =>
      `write the key without a passphrase, as PKCS#8, PKCS#1 or SEC1: \`openssl pkey -in ${file} -out KEY\``,
  ),
  'x509.authority-key-too-small': {
    cause: 'VERSION',
    alert: 'unknown-authority',
    openssl: 'CA certificate key too weak',
    remedy: ({ file, issuer }: ChainCircumstances) =>
      `replace the CA ${issuer} with one with an RSA key of 2048 bits or more, and reissue ${file} from it`,
  },
  'x509.common-name-only': plain(
    'SAN',
    ({ file, hostName }: ChainCircumstances) =>
      `reissue ${file} with ${hostName ?? 'its names'} as a subject alternative name: Go ignores the commonName`,
  ),
  'x509.critical-extension': {
    cause: 'CHAIN',
    alert: 'other',
    openssl: 'unhandled critical extension',
    remedy: ({ blamed }: ChainCircumstances) => `reissue ${blamed} without the critical extension`,
  },
  'x509.expired': {
    cause: 'EXPIRED',
    alert: 'expired',
    openssl: 'certificate has expired',
    remedy: ({ blamed, blamedFile }: ChainCircumstances) => `renew ${blamed}${inFile(blamedFile)}`,
  },
  'x509.host-name': plain(
    'SAN',
    ({ file, hostName }: ChainCircumstances) =>
      `reissue ${file} with ${hostName ?? 'the host'} among its subject alternative names, or connect to a name in the certificate`,
  ),
  'x509.insecure-signature': {
    cause: 'VERSION',
    alert: 'unknown-authority',
    openssl: 'CA signature digest algorithm too weak',
    remedy: ({ blamed }: ChainCircumstances) => `reissue ${blamed} with a SHA-256 signature`,
  },
  'x509.issuer-not-an-authority': {
    cause: 'CHAIN',
    alert: 'other',
    openssl: 'invalid CA certificate',
    remedy: ({ blamed, blamedFile }: ChainCircumstances) =>
      `reissue ${blamed}${inFile(blamedFile)} as a CA with the same key and name (basicConstraints CA:TRUE, keyUsage keyCertSign), or reissue from a CA what it issued`,
  },
  'x509.key-usage': {
    cause: 'EKU',
    alert: 'other',
    openssl: 'unsuitable certificate purpose',
    remedy: ({ blamed, blamedFile, usages }: ChainCircumstances) =>
      `reissue ${blamed}${inFile(blamedFile)} with extendedKeyUsage ${enumerate(usages)} in addition to its other usages`,
  },
  'x509.malformed': {
    cause: 'PEM',
    alert: 'undecodable',
    openssl: undefined,
    remedy: ({ file }: AtFile) => `replace the certificate in ${file} that Go cannot parse`,
  },
  'x509.missing-intermediate': {
    cause: 'CHAIN',
    alert: 'unknown-authority',
    openssl: noIssuer,
    remedy: ({ file, issuer }: ChainCircumstances) =>
      `append the intermediate CA ${issuer} to ${file}, after the leaf`,
  },
  'x509.name-constraints': {
    cause: 'CHAIN',
    alert: 'other',
    openssl: 'permitted subtree violation',
    remedy: ({ file }: ChainCircumstances) =>
      `reissue ${file} with names that its CA may sign for, or from a CA without that constraint`,
  },
  'x509.name-mismatch': { cause: 'CHAIN', alert: 'other', openssl: noIssuer, remedy: trustIssuer },
  'x509.not-yet-valid': {
    cause: 'CLOCK',
    alert: 'expired',
    openssl: 'certificate is not yet valid',
    remedy: ({ blamed, blamedFile }: ChainCircumstances) =>
      `wait until ${blamed}${inFile(blamedFile)} is valid, or correct the clock`,
  },
  'x509.path-length': {
    cause: 'CHAIN',
    alert: 'other',
    openssl: 'path length constraint exceeded',
    remedy: ({ blamed }: ChainCircumstances) =>
      `reissue ${blamed} with a larger path length, or issue from a CA closer to the root`,
  },
  'x509.policies': plain(
    'CHAIN',
    ({ file }: ChainCircumstances) =>
      `reissue the CAs above ${file} without requireExplicitPolicy, or reissue ${file} with a policy that they allow`,
  ),
  'x509.same-name-other-key': {
    cause: 'CA-MIX',
    alert: 'unknown-authority',
    openssl: 'certificate signature failure',
    remedy: ({ file, poolFile }: ChainCircumstances) =>
      `add the CA that signed ${file} to ${poolFile ?? 'the CA file'}, which contains a CA with the same name and another key, or reissue ${file} from the trusted CA`,
  },
  'x509.signature-limit': plain(
    'CHAIN',
    ({ file, poolFile }: ChainCircumstances) =>
      `keep one CA of each name and key in ${poolFile ?? 'the CA file'} and in ${file}`,
  ),
  'x509.system-roots': {
    cause: 'CA-CLIENT',
    alert: 'unknown-authority',
    openssl: noIssuer,
    remedy: trustIssuer,
  },
  'x509.unknown-authority': {
    cause: 'CA-CLIENT',
    alert: 'unknown-authority',
    openssl: noIssuer,
    remedy: trustIssuer,
  },
  'x509.unparsable': plain(
    'PEM',
    ({ file }: AtFile) => `replace the certificate in ${file}: Go cannot parse it`,
  ),
  'x509.unsupported-curve': plain('VERSION', () => 'reissue the certificate with a P-256 key'),
} as const satisfies Readonly<Record<RefusalRule, RuleProperties>>;

function inFile(file: string | undefined): string {
  return file === undefined ? '' : ` (${file})`;
}

export function alertOf(rule: RefusalRule): AlertKind {
  return rules[rule].alert;
}

export function opensslWording(rule: RefusalRule): string | undefined {
  return rules[rule].openssl;
}

/** For a chain without an anchor the cause depends on the side that rejects it. */
export function causeOfRule(
  rule: RefusalRule,
  refusedBy?: 'client' | 'server' | 'start' | 'never-dials',
): CauseCode | undefined {
  const { cause } = rules[rule];
  return cause === 'CA-CLIENT' && refusedBy === 'server' ? 'CA-SERVER' : cause;
}

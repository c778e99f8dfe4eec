import { wordSet } from './table.ts';
/** Why an edge is refused, or why files do not decide whether it is: every rule that the forecast can give. */
export const refusalRules = [
  'endpoint.blanks',
  'endpoint.malformed',
  'endpoint.no-member',
  'etcd.ca-file-unparsable',
  'etcd.crl-unreadable',
  'etcd.cut-off',
  'etcd.generated-certificate',
  'etcd.half-pair',
  'etcd.name-not-allowed',
  'etcd.peer-san',
  'etcd.refused-at-start',
  'etcd.revoked',
  'file.missing',
  'file.not-given',
  'file.permission-denied',
  'file.unreadable',
  'network.nothing-listens',
  'openssl.weak-key',
  'tls.certificate-left-out',
  'tls.key-of-another-certificate',
  'tls.key-of-another-type',
  'tls.key-too-small',
  'tls.no-client-certificate',
  'tls.no-common-suite',
  'tls.no-common-version',
  'tls.no-pem',
  'tls.oversized-key',
  'tls.plaintext-to-tls',
  'tls.suite-refused-by-http2',
  'tls.swapped-files',
  'tls.tls-to-plaintext',
  'tls.unsupported-curve',
  'tls.unusable-key',
  'x509.authority-key-too-small',
  'x509.common-name-only',
  'x509.critical-extension',
  'x509.expired',
  'x509.host-name',
  'x509.insecure-signature',
  'x509.issuer-not-an-authority',
  'x509.key-usage',
  'x509.malformed',
  'x509.missing-intermediate',
  'x509.name-constraints',
  'x509.name-mismatch',
  'x509.not-yet-valid',
  'x509.path-length',
  'x509.policies',
  'x509.same-name-other-key',
  'x509.signature-limit',
  'x509.system-roots',
  'x509.unknown-authority',
  'x509.unparsable',
  'x509.unsupported-curve',
] as const;

export type RefusalRule = (typeof refusalRules)[number];

const inEveryRole = wordSet(
  'x509.critical-extension x509.issuer-not-an-authority x509.name-constraints x509.path-length',
);

/** Whether a chain is rejected by all who trust its CA, as a server's and as a client's. */
export function isInEveryRole(rule: string): boolean {
  return inEveryRole.has(rule);
}

/** The same of certificates without settings, where one CA is assumed for all roles. */
export function isOfChain(rule: string): boolean {
  return isInEveryRole(rule) || rule === 'x509.key-usage' || rule === 'x509.same-name-other-key';
}

/** Whether the host that is connected to is not among the names of the certificate. */
export function isAboutName(rule: string): boolean {
  return rule === 'x509.host-name' || rule === 'x509.common-name-only';
}

/** Why an edge is accepted: no certificate is requested, one is required, or there is no TLS. */
export const acceptanceRules = ['etcd.anonymous', 'etcd.mutual-tls', 'etcd.plaintext'] as const;

export type AcceptanceRule = (typeof acceptanceRules)[number];

/** Stable id of the rule that decides an edge. */
export type Rule = RefusalRule | AcceptanceRule;

const refusals: ReadonlySet<Rule> = new Set(refusalRules);

export function isRefusalRule(rule: Rule): rule is RefusalRule {
  return refusals.has(rule);
}

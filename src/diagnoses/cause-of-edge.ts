import type { Edge } from '../model/forecast.ts';
import type { Rule } from '../model/refusal.ts';
import type { CauseCode } from './cause.ts';

/** What each rule of the forecast is called among causes, where it refuses. */
const causeOfRule: Readonly<Record<Rule, CauseCode | undefined>> = {
  'endpoint.no-member': 'CLI',
  'etcd.ca-file-unparsable': 'PEM',
  'etcd.crl-unreadable': 'AUTHZ',
  'etcd.generated-certificate': 'CA-CLIENT',
  'etcd.half-pair': 'CONFIG',
  'etcd.name-not-allowed': 'AUTHZ',
  'etcd.peer-san': 'SAN-PEER',
  'etcd.refused-at-start': 'CONFIG',
  'etcd.revoked': 'AUTHZ',
  'tls.certificate-left-out': 'NOCERT',
  'tls.key-of-another-certificate': 'PEM',
  'tls.key-of-another-type': 'PEM',
  'tls.no-client-certificate': 'NOCERT',
  'tls.no-common-suite': 'VERSION',
  'tls.no-common-version': 'VERSION',
  'tls.no-pem': 'PEM',
  'tls.oversized-key': 'VERSION',
  'tls.plaintext-to-tls': 'SCHEME',
  'tls.swapped-files': 'PEM',
  'tls.tls-to-plaintext': 'SCHEME',
  'tls.unsupported-curve': 'VERSION',
  'tls.unusable-key': 'PEM',
  'x509.common-name-only': 'SAN',
  'x509.critical-extension': 'CHAIN',
  'x509.expired': 'EXPIRED',
  'x509.host-name': 'SAN',
  'x509.insecure-signature': 'VERSION',
  'x509.issuer-not-an-authority': 'CHAIN',
  'x509.key-usage': 'EKU',
  'x509.malformed': 'PEM',
  'x509.missing-intermediate': 'CHAIN',
  'x509.name-constraints': 'CHAIN',
  'x509.not-yet-valid': 'CLOCK',
  'x509.path-length': 'CHAIN',
  'x509.policies': 'CHAIN',
  'x509.same-name-other-key': 'CA-MIX',
  'x509.name-mismatch': 'CHAIN',
  'x509.signature-limit': 'CHAIN',
  'tls.key-too-small': 'VERSION',
  'tls.suite-refused-by-http2': 'VERSION',
  'etcd.cut-off': undefined,
  'file.not-given': undefined,
  'etcd.anonymous': undefined,
  'etcd.mutual-tls': undefined,
  'etcd.plaintext': undefined,
  'x509.system-roots': 'CA-CLIENT',
  'x509.unknown-authority': 'CA-CLIENT',
  'x509.unparsable': 'PEM',
  'x509.unsupported-curve': 'VERSION',
  'file.missing': 'FILE',
  'file.permission-denied': 'FILE',
  'file.unreadable': 'FILE',
  'openssl.weak-key': 'VERSION',
};

/** What is behind a refusal that files foretell; nothing for a rule that refuses nobody. */
export function causeOfEdge({ rule, refusedBy }: Edge): CauseCode | undefined {
  const cause = causeOfRule[rule];
  return cause === 'CA-CLIENT' && refusedBy === 'server' ? 'CA-SERVER' : cause;
}

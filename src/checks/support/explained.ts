import type { Check, Context } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import { authorityOfSameNameWithAnotherKey } from '../chain/authority-of-same-name-with-another-key.ts';
import { intermediateMissing } from '../chain/intermediate-missing.ts';
import { issuerIsNoAuthority } from '../chain/issuer-is-no-authority.ts';
import { nameConstraintViolated } from '../chain/name-constraint-violated.ts';
import { pathLengthExceeded } from '../chain/path-length-exceeded.ts';
import { unhandledCriticalExtension } from '../chain/unhandled-critical-extension.ts';
import { unknownAuthority } from '../chain/unknown-authority.ts';
import { clientDialsNameInNoCertificate } from '../client/client-dials-name-in-no-certificate.ts';
import { clientDialsNoMember } from '../client/client-dials-no-member.ts';
import { clientDialsPlaintext } from '../client/client-dials-plaintext.ts';
import { clientWithoutAuthority } from '../client/client-without-authority.ts';
import { clientWithoutCertificate } from '../client/client-without-certificate.ts';
import { certificateAndKeySwapped } from '../credential/certificate-and-key-swapped.ts';
import { credentialRefused } from '../credential/credential-refused.ts';
import { encryptedPrivateKey } from '../credential/encrypted-private-key.ts';
import { keyOfAnotherCertificate } from '../credential/key-of-another-certificate.ts';
import { leafNotFirstInFile } from '../credential/leaf-not-first-in-file.ts';
import { certificateExpired } from '../date/certificate-expired.ts';
import { certificateNotYetValid } from '../date/certificate-not-yet-valid.ts';
import { authorityFileRefused } from '../file/authority-file-refused.ts';
import { emptyAuthorityFile } from '../file/empty-authority-file.ts';
import { unreadableFile } from '../file/unreadable-file.ts';
import { authorityRestrictsUsage } from '../handshake/authority-restricts-usage.ts';
import { nameNotAllowed } from '../handshake/name-not-allowed.ts';
import { peerSourceNotInCertificate } from '../handshake/peer-source-not-in-certificate.ts';
import { advertisedNameNotInCertificate } from '../name/advertised-name-not-in-certificate.ts';
import { ipAddressAsDnsName } from '../name/ip-address-as-dns-name.ts';
import { serverCertificateWithoutNames } from '../name/server-certificate-without-names.ts';
import { peerPortAdmitsAnonymous } from '../port/peer-port-admits-anonymous.ts';
import { crlUnreadableByEtcd } from '../revocation/crl-unreadable-by-etcd.ts';
import { revokedCertificateInUse } from '../revocation/revoked-certificate-in-use.ts';
import { anySystemAuthorityAdmitted } from '../setting/any-system-authority-admitted.ts';
import { autoTls } from '../setting/auto-tls.ts';
import { peerAutoTls } from '../setting/peer-auto-tls.ts';
import { plaintextClientPortOnLoopback } from '../setting/plaintext-client-port-on-loopback.ts';
import { plaintextClientPort } from '../setting/plaintext-client-port.ts';
import { plaintextPeerPort } from '../setting/plaintext-peer-port.ts';
import { settingsRefusedAtStart } from '../setting/settings-refused-at-start.ts';
import { curveRefusedByGo } from '../strength/curve-refused-by-go.ts';
import { weakSignatureAlgorithm } from '../strength/weak-signature-algorithm.ts';
import { clientCertificateWithoutClientAuth } from '../usage/client-certificate-without-client-auth.ts';
import { peerCertificateWithoutClientAuth } from '../usage/peer-certificate-without-client-auth.ts';
import { serverCertificateWithoutServerAuth } from '../usage/server-certificate-without-server-auth.ts';

type Covered = 'files' | 'members' | 'clients' | 'forecast';

const pairs = [
  keyOfAnotherCertificate,
  leafNotFirstInFile,
  encryptedPrivateKey,
  certificateAndKeySwapped,
  credentialRefused,
];
const names = [
  advertisedNameNotInCertificate,
  ipAddressAsDnsName,
  serverCertificateWithoutNames,
  clientDialsNameInNoCertificate,
  clientDialsNoMember,
];

/** Which checks find the cause behind each rule of the forecast. A rule that is missing has none. */
const findings: Readonly<Record<string, readonly Check<Covered>[]>> = {
  'x509.unknown-authority': [unknownAuthority, emptyAuthorityFile],
  'x509.same-name-other-key': [authorityOfSameNameWithAnotherKey],
  'x509.missing-intermediate': [intermediateMissing],
  'x509.issuer-not-an-authority': [issuerIsNoAuthority],
  'x509.path-length': [pathLengthExceeded],
  'x509.name-constraints': [nameConstraintViolated],
  'x509.critical-extension': [unhandledCriticalExtension],
  'x509.insecure-signature': [weakSignatureAlgorithm],
  'x509.expired': [certificateExpired],
  'x509.not-yet-valid': [certificateNotYetValid],
  'x509.host-name': names,
  'x509.common-name-only': names,
  'x509.key-usage': [
    serverCertificateWithoutServerAuth,
    peerCertificateWithoutClientAuth,
    clientCertificateWithoutClientAuth,
    authorityRestrictsUsage,
  ],
  'x509.system-roots': [
    clientWithoutAuthority,
    clientWithoutCertificate,
    anySystemAuthorityAdmitted,
    peerPortAdmitsAnonymous,
  ],
  'x509.unsupported-curve': [curveRefusedByGo, credentialRefused],
  'x509.unparsable': [credentialRefused],
  'tls.unsupported-curve': [curveRefusedByGo],
  'tls.key-of-another-certificate': pairs,
  'tls.key-of-another-type': pairs,
  'tls.unusable-key': pairs,
  'tls.swapped-files': pairs,
  'tls.no-pem': pairs,
  'tls.no-client-certificate': [clientWithoutCertificate],
  'tls.plaintext-to-tls': [clientDialsPlaintext, clientWithoutCertificate],
  'tls.tls-to-plaintext': [plaintextClientPort, plaintextClientPortOnLoopback, plaintextPeerPort],
  'file.missing': [unreadableFile],
  'file.unreadable': [unreadableFile],
  'etcd.ca-file-unparsable': [authorityFileRefused],
  'etcd.crl-unreadable': [crlUnreadableByEtcd],
  'etcd.generated-certificate': [autoTls, peerAutoTls],
  'etcd.half-pair': [settingsRefusedAtStart, clientWithoutCertificate],
  'etcd.name-not-allowed': [nameNotAllowed],
  'etcd.peer-san': [peerSourceNotInCertificate, advertisedNameNotInCertificate, ipAddressAsDnsName],
  'etcd.refused-at-start': [settingsRefusedAtStart],
  'etcd.revoked': [revokedCertificateInUse],
};

const cache = new WeakMap<object, Map<string, boolean>>();

/** Whether another check has a finding that is the cause of this refusal: one cause, one finding. */
export function isExplained(
  { rule }: Edge,
  facts: Context<Covered>['facts'],
  context: Context<Covered>,
): boolean {
  const known = cache.get(facts) ?? new Map<string, boolean>();
  cache.set(facts, known);
  const before = known.get(rule);
  if (before !== undefined) return before;

  const explained = (findings[rule] ?? []).some((check) =>
    check.targets(facts).some((subject) => check.examine(subject, context).status === 'fail'),
  );
  known.set(rule, explained);
  return explained;
}

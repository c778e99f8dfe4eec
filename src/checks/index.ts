import { type CatalogueEntry, type Check, isQuestion } from '../model/check.ts';
import { authorityOfSameNameWithAnotherKey } from './chain/authority-of-same-name-with-another-key.ts';
import { certificateAgainstRfc5280 } from './chain/certificate-against-rfc-5280.ts';
import { intermediateMissing } from './chain/intermediate-missing.ts';
import { issuerIsNoAuthority } from './chain/issuer-is-no-authority.ts';
import { nameConstraintViolated } from './chain/name-constraint-violated.ts';
import { pathLengthExceeded } from './chain/path-length-exceeded.ts';
import { membersAcceptDifferentClients } from './chain/members-accept-different-clients.ts';
import { noClientAccepted } from './chain/no-client-accepted.ts';
import { unhandledCriticalExtension } from './chain/unhandled-critical-extension.ts';
import { unknownAuthority } from './chain/unknown-authority.ts';
import { clientEndpointNotInCertificate } from './client/client-endpoint-not-in-certificate.ts';
import { clientEndpointNotAMember } from './client/client-endpoint-not-a-member.ts';
import { clientEndpointWithoutTls } from './client/client-endpoint-without-tls.ts';
import { clientSkipsVerification } from './client/client-skips-verification.ts';
import { clientWithOneEndpoint } from './client/client-with-one-endpoint.ts';
import { clientWithoutAuthority } from './client/client-without-authority.ts';
import { clientSettingsRefused } from './client/client-settings-refused.ts';
import { clientWithoutCertificate } from './client/client-without-certificate.ts';
import { versionTwoNotServed } from './client/version-two-not-served.ts';
import { commonNameIsRoot } from './client/common-name-is-root.ts';
import { memberCommonNameIsUser } from './client/member-common-name-is-user.ts';
import { etcdSharesKubernetesAuthority } from './cluster/etcd-shares-kubernetes-authority.ts';
import { knownAdvisory } from './cluster/known-advisory.ts';
import { noQuorum } from './cluster/no-quorum.ts';
import { oneWayPeerHandshakes } from './cluster/one-way-peer-handshakes.ts';
import { quorumLostSoon } from './cluster/quorum-lost-soon.ts';
import { certificateAndKeySwapped } from './credential/certificate-and-key-swapped.ts';
import { certificateValidForEveryMember } from './credential/certificate-valid-for-every-member.ts';
import { credentialRefused } from './credential/credential-refused.ts';
import { encryptedPrivateKey } from './credential/encrypted-private-key.ts';
import { keyOfAnotherCertificate } from './credential/key-of-another-certificate.ts';
import { leafNotFirstInFile } from './credential/leaf-not-first-in-file.ts';
import { sharedCertificate } from './credential/shared-certificate.ts';
import { sharedPrivateKey } from './credential/shared-private-key.ts';
import { authorityExpiresBeforeLeaf } from './date/authority-expires-before-leaf.ts';
import { certificateExpired } from './date/certificate-expired.ts';
import { certificateExpiresSoon } from './date/certificate-expires-soon.ts';
import { certificateNotYetValid } from './date/certificate-not-yet-valid.ts';
import { authorityFileRefused } from './file/authority-file-refused.ts';
import { authorityKeyBesideLeaves } from './file/authority-key-beside-leaves.ts';
import { certificateHiddenFromGo } from './file/certificate-hidden-from-go.ts';
import { certificateWritableByOthers } from './file/certificate-writable-by-others.ts';
import { emptyAuthorityFile } from './file/empty-authority-file.ts';
import { leafInAuthorityFile } from './file/leaf-in-authority-file.ts';
import { privateKeyReadableByGroup } from './file/private-key-readable-by-group.ts';
import { privateKeyReadableByOthers } from './file/private-key-readable-by-others.ts';
import { staleAuthority } from './file/stale-authority.ts';
import { fileMissing } from './file/file-missing.ts';
import { unreadableFile } from './file/unreadable-file.ts';
import { unrelatedPemBlock } from './file/unrelated-pem-block.ts';
import { authorityRestrictsUsage } from './handshake/authority-restricts-usage.ts';
import { gatewayConnectionRejected } from './handshake/gateway-connection-rejected.ts';
import { handshakeRefused } from './handshake/handshake-refused.ts';
import { nameNotAllowed } from './handshake/name-not-allowed.ts';
import { peerSourceNotInCertificate } from './handshake/peer-source-not-in-certificate.ts';
import { advertisedUrlNotServed } from './cluster/advertised-url-not-served.ts';
import { authoritiesInMemoryDifferFromFile } from './chain/authorities-in-memory-differ-from-file.ts';
import { authorizationOff } from './cluster/authorization-off.ts';
import { clientWithoutRights } from './client/client-without-rights.ts';
import { clockSkew } from './date/clock-skew.ts';
import { clusterAlarm } from './cluster/cluster-alarm.ts';
import { differentClusterIds } from './cluster/different-cluster-ids.ts';
import { endpointUnreachable } from './port/endpoint-unreachable.ts';
import { endpointBehindProxy } from './port/endpoint-behind-proxy.ts';
import { endpointWithoutTls } from './port/endpoint-without-tls.ts';
import { forecastAndObservationDiffer } from './handshake/forecast-and-observation-differ.ts';
import { learnerMember } from './cluster/learner-member.ts';
import { legacyTlsVersion } from './strength/legacy-tls-version.ts';
import { memberMissingFromCluster } from './cluster/member-missing-from-cluster.ts';
import { advertisedUrlOfAnotherScheme } from './cluster/advertised-url-of-another-scheme.ts';
import { advertisedUrlWithoutListener } from './cluster/advertised-url-without-listener.ts';
import { membersFormDifferentClusters } from './cluster/members-form-different-clusters.ts';
import { membersTrustDifferentAuthorities } from './chain/members-trust-different-authorities.ts';
import { healthProbeRejected } from './port/health-probe-rejected.ts';
import { metricsOpenToAnyone } from './port/metrics-open-to-anyone.ts';
import { noLeader } from './cluster/no-leader.ts';
import { ordinaryClientRefused } from './client/ordinary-client-refused.ts';
import { peerConnectionDown } from './handshake/peer-connection-down.ts';
import { plaintextUrlInMemberList } from './cluster/plaintext-url-in-member-list.ts';
import { profilingOpen } from './port/profiling-open.ts';
import { rightCertificateRefused } from './handshake/right-certificate-refused.ts';
import { runningSettingsDifferFromFiles } from './setting/running-settings-differ-from-files.ts';
import { servedCertificateDiffersFromFile } from './credential/served-certificate-differs-from-file.ts';
import { servedCertificateRefused } from './handshake/served-certificate-refused.ts';
import { tls12Accepted } from './strength/tls-1-2-accepted.ts';
import { unhealthyMember } from './cluster/unhealthy-member.ts';
import { unknownMember } from './cluster/unknown-member.ts';
import { unstartedMember } from './cluster/unstarted-member.ts';
import { versionSkew } from './cluster/version-skew.ts';
import { weakCipherSuite } from './strength/weak-cipher-suite.ts';
import { advertisedNameNotInCertificate } from './name/advertised-name-not-in-certificate.ts';
import { ipAddressAsDnsName } from './name/ip-address-as-dns-name.ts';
import { loopbackNotInCertificate } from './name/loopback-not-in-certificate.ts';
import { nameInCommonNameOnly } from './name/name-in-common-name-only.ts';
import { requestedNameNotInCertificate } from './name/requested-name-not-in-certificate.ts';
import { serverCertificateWithoutNames } from './name/server-certificate-without-names.ts';
import { wildcardName } from './name/wildcard-name.ts';
import { clientPortAdmitsAnonymous } from './port/client-port-admits-anonymous.ts';
import { clientPortAdmitsForeign } from './port/client-port-admits-foreign.ts';
import { peerPortAdmitsAnonymous } from './port/peer-port-admits-anonymous.ts';
import { peerPortAdmitsClient } from './port/peer-port-admits-client.ts';
import { peerPortBypassesUsers } from './port/peer-port-bypasses-users.ts';
import { peerPortAdmitsForeign } from './port/peer-port-admits-foreign.ts';
import { crlBypassed } from './revocation/crl-bypassed.ts';
import { crlOfAnotherIssuer } from './revocation/crl-of-another-issuer.ts';
import { crlOutOfDate } from './revocation/crl-out-of-date.ts';
import { crlUnreadableByEtcd } from './revocation/crl-unreadable-by-etcd.ts';
import { revokedCertificateInUse } from './revocation/revoked-certificate-in-use.ts';
import { anySystemAuthorityAdmitted } from './setting/any-system-authority-admitted.ts';
import { autoTls } from './setting/auto-tls.ts';
import { emptySetting } from './setting/empty-setting.ts';
import { goDebugOverride } from './setting/go-debug-override.ts';
import { limitRejectsWrites } from './setting/limit-rejects-writes.ts';
import { peerAutoTls } from './setting/peer-auto-tls.ts';
import { plaintextClientPortOnLoopback } from './setting/plaintext-client-port-on-loopback.ts';
import { plaintextClientPort } from './setting/plaintext-client-port.ts';
import { plaintextMetricsPort } from './setting/plaintext-metrics-port.ts';
import { plaintextPeerPort } from './setting/plaintext-peer-port.ts';
import { proxyBetweenPeers } from './setting/proxy-between-peers.ts';
import { settingWithoutEffect } from './setting/setting-without-effect.ts';
import { settingsHiddenByConfigFile } from './setting/settings-hidden-by-config-file.ts';
import { settingsNotUnderstood } from './setting/settings-not-understood.ts';
import { settingsRefusedAtStart } from './setting/settings-refused-at-start.ts';
import { unknownSetting } from './setting/unknown-setting.ts';
import { fileDeniedToUser } from './process/file-denied-to-user.ts';
import { fileHiddenFromProcess } from './process/file-hidden-from-process.ts';
import { curveRefusedByGo } from './strength/curve-refused-by-go.ts';
import { longLivedCertificate } from './strength/long-lived-certificate.ts';
import { noSuiteForCertificate } from './strength/no-suite-for-certificate.ts';
import { rsaKeyTooSmallForTls } from './strength/rsa-key-too-small-for-tls.ts';
import { weakRsaKey } from './strength/weak-rsa-key.ts';
import { weakSignatureAlgorithm } from './strength/weak-signature-algorithm.ts';
import { clientCertificateWithoutClientAuth } from './usage/client-certificate-without-client-auth.ts';
import { peerCertificateWithoutClientAuth } from './usage/peer-certificate-without-client-auth.ts';
import { serverCertificateWithoutClientAuth } from './usage/server-certificate-without-client-auth.ts';
import { serverCertificateWithoutServerAuth } from './usage/server-certificate-without-server-auth.ts';

/** Everything that has results and a page, in the order of reports. */
export const catalogue: readonly CatalogueEntry[] = [
  clientPortAdmitsAnonymous,
  clientPortAdmitsForeign,
  peerPortAdmitsAnonymous,
  peerPortAdmitsForeign,
  peerPortBypassesUsers,
  peerPortAdmitsClient,
  anySystemAuthorityAdmitted,
  plaintextClientPort,
  plaintextPeerPort,
  peerAutoTls,
  settingsHiddenByConfigFile,
  settingsRefusedAtStart,
  clientSettingsRefused,
  membersFormDifferentClusters,
  advertisedUrlWithoutListener,
  advertisedUrlOfAnotherScheme,
  fileDeniedToUser,
  fileHiddenFromProcess,
  autoTls,
  goDebugOverride,
  plaintextClientPortOnLoopback,
  proxyBetweenPeers,
  limitRejectsWrites,
  settingWithoutEffect,
  settingsNotUnderstood,
  unknownSetting,
  emptySetting,
  plaintextMetricsPort,
  certificateAndKeySwapped,
  credentialRefused,
  encryptedPrivateKey,
  keyOfAnotherCertificate,
  leafNotFirstInFile,
  sharedCertificate,
  sharedPrivateKey,
  certificateValidForEveryMember,
  authorityOfSameNameWithAnotherKey,
  intermediateMissing,
  issuerIsNoAuthority,
  nameConstraintViolated,
  pathLengthExceeded,
  unhandledCriticalExtension,
  unknownAuthority,
  membersAcceptDifferentClients,
  noClientAccepted,
  certificateAgainstRfc5280,
  clientCertificateWithoutClientAuth,
  peerCertificateWithoutClientAuth,
  serverCertificateWithoutServerAuth,
  serverCertificateWithoutClientAuth,
  advertisedNameNotInCertificate,
  ipAddressAsDnsName,
  serverCertificateWithoutNames,
  nameInCommonNameOnly,
  loopbackNotInCertificate,
  wildcardName,
  certificateExpired,
  certificateNotYetValid,
  authorityExpiresBeforeLeaf,
  certificateExpiresSoon,
  curveRefusedByGo,
  noSuiteForCertificate,
  rsaKeyTooSmallForTls,
  weakSignatureAlgorithm,
  weakRsaKey,
  longLivedCertificate,
  authorityFileRefused,
  emptyAuthorityFile,
  authorityKeyBesideLeaves,
  certificateHiddenFromGo,
  certificateWritableByOthers,
  privateKeyReadableByOthers,
  fileMissing,
  unreadableFile,
  leafInAuthorityFile,
  privateKeyReadableByGroup,
  staleAuthority,
  unrelatedPemBlock,
  authorityRestrictsUsage,
  handshakeRefused,
  healthProbeRejected,
  nameNotAllowed,
  peerSourceNotInCertificate,
  gatewayConnectionRejected,
  clientEndpointNotInCertificate,
  clientEndpointNotAMember,
  clientEndpointWithoutTls,
  clientSkipsVerification,
  clientWithoutAuthority,
  clientWithoutCertificate,
  clientWithOneEndpoint,
  versionTwoNotServed,
  commonNameIsRoot,
  memberCommonNameIsUser,
  crlBypassed,
  crlOfAnotherIssuer,
  crlUnreadableByEtcd,
  revokedCertificateInUse,
  crlOutOfDate,
  etcdSharesKubernetesAuthority,
  noQuorum,
  oneWayPeerHandshakes,
  quorumLostSoon,
  knownAdvisory,
  endpointWithoutTls,
  endpointBehindProxy,
  advertisedUrlNotServed,
  authoritiesInMemoryDifferFromFile,
  clientWithoutRights,
  clusterAlarm,
  differentClusterIds,
  endpointUnreachable,
  memberMissingFromCluster,
  noLeader,
  peerConnectionDown,
  plaintextUrlInMemberList,
  rightCertificateRefused,
  runningSettingsDifferFromFiles,
  servedCertificateDiffersFromFile,
  servedCertificateRefused,
  unhealthyMember,
  unstartedMember,
  clockSkew,
  forecastAndObservationDiffer,
  legacyTlsVersion,
  membersTrustDifferentAuthorities,
  ordinaryClientRefused,
  profilingOpen,
  unknownMember,
  metricsOpenToAnyone,
  versionSkew,
  weakCipherSuite,
  authorizationOff,
  learnerMember,
  requestedNameNotInCertificate,
  tls12Accepted,
];

/** The questions among them: the registry that `evaluate` runs before it reports connections. */
export const checks: readonly Check[] = catalogue.filter(isQuestion);

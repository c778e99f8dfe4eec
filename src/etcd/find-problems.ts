import type { MemberSettings, Setting } from '../model/settings.ts';
import { findAddressConflicts } from './find-address-conflicts.ts';
import { findFipsProblems, findUnknownFipsMode } from './find-fips-problems.ts';
import { findListenerProblems, findServingProblems } from './find-listener-problems.ts';
import { findLoggingProblems } from './find-logging-problems.ts';
import {
  findNameProblems,
  findOptionProblems,
  findRetentionProblems,
  findTokenProblems,
  findTracingProblems,
} from './find-option-problems.ts';
import { findStartProblems } from './find-start-problems.ts';
import {
  findClusterProblems,
  findEmptyNames,
  findMissingAdvertisement,
  findUnreadableCluster,
  findUrlProblems,
} from './find-url-problems.ts';
import { findUselessSettings } from './find-useless-settings.ts';
import { findWriteLimits } from './find-write-limits.ts';
import { quote } from '../pki/go-text.ts';
import type { RawSettings } from './raw-settings.ts';
import { refuse } from './settings-problem.ts';
import { type EtcdVersion, hasSince } from './version.ts';
import type { Problems } from '../model/settings-problem.ts';

/** What is wrong with settings taken together, in the order in which etcd comes upon it. */
export function findProblems(
  settings: MemberSettings,
  version: EtcdVersion,
  raw: RawSettings,
): Problems {
  return [
    ...findUnknownFipsMode(settings, version),
    ...findNameProblems(raw, version),
    ...findLoggingProblems(raw, version),
    ...findUrlProblems(settings, version),
    ...findStartProblems(raw, version),
    ...findMissingAdvertisement(settings),
    ...findOptionProblems(raw, version),
    ...findTlsVersionProblems(settings, version),
    ...findTracingProblems(raw, version),
    ...findListenerProblems(settings, version),
    ...findAddressConflicts(settings, version),
    ...findUnreadableCluster(raw, version),
    ...findRetentionProblems(raw, version),
    ...findEmptyNames(raw),
    ...findClusterProblems(settings, version, raw),
    ...findFipsProblems(settings, version),
    ...findTokenProblems(raw, version),
    ...findServingProblems(settings, version),
    ...findUselessSettings(settings, version),
    ...findWriteLimits(settings, version, raw),
  ];
}

/** embed/config.go Validate, its last part. */
function findTlsVersionProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  if (!hasSince(version, ['3.4.25', '3.5.8', '3.6.0'])) return [];

  const { tlsMinVersion, tlsMaxVersion } = settings;
  for (const setting of [tlsMinVersion, tlsMaxVersion]) {
    if (setting === undefined || /^TLS1\.[23]$/.test(setting.value)) continue;
    const says = `unexpected TLS version ${quote(setting.value)} (must be one of: TLS1.2, TLS1.3)`;
    return refuse(setting, 'unknown-tls-version', says);
  }
  return tlsMinVersion?.value === 'TLS1.3' ? onlyTls13(settings, tlsMinVersion) : [];
}

function onlyTls13(
  { tlsMaxVersion, cipherSuites }: MemberSettings,
  min: Setting<string>,
): Problems {
  if (tlsMaxVersion?.value === 'TLS1.2') {
    const says = 'min version (TLS1.3) is greater than max version (TLS1.2)';
    return refuse(min, 'no-tls-version-left', says);
  }
  if (cipherSuites === undefined || cipherSuites.value.length === 0) return [];
  const says = 'cipher suites cannot be configured when only TLS1.3 is enabled';
  return refuse(cipherSuites, 'suites-without-tls-1.2', says);
}

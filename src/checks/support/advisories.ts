import { type EtcdVersion, hasSince, isAtLeast } from '../../etcd/version.ts';

/** A published flaw of etcd in what guards its ports. */
export interface Advisory {
  readonly id: string;
  readonly url: string;
  readonly what: string;
  readonly affects: (version: EtcdVersion) => boolean;
}

/** Those on TLS, authentication and authorization; from the advisories and changelogs of etcd. */
export const advisories: readonly Advisory[] = [
  {
    id: 'CVE-2018-16886',
    url: 'https://nvd.nist.gov/vuln/detail/CVE-2018-16886',
    what: 'the JSON gateway acts as the user named by the server certificate',
    affects: (version) => !hasSince(version, ['3.2.26', '3.3.11', '3.4.0']),
  },
  {
    id: 'CVE-2023-32082',
    url: 'https://nvd.nist.gov/vuln/detail/CVE-2023-32082',
    what: 'leases reveal names of keys regardless of roles',
    affects: (version) => !hasSince(version, ['3.4.26', '3.5.9']),
  },
  {
    id: 'CVE-2026-33413',
    url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-33413',
    what: 'members, alarms, leases and compaction are open to clients without a user',
    affects: (version) => !hasSince(version, ['3.4.42', '3.5.28', '3.6.9']),
  },
  {
    id: 'CVE-2026-33343',
    url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-33343',
    what: 'nested transactions bypass the roles',
    affects: (version) => !hasSince(version, ['3.4.42', '3.5.28', '3.6.9']),
  },
  {
    id: 'GHSA-6vch-q96h-7gc3',
    url: 'https://github.com/etcd-io/etcd/security/advisories/GHSA-6vch-q96h-7gc3',
    what: 'idle connections to a TLS port stay open forever, without a certificate',
    affects: (version) =>
      isAtLeast(version, '3.3.0') && !hasSince(version, ['3.5.33', '3.6.14', '3.7.1']),
  },
];

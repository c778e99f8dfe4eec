import type { Location } from './target.ts';

/** Something in settings that does not do what was meant, as data: `settingsWords` puts it in words. */
export interface SettingsProblem {
  readonly kind: SettingsProblemKind;
  readonly why: ProblemReason;
  readonly location?: Location;
  /** The setting's name as written. */
  readonly name: string;
  readonly values?: ProblemValues;
  /** What this etcd prints, literally, where it prints anything. */
  readonly etcdSays?: string;
}

export const settingsProblemKinds = [
  'refused-at-start',
  'refused-at-first-start',
  /** Whether etcd starts is random. */
  'refused-at-some-starts',
  /** Whether etcd starts depends on what no file of it says. */
  'refused-on-some-hosts',
  /** A release that is newer than the known ones may have the flag. */
  'refused-by-known-releases',
  'unknown-variable',
  'empty-variable',
  'ignored-beside-config-file',
  'unknown-key',
  'misplaced-key',
  'duplicate-section',
  'not-in-this-version',
  'without-effect',
  'unparsable',
] as const;

export type SettingsProblemKind = (typeof settingsProblemKinds)[number];

export const problemReasons = [
  // Lists of URLs, and how a member finds its cluster.
  'unreadable-urls',
  'name-to-listen-on',
  'socket-closed-to-gateway',
  'no-host-to-advertise',
  'nothing-to-advertise',
  'url-in-two-lists',
  'address-in-use',
  'directory-in-use',
  'duplicate-peer-url',
  'peer-url-not-in-cluster',
  'peer-url-not-in-default-cluster',
  'peer-url-of-default-route',
  'name-not-in-cluster',
  'joins-without-others',
  'joins-without-list',
  'joins-joining-members',
  'joins-without-member',
  'discovery-while-joining',
  'two-ways-to-bootstrap',
  'set-by-talos',
  'half-discovery',
  'unknown-cluster-state',
  // Certificates, keys and who is asked for them.
  'url-without-pair',
  'metrics-url-without-pair',
  'half-pair',
  'two-kinds-of-allowed-names',
  'no-client-authentication',
  'plaintext-files',
  'plaintext-authentication',
  'certificate-beside-auto-tls',
  'auto-tls',
  'zero-validity',
  // TLS versions and cipher suites.
  'unknown-tls-version',
  'no-tls-version-left',
  'suites-without-tls-1.2',
  'unknown-suite',
  'suite-with-blanks',
  'no-http2-suite',
  'tls-1.3-suites',
  // Other settings of etcd.
  'no-plaintext-clients',
  'unknown-compaction-mode',
  'no-retention',
  'unknown-value',
  'log-outputs',
  'log-rotation',
  'sampling-rate',
  'persist-without-checkpoint',
  'no-interval',
  'unknown-token-provider',
  'empty-name-or-cluster',
  'zero-heartbeat',
  'zero-election',
  'few-heartbeats',
  'long-election',
  'two-names',
  // Go's FIPS 140-3 mode.
  'unknown-fips-mode',
  'sha-1-forbidden',
  'fips-at-run-time',
  // What has to succeed for etcd to start and to go on.
  'command-fails',
  'command-fails-after-start',
  'probe-fails',
  'script-fails',
  'service-fails',
  'condition-fails',
  'limit-too-low',
  // How settings reach etcd.
  'unreadable-flag',
  'stray-argument',
  'unknown-flag',
  'flag-of-other-version',
  'unknown-variable',
  'empty-variable',
  'unreadable-variable',
  'no-boolean',
  'shadowed-by-flag',
  'conflicts-with-flag',
  'setting-of-other-version',
  'config-file-not-given',
  'config-file-not-yaml',
  'beside-config-file',
  'unreadable-key',
  'quoted-boolean',
  'no-list',
  'duplicate-key',
  'unknown-key',
  'key-of-other-version',
  'no-key-for-crl',
  'key-of-section',
  'key-with-prefix',
  'key-of-top-level',
  'object-not-given',
  // Clients.
  'half-pair-of-etcdctl',
  'flag-of-etcdctl',
  'variable-of-api-2',
  'nothing-to-skip',
  'lone-file',
  'ignored-lone-file',
  'ignored-without-pair',
  'unused-ca-file',
  'empty-flag',
  'tls-not-enabled',
  'first-endpoint-decides',
] as const;

/** Why a setting is refused, passed over or does nothing: a closed list, which checks decide by. */
export type ProblemReason = (typeof problemReasons)[number];

export const problemValues = [
  /** The port's users: `client` or `peer`. */
  'listener',
  'url',
  /** Another URL, and which setting has it. */
  'other',
  'scheme',
  /** Another setting that is involved, without dashes. */
  'flag',
  'file',
  'section',
  'key',
  /** The known name that is most like the unknown one. */
  'nearest',
  /** In which versions a setting exists: `before 3.4.0`. */
  'lifetime',
  'line',
  'names',
  'client',
  /** `certificate` or `key`. */
  'missing',
  'object',
  /** What a parser of another make printed. */
  'error',
] as const;

/** What the words about a problem name. */
export type ProblemValues = Readonly<Partial<Record<(typeof problemValues)[number], string>>>;

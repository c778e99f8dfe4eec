import type { ProblemValues } from './settings-problem.ts';

/** A problem in settings, in words. */
export interface SettingsWords {
  /** One sentence: the effect. */
  readonly detail: string;
  readonly remedy?: string;
}

type Values = Required<ProblemValues>;

const together = { detail: 'a certificate needs its key, and a key its certificate' };

const joinRemedy =
  'List the peer URLs of the running members in `initial-cluster`, or remove `initial-cluster-state` where the member forms a new cluster.';

/** Why a setting is refused, passed over or does nothing, and the words for it. Checks decide by the reasons alone. */
export const problemWords = {
  // Limits that leave no room for what clients write.
  'no-room-for-request': {
    detail: 'no write is as short as that',
    remedy: 'Remove the setting: the default is 1572864 (1.5 MiB).',
  },
  'no-room-for-publication': {
    detail:
      'the name and the URLs of the member need more, and without them it opens no port for clients',
    remedy: 'Remove the setting: the default is 1572864 (1.5 MiB).',
  },
  'no-room-for-database': {
    detail: 'the value counts bytes, and an empty database is larger than that',
    remedy: 'Give the quota in bytes, such as 2147483648 for 2 GiB, or remove the setting.',
  },
  'no-room-for-operation': {
    detail:
      'transactions with any operation are rejected, and kube-apiserver writes with these alone',
    remedy: 'Remove the setting: the default is 128.',
  },

  // Lists of URLs, and how a member finds its cluster.
  'unreadable-urls': { detail: 'etcd cannot read this list of URLs' },
  'empty-urls': ({ names }) => ({
    detail: `etcd ignores the empty list and uses ${names}`,
    remedy: 'Give the flag a value or remove it.',
  }),
  'urls-kept': ({ names }) => ({
    detail: `the flag is already given as ${names}, and a later value that is one of these URLs changes nothing`,
    remedy: 'Give the flag once.',
  }),
  'name-to-listen-on': {
    detail: 'etcd listens only on IP addresses and localhost',
    remedy: 'Listen on an IP address, or on 0.0.0.0, and advertise the name.',
  },
  'socket-closed-to-gateway': {
    detail:
      'the JSON gateway of this release connects to any one of the client URLs, and cannot to a socket',
    remedy: 'Listen on an address instead, or set `enable-grpc-gateway` to false.',
  },
  'no-host-to-advertise': { detail: 'an advertised URL must contain a host' },
  'nothing-to-advertise': {
    detail: 'etcd requires --advertise-client-urls if --listen-client-urls is set',
  },
  'url-in-two-lists': { detail: 'one address cannot be in both lists' },
  'address-in-use': ({ url, other }) => ({
    detail: `two listeners need ${url}: ${other} uses the same address and port`,
    remedy: 'Give each listener its own port: 2379 for clients, 2380 for peers.',
  }),
  'directory-in-use': ({ other }) => ({
    detail: `${other} on the same host uses the same data directory, and holds the lock of its database`,
    remedy: 'Give each member a data directory of its own.',
  }),
  'duplicate-peer-url': ({ url }) => ({ detail: `${url} is the peer URL of more than one entry` }),
  'peer-url-not-in-cluster': {
    detail:
      'the advertised peer URLs differ from those in initial-cluster; a new member does not start',
  },
  'peer-url-not-in-default-cluster': {
    detail:
      'without --name and --initial-cluster, a new member expects http://localhost:2380 as its only peer URL and does not start',
    remedy:
      'Set `initial-cluster` to the names and peer URLs of all members, and `name` to the name of this one.',
  },
  'peer-url-of-default-route': {
    detail:
      'listening on 0.0.0.0, etcd advertises the address of the default route to peers, and initial-cluster has localhost: a new member does not start on a host with a default route',
  },
  'default-name-not-in-cluster': {
    detail:
      'without --name the member has the name default, which the list does not contain; a new member does not start',
    remedy: 'Set `name` to the name that `initial-cluster` has for this member.',
  },
  'name-not-in-cluster': { detail: 'a new member does not start' },
  'joins-without-others': {
    detail: 'the member joins a cluster, and initial-cluster lists no other member to join',
    remedy: joinRemedy,
  },
  'joins-without-list': {
    detail: 'the member joins a cluster, and no initial-cluster lists the members to join',
    remedy: joinRemedy,
  },
  'joins-joining-members': {
    detail:
      'the other members in initial-cluster join as well, so that there is no cluster to join',
    remedy:
      'Set `initial-cluster-state: new` on the members that form the cluster; only a member added later joins.',
  },
  'joins-without-member': ({ names }) => ({
    detail: `initial-cluster must list exactly the members of the cluster that it joins, and lacks ${names}`,
    remedy: 'Set `initial-cluster` to what `etcdctl member add` prints.',
  }),
  'discovery-while-joining': {
    detail: 'a member that joins a cluster may not have a discovery URL',
    remedy: 'Remove `discovery`, and list the members of the cluster in `initial-cluster`.',
  },
  'two-ways-to-bootstrap': {
    detail: 'the cluster is configured in more than one way',
    remedy: 'Keep one of them: `initial-cluster` for static peers, otherwise discovery.',
  },
  'set-by-talos': {
    detail: 'Talos sets this flag itself and rejects it in extraArgs',
    remedy: 'Remove the argument from `cluster.etcd.extraArgs`.',
  },
  'half-discovery': { detail: 'discovery needs a token and endpoints' },
  'unknown-cluster-state': { detail: 'the value must be new or existing' },
  // Certificates, keys and who is asked for them.
  'url-without-pair': ({ listener }) => ({
    detail: `the ${listener} URL requires TLS, but no certificate and key are set for it`,
  }),
  'metrics-url-without-pair': {
    detail: 'the metrics URL requires TLS, but no certificate and key are set for clients',
  },
  'half-pair': together,
  'two-kinds-of-allowed-names': ({ listener }) => ({
    detail: `the ${listener} listener supports only one kind of allowed names`,
  }),
  'no-client-authentication': ({ listener }) => ({
    detail: 'client authentication is off, so there are no client certificates to check',
    remedy:
      listener === 'peer'
        ? 'Set --peer-client-cert-auth and --peer-trusted-ca-file.'
        : 'Set --client-cert-auth and --trusted-ca-file.',
  }),
  'plaintext-files': ({ url }) => ({
    detail: `${url} is served without TLS: certificate and key are not used there`,
  }),
  'plaintext-authentication': ({ url }) => ({
    detail: `${url} is served without TLS: clients are not authenticated there`,
  }),
  'certificate-beside-auto-tls': { detail: 'a certificate is given, so none is generated' },
  'auto-tls': ({ flag }) => ({
    detail: `--${flag} replaces all TLS settings of this listener: clients are not authenticated`,
    remedy: `Give the listener its own certificate and key and remove --${flag}.`,
  }),
  'zero-validity': { detail: 'no certificate can be generated' },
  // TLS versions and cipher suites.
  'unknown-tls-version': { detail: 'etcd does not know this TLS version' },
  'no-tls-version-left': { detail: 'no TLS version remains' },
  'suites-without-tls-1.2': { detail: 'cipher suites apply only to TLS 1.2' },
  'unknown-suite': {
    detail: 'etcd does not know this cipher suite',
    remedy: 'Use the IANA names: `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`.',
  },
  'empty-suite': {
    detail: 'the list of cipher suites has an empty item',
    remedy: 'Remove the comma without a name next to it.',
  },
  'suite-with-blanks': {
    detail: 'etcd does not know this cipher suite',
    remedy: 'Remove the spaces around the commas.',
  },
  'no-http2-suite': {
    detail: 'HTTP/2 needs a suite that is not on the list',
    remedy: 'Add TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 or its RSA equivalent to the list.',
  },
  'tls-1.3-suites': ({ names }) => ({
    detail: `${names}: the suites of TLS 1.3 are always enabled and cannot be configured`,
  }),
  // Other settings of etcd.
  'no-plaintext-clients': { detail: 'the list is not used for clients that connect with TLS' },
  'unknown-compaction-mode': { detail: 'etcd does not know this mode' },
  'no-retention': {
    detail: 'the retention is neither a number nor a duration such as 8h',
    remedy: 'Write a whole number of hours or revisions, or a duration such as 30m.',
  },
  'unknown-value': ({ names }) => ({
    detail: 'this version of etcd does not know the value',
    remedy: `Use one of: ${names}.`,
  }),
  'log-sink': {
    detail: 'etcd cannot log to this output',
    remedy: 'Use `default`, `stderr`, `stdout`, `systemd/journal` or the path of a file.',
  },
  'log-outputs': {
    detail: 'etcd cannot log to these places together',
    remedy: 'Set log-outputs to stderr, stdout or one file.',
  },
  'log-rotation': {
    detail: 'log rotation needs one file to log to, and a configuration in JSON',
    remedy: 'Set one file in log-outputs, or set enable-log-rotation to false.',
  },
  'sampling-rate': { detail: 'the sampling rate of tracing is not between 0 and 1000000' },
  'checkpoint-without-logger': {
    detail: 'etcd 3.4 crashes over its own warning that checkpoints do not persist',
    remedy: 'Add `--logger=zap`, or `--experimental-enable-lease-checkpoint-persist`.',
  },
  'persist-without-checkpoint': {
    detail: 'etcd cannot store lease checkpoints while lease checkpoints are off',
    remedy: 'Set LeaseCheckpoint to true as well.',
  },
  'no-interval': {
    detail: 'the interval must be longer than zero',
    remedy: 'Remove the setting: the default is one minute.',
  },
  'unknown-token-provider': {
    detail: 'etcd does not support this type of authentication token',
    remedy: 'Use `simple`, or `jwt` with `sign-method`, `pub-key` and `priv-key`.',
  },
  'empty-name-or-cluster': {
    detail: 'an empty value replaces the default; a new member finds no entry with its name',
    remedy: 'Give a value, or remove the setting.',
  },
  'zero-heartbeat': { detail: 'the interval must be greater than zero' },
  'zero-election': { detail: 'the timeout must be greater than zero' },
  'few-heartbeats': { detail: 'the election timeout must be at least five heartbeats' },
  'long-election': { detail: 'the timeout is too long' },
  'two-names': { detail: 'one setting is given under two names' },
  // Go's FIPS 140-3 mode.
  'unknown-fips-mode': {
    detail: 'Go does not know this FIPS 140-3 mode',
    remedy: 'Use fips140=on, or remove fips140 from GODEBUG.',
  },
  'sha-1-forbidden': {
    detail:
      'fips140=only forbids SHA-1, with which etcd computes the ids of members when it starts with a new data directory',
    remedy: 'Use fips140=on: the restrictions for TLS are the same, and etcd can compute ids.',
  },
  'fips-at-run-time': {
    detail: 'GOFIPS140 has an effect when a program is built, not when it runs',
    remedy: 'Set GODEBUG=fips140=on instead.',
  },
  // What has to succeed for etcd to start and to go on.
  'command-fails': ({ object }) => ({
    detail: `\`${object}\` must succeed before etcd starts, and always ends with an error`,
    remedy: 'Correct the command, or remove it.',
  }),
  'command-fails-after-start': ({ object }) => ({
    detail: `\`${object}\` must succeed as soon as etcd has started, and always ends with an error, so that etcd is stopped again`,
    remedy: 'Correct the command, or remove it.',
  }),
  'probe-fails': ({ object }) => ({
    detail: `\`${object}\` always ends with an error, so that etcd is restarted again and again`,
    remedy: 'Use a command that succeeds while etcd is healthy.',
  }),
  'proxy-of-version-two': {
    detail: 'etcd runs as a proxy of API version 2 and not as a member, which is not judged',
    remedy: 'Remove the setting where this is to be a member.',
  },
  'exported-to-systemd': {
    detail:
      'systemd ignores lines that begin with `export` in an EnvironmentFile, and logs "Ignoring invalid environment assignment"',
    remedy: 'Remove `export` from the line.',
  },
  'after-byte-order-mark': {
    detail: 'systemd reads the byte order mark at the start of the file as part of the name',
    remedy: 'Remove the byte order mark from the start of the file.',
  },
  'kept-back': ({ object }) => ({
    detail: `\`${object}\` starts what follows without it`,
    remedy: 'Remove it, or set it for the command that follows.',
  }),
  'more-than-one-start': {
    detail:
      'systemd refuses a unit with more than one ExecStart= that is not of Type=oneshot, so etcd never starts',
    remedy: 'Write an empty `ExecStart=` before the line that replaces the others.',
  },
  'no-shell-in-image': ({ object }) => ({
    detail: `the image has no \`${object}\`: official images of etcd have no shell since 3.4.24 and 3.5.7, so etcd never starts`,
    remedy: 'Start etcd itself, without a shell, or use an image that has one.',
  }),
  'script-fails': ({ object }) => ({
    detail: `the script of ${object} ends without starting etcd, so etcd never starts`,
    remedy: 'Correct the script.',
  }),
  'service-fails': ({ object }) => ({
    detail: `etcd waits until the service ${object} has succeeded, and the service always ends with an error`,
    remedy: 'Correct the command of the service, or do not wait for it.',
  }),
  'condition-fails': ({ object }) => ({
    detail: `systemd does not start the unit, because ${object} does not hold with the files given`,
    remedy: 'Correct the condition, or remove what it excludes.',
  }),
  'limit-too-low': ({ object }) => ({
    detail: `with ${object} no release of etcd starts`,
    remedy: 'Set a higher limit, or remove it.',
  }),
  // How settings reach etcd.
  'unreadable-flag': { detail: 'etcd does not start with this command line' },
  'stray-argument': {
    detail: 'etcd does not start with this command line',
    remedy: 'Write a boolean flag as `--flag` or `--flag=true`, never with a space between.',
  },
  'unknown-flag': ({ nearest }) => ({
    detail: 'etcd does not start with this command line',
    ...meant(nearest === '' ? '' : `--${nearest}`),
  }),
  'flag-of-other-version': ({ flag, lifetime }) => ({
    detail: `this version has no flag --${flag}, which exists ${lifetime}; etcd exits`,
  }),
  'unknown-variable': ({ nearest }) => ({ detail: 'etcd has no such setting', ...meant(nearest) }),
  'empty-variable': {
    detail: 'an empty variable counts as not set',
    remedy: 'Give the variable a value or remove it.',
  },
  'unreadable-variable': { detail: 'etcd does not start with this value' },
  'no-boolean': {
    detail: 'etcd does not start with this value',
    remedy: 'Write `true` or `false`.',
  },
  'shadowed-by-flag': { detail: 'the same setting is on the command line, which takes precedence' },
  'conflicts-with-flag': {
    detail: 'the same setting is on the command line and in the environment',
    remedy: 'Remove the variable or the flag.',
  },
  'setting-of-other-version': ({ lifetime }) => ({
    detail: `this version does not know the setting, which exists ${lifetime}; it is ignored`,
  }),
  'config-file-not-given': ({ file }) => ({
    detail: `all settings are in ${file}, which was not provided`,
    remedy: 'Give that file too.',
  }),
  'config-file-not-yaml': ({ file, error }) => ({ detail: `${file} is not valid YAML: ${error}` }),
  'beside-config-file': ({ file }) => ({
    detail: `etcd reads all settings from ${file} and ignores this one`,
    remedy: 'Move the setting into the configuration file, or remove that file.',
  }),
  'unreadable-key': { detail: 'etcd does not start with this value in its configuration file' },
  'quoted-boolean': {
    detail: 'etcd does not start with this value in its configuration file',
    remedy: 'Write true or false, without quotes.',
  },
  'no-list': {
    detail: 'etcd does not start with this value in its configuration file',
    remedy: 'Write a YAML list: `[a, b]`.',
  },
  'duplicate-key': ({ line }) => ({
    detail: `the key is repeated on line ${line}; etcd silently uses only the last one`,
    remedy: 'Merge the two keys.',
  }),
  'unknown-key': ({ nearest }) => ({
    detail: 'etcd has no such key and ignores it',
    ...meant(nearest === '' ? '' : `${nearest}:`),
  }),
  'key-of-other-version': ({ lifetime }) => ({
    detail: `this version does not know the key, which exists ${lifetime}; it is ignored`,
  }),
  'no-key-for-crl': {
    detail: 'the configuration file has no key for a CRL in any version; etcd ignores the key',
    remedy: 'Use flags or variables for all settings and set --client-crl-file or --peer-crl-file.',
  },
  'key-of-section': ({ section, key }) => ({
    detail: 'etcd ignores this key at the top level',
    remedy: `Move it to \`${section}:\` as \`${key}:\`.`,
  }),
  'key-with-prefix': ({ section, key }) => ({
    detail: 'etcd ignores the name of a flag in a section, where keys have no prefix',
    remedy: `Write it as \`${key}:\` under \`${section}:\`.`,
  }),
  'key-of-top-level': ({ key }) => ({
    detail: 'etcd ignores this key inside a section',
    remedy: `Move \`${key}:\` to the top level.`,
  }),
  'object-not-given': ({ object }) => ({
    detail: `variables come from ${object}, which was not provided`,
  }),
  // Clients.
  'half-pair-of-etcdctl': {
    detail: 'etcdctl requires both a certificate and its key and does not connect',
  },
  'flag-of-etcdctl': ({ flag }) => ({
    detail: `the setting is also on the command line as --${flag}; etcdctl does not connect`,
  }),
  'unknown-flag-of-etcdctl': ({ nearest }) => ({
    detail: 'etcdctl has no such flag and does not connect',
    ...meant(nearest === '' ? '' : `--${nearest}`),
  }),
  'unreadable-flag-of-etcdctl': { detail: 'etcdctl cannot read the value and does not connect' },
  'unknown-command-of-etcdctl': { detail: 'etcdctl has no such command and does not connect' },
  'spaced-switch-of-etcdctl': {
    detail: 'etcdctl takes it for a command, and does not connect',
    remedy: 'Write a boolean flag as `--flag` or `--flag=true`, never with a space between.',
  },
  'flag-of-api-2': {
    detail: 'a flag of API version 2, with which etcdctl does not connect with version 3',
    remedy: 'Use --endpoints, --cacert, --cert and --key.',
  },
  'flag-of-api-3': {
    detail: 'a flag of API version 3, with which etcdctl does not connect with version 2',
    remedy: 'Set `ETCDCTL_API=3`; up to etcdctl 3.3 version 2 is the default.',
  },
  'command-of-api-3': {
    detail: 'a command of API version 3, which etcdctl does not have with version 2',
    remedy: 'Set `ETCDCTL_API=3`; up to etcdctl 3.3 version 2 is the default.',
  },
  'unknown-api-of-etcdctl': {
    detail: 'up to 3.5 etcdctl accepts 2 and 3 alone, and does not connect',
    remedy: 'Set `ETCDCTL_API=3`.',
  },
  'endpoint-without-scheme': {
    detail: 'etcdctl with API version 2 takes URLs alone as endpoints, and does not connect',
    remedy: 'Write each endpoint as `https://HOST:PORT`.',
  },
  'host-with-scheme': {
    detail: 'Patroni takes hosts and ports there, and makes an address of a URL that leads nowhere',
    remedy: 'Write HOST:PORT there, and `protocol: https`.',
  },
  'hosts-next-to-url': {
    detail:
      'next to a URL Patroni takes its hosts as they are written: a text letter by letter, and a list without TLS',
    remedy: 'Remove either the URL or the hosts.',
  },
  'section-without-endpoint': {
    detail: 'Patroni then uses its section `etcd` in place of `etcd3`, and that names no endpoint',
    remedy: 'Write it for the section `etcd3`: its variables begin with PATRONI_ETCD3_.',
  },
  'variable-of-other-api': {
    detail: 'a name of API version 3, which etcdctl ignores with version 2',
    remedy: 'Set `ETCDCTL_API=3`, or use ETCDCTL_CA_FILE, ETCDCTL_CERT_FILE and ETCDCTL_KEY_FILE.',
  },
  'variable-of-api-2': {
    detail: 'a name of API version 2, which etcdctl ignores with version 3',
    remedy: 'Use ETCDCTL_CACERT, ETCDCTL_CERT, ETCDCTL_KEY and ETCDCTL_ENDPOINTS.',
  },
  'nothing-to-skip': {
    detail: 'up to etcdctl 3.5 this has no effect unless TLS is enabled otherwise',
    remedy: 'Add --insecure-transport=false.',
  },
  'lone-file': ({ client, missing }) => ({
    detail: `${client} has no ${missing} for this file`,
  }),
  'ignored-lone-file': { detail: 'a certificate without its key, or the reverse, is ignored' },
  'ignored-without-pair': ({ client }) => ({
    detail: `${client} uses no TLS file unless both a certificate and a key are set`,
    remedy: 'Set the certificate and the key.',
  }),
  'unused-ca-file': {
    detail: 'the key is read but not used: the system trust store is used instead',
    remedy: 'Write it as `trusted-ca-file:`.',
  },
  'empty-flag': ({ flag, client }) => ({
    detail: `the flag is empty: ${client} connects without this file`,
    remedy: `Give --${flag} a path.`,
  }),
  'tls-not-enabled': { detail: 'TLS files have no effect without `tls_enabled: true`' },
  'first-endpoint-decides': ({ scheme }) => ({
    detail: `the first endpoint decides for all: they are used ${scheme}`,
    remedy: 'Use the same scheme everywhere.',
  }),
} satisfies Readonly<Record<string, SettingsWords | ((values: Values) => SettingsWords)>>;

export type ProblemReason = keyof typeof problemWords;

export const problemReasons = reasonsIn(problemWords);

function reasonsIn<Reason extends string>(
  words: Readonly<Record<Reason, unknown>>,
): readonly Reason[];
function reasonsIn(words: object): readonly string[] {
  return Object.keys(words);
}

function meant(name: string): { readonly remedy?: string } {
  return name === '' ? {} : { remedy: `Check whether \`${name}\` is meant.` };
}

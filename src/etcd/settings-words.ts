import type { ProblemReason, ProblemValues, SettingsProblem } from '../model/settings-problem.ts';

/** What a reader is told of a problem in settings. */
export interface SettingsWords {
  /** One sentence: what comes of it. */
  readonly detail: string;
  readonly remedy?: string;
}

/** Puts a problem in words. Nothing decides by them. */
export function settingsWords({ why, values = {} }: SettingsProblem): SettingsWords {
  const words = wordsFor[why];
  return typeof words === 'function' ? words({ ...unnamed, ...values }) : words;
}

type Values = Required<ProblemValues>;

const unnamed: Values = {
  listener: '',
  url: '',
  other: '',
  scheme: '',
  flag: '',
  file: '',
  section: '',
  key: '',
  nearest: '',
  lifetime: '',
  line: '',
  names: '',
  client: '',
  missing: '',
  object: '',
  error: '',
};

const together = { detail: 'a certificate and its key go together' };

const wordsFor: Readonly<
  Record<ProblemReason, SettingsWords | ((values: Values) => SettingsWords)>
> = {
  'unreadable-urls': { detail: 'etcd cannot read this list of URLs' },
  'name-to-listen-on': {
    detail: 'etcd listens on IP addresses and localhost alone',
    remedy: 'Listen on an IP address, or on 0.0.0.0, and advertise the name.',
  },
  'no-host-to-advertise': { detail: 'an advertised URL needs a host' },
  'nothing-to-advertise': {
    detail: 'etcd wants to be told which client URLs to advertise once it is told where to listen',
  },
  'url-in-two-lists': { detail: 'one address cannot serve both lists' },
  'address-in-use': ({ url, other }) => ({
    detail: `two listeners need ${url}: ${other} uses the same address and port`,
    remedy: 'Give each listener a port of its own: 2379 for clients, 2380 for peers.',
  }),
  'duplicate-peer-url': ({ url }) => ({ detail: `${url} is the peer URL of more than one entry` }),
  'peer-url-not-in-cluster': {
    detail:
      'the member does not advertise the peer URLs that the cluster is told; a new member does not start',
  },
  'name-not-in-cluster': { detail: 'a new member does not start' },
  'two-ways-to-bootstrap': {
    detail: 'etcd is told of its cluster in more than one way',
    remedy: 'Keep one of them: with static peers `initial-cluster`, else discovery.',
  },
  'half-discovery': { detail: 'discovery needs a token and endpoints' },
  'unknown-cluster-state': { detail: 'a cluster is new or existing' },

  'url-without-pair': ({ listener }) => ({
    detail: `the ${listener} URL wants TLS, and no certificate and key are set for it`,
  }),
  'metrics-url-without-pair': {
    detail: 'the metrics URL wants TLS, and no certificate and key are set for clients',
  },
  'half-pair': together,
  'two-kinds-of-allowed-names': ({ listener }) => ({
    detail: `the ${listener} listener takes allowed names of one kind only`,
  }),
  'no-client-authentication': ({ listener }) => ({
    detail: 'nobody is asked for a client certificate, so there is nothing to hold against it',
    remedy:
      listener === 'peer'
        ? 'Set --peer-client-cert-auth and --peer-trusted-ca-file.'
        : 'Set --client-cert-auth and --trusted-ca-file.',
  }),
  'plaintext-files': ({ url }) => ({
    detail: `${url} is served in clear: the certificate and key do nothing there`,
  }),
  'plaintext-authentication': ({ url }) => ({
    detail: `${url} is served in clear: nobody is asked for a certificate there`,
  }),
  'certificate-beside-auto-tls': { detail: 'a certificate is given, so none is generated' },
  'auto-tls': ({ flag }) => ({
    detail: `--${flag} replaces all TLS settings of this listener: nobody is asked for a certificate`,
    remedy: `Give the listener a certificate and key of its own and drop --${flag}.`,
  }),
  'zero-validity': { detail: 'no certificate can be generated' },

  'unknown-tls-version': { detail: 'etcd does not know this TLS version' },
  'no-tls-version-left': { detail: 'no TLS version is left' },
  'suites-without-tls-1.2': { detail: 'cipher suites are for TLS 1.2 alone' },
  'unknown-suite': {
    detail: 'etcd does not know this cipher suite',
    remedy: 'Use Go’s names, which are IANA’s: `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`.',
  },
  'suite-with-blanks': {
    detail: 'etcd does not know this cipher suite',
    remedy: 'Remove the blanks around the commas.',
  },
  'no-http2-suite': {
    detail: 'HTTP/2 needs a suite that is not on the list',
    remedy: 'Add TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 or its RSA sibling to the list.',
  },
  'tls-1.3-suites': ({ names }) => ({
    detail: `${names}: the suites of TLS 1.3 are always on and cannot be chosen`,
  }),

  'no-plaintext-clients': {
    detail: 'the list is never looked at where clients come by TLS',
  },
  'unknown-compaction-mode': { detail: 'etcd does not know this mode' },
  'unknown-value': { detail: 'etcd does not know this value' },
  'no-retention': { detail: 'the retention is neither a number nor a duration such as 8h' },
  'empty-name-or-cluster': {
    detail: 'an empty value is not the default; a new member finds no entry with its name',
    remedy: 'Give a value, or remove the setting.',
  },
  'unknown-token-provider': {
    detail: 'etcd cannot make authentication tokens this way',
    remedy: 'Write `simple`, or `jwt` with `sign-method`, `pub-key` and `priv-key`.',
  },
  'zero-heartbeat': { detail: 'zero is no interval' },
  'zero-election': { detail: 'zero is no timeout' },
  'few-heartbeats': { detail: 'elections need five heartbeats at least' },
  'long-election': { detail: 'the timeout is too long' },
  'two-names': { detail: 'one setting is given under two names' },

  'unknown-fips-mode': {
    detail: 'Go knows no such FIPS 140-3 mode',
    remedy: 'Write fips140=on, or take fips140 out of GODEBUG.',
  },
  'sha-1-forbidden': {
    detail:
      'fips140=only forbids SHA-1, with which etcd computes the ids of members when it starts with a new data directory',
    remedy: 'Write fips140=on: it restricts TLS in the same way and lets etcd compute ids.',
  },
  'fips-at-run-time': {
    detail: 'GOFIPS140 counts when a program is built, not when it runs',
    remedy: 'Set GODEBUG=fips140=on instead.',
  },

  'unreadable-flag': { detail: 'etcd does not start with this command line' },
  'stray-argument': {
    detail: 'etcd does not start with this command line',
    remedy: 'Write a boolean flag as `--flag` or `--flag=true`, never with a blank between.',
  },
  'unknown-flag': ({ nearest }) => ({
    detail: 'etcd does not start with this command line',
    ...meant(nearest === '' ? '' : `--${nearest}`),
  }),
  'flag-of-other-version': ({ flag, lifetime }) => ({
    detail: `this version has no flag --${flag}, which exists ${lifetime}; etcd exits`,
  }),
  'unknown-variable': ({ nearest }) => ({
    detail: 'etcd has no such setting; the variable is ignored',
    ...meant(nearest),
  }),
  'empty-variable': {
    detail: 'an empty variable counts as not set',
    remedy: 'Give the variable a value or remove it.',
  },
  'unreadable-variable': { detail: 'etcd does not start with this value' },
  'no-boolean': {
    detail: 'etcd does not start with this value',
    remedy: 'Write `true` or `false`.',
  },
  'shadowed-by-flag': { detail: 'the same setting stands on the command line, which wins' },
  'conflicts-with-flag': {
    detail: 'the same setting stands on the command line and in the environment',
    remedy: 'Remove the variable or the flag.',
  },
  'setting-of-other-version': ({ lifetime }) => ({
    detail: `this version does not know the setting, which exists ${lifetime}; it is ignored`,
  }),
  'config-file-not-given': ({ file }) => ({
    detail: `all settings are in ${file}, which was not given`,
    remedy: 'Give that file too.',
  }),
  'config-file-not-yaml': ({ file, error }) => ({ detail: `${file} is no YAML: ${error}` }),
  'beside-config-file': ({ file }) => ({
    detail: `etcd takes all its settings from ${file} and ignores this one`,
    remedy: 'Move the setting into the configuration file, or do without that file.',
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
    detail: `the key stands here and again on line ${line}; etcd takes the last one alone and says nothing`,
    remedy: 'Merge the two.',
  }),
  'unknown-key': ({ nearest }) => ({
    detail: 'etcd has no such key and ignores it',
    ...meant(nearest === '' ? '' : `${nearest}:`),
  }),
  'key-of-other-version': ({ lifetime }) => ({
    detail: `this version does not know the key, which exists ${lifetime}; it is ignored`,
  }),
  'no-key-for-crl': {
    detail: 'the configuration file has no key for a revocation list in any version; it is ignored',
    remedy:
      'Give etcd its settings by flags or variables and use --client-crl-file or --peer-crl-file.',
  },
  'key-of-section': ({ section, key }) => ({
    detail: 'etcd ignores this key at the top level',
    remedy: `Move it to \`${section}:\` as \`${key}:\`.`,
  }),
  'key-with-prefix': ({ section, key }) => ({
    detail: 'etcd ignores a flag’s name in a section, where keys are named without their prefix',
    remedy: `Write it as \`${key}:\` under \`${section}:\`.`,
  }),
  'key-of-top-level': ({ key }) => ({
    detail: 'etcd ignores this key inside a section',
    remedy: `Move \`${key}:\` to the top level.`,
  }),
  'object-not-given': ({ object }) => ({
    detail: `its variables come from ${object}, which was not given`,
  }),
  'value-in-cluster': { detail: 'its value comes from the cluster and is not known here' },

  'half-pair-of-etcdctl': {
    detail: 'etcdctl wants a certificate and its key together and does not dial',
  },
  'flag-of-etcdctl': ({ flag }) => ({
    detail: `the setting stands on the command line as --${flag} too; etcdctl does not dial`,
  }),
  'variable-of-api-2': {
    detail: 'a name of API version 2, which etcdctl ignores with version 3',
    remedy: 'Use ETCDCTL_CACERT, ETCDCTL_CERT, ETCDCTL_KEY and ETCDCTL_ENDPOINTS.',
  },
  'nothing-to-skip': {
    detail: 'up to etcdctl 3.5 this does nothing unless TLS is asked for otherwise',
    remedy: 'Add --insecure-transport=false.',
  },
  'lone-file': ({ client, missing }) => ({
    detail: `${client} is given no ${missing} to go with this file`,
  }),
  'ignored-lone-file': { detail: 'a certificate without its key, or the reverse, is ignored' },
  'ignored-without-pair': ({ client }) => ({
    detail: `${client} uses no TLS file unless both a certificate and a key are set`,
    remedy: 'Set the certificate and the key.',
  }),
  'unused-ca-file': {
    detail: 'the key is read and never used: the system’s roots are in force',
    remedy: 'Write it as `trusted-ca-file:`.',
  },
  'empty-flag': ({ flag, client }) => ({
    detail: `the flag is empty: ${client} dials without this file`,
    remedy: `Give --${flag} a path.`,
  }),
  'tls-not-enabled': { detail: 'TLS files do nothing without `tls_enabled: true`' },
  'first-endpoint-decides': ({ scheme }) => ({
    detail: `the first endpoint decides for all: they are dialled ${scheme}`,
    remedy: 'Write one scheme everywhere.',
  }),
};

function meant(name: string): { readonly remedy?: string } {
  return name === '' ? {} : { remedy: `Is \`${name}\` meant?` };
}

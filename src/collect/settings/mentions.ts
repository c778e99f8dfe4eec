import { wordSet } from '../../model/table.ts';
import { flagNamed, flagOfVariable } from '../../etcd/flags.ts';

/** A line that has to do with etcd's settings or those of its clients. */
export interface Mention {
  readonly line: number;
  /** The flag, variable, key or program, as written. */
  readonly what: string;
}

/**
 * Flags of etcd that other programs have under the same name, with another meaning or none for TLS:
 * alone they say nothing about etcd.
 */
const common =
  /^(?:auth-token|ca-file|cert-file|cipher-suites|client-cert-file|client-key-file|config|config-file|cors|data-dir|debug|discovery|enable-pprof|force-new-cluster|help|host-whitelist|key-file|log-format|log-level|log-output|log-outputs|log-package-levels|logger|max-.*|metrics|name|pre-vote|proxy.*|strict-.*|tls-max-version|tls-min-version|trusted-ca-file|version|wal-dir|feature-gates|bcrypt-cost|v2-.*|warning-.*|heartbeat-interval|election-timeout)$/;

/**
 * `--initial-cluster`, `ETCD_CERT_FILE`, `--etcd-servers`, `etcd_endpoints:`, `client-transport-security:`, and
 * `secureTransport:` of Bitnami's chart, whose values are no settings before its templates are filled in.
 */
const words =
  /--?([a-z][a-z0-9_.-]*)|\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b|(?<![^\s"'{,])(?=([a-z][\w-]*)["']?\s*[:=])/g;

/** Keys of etcd's configuration file, and of its clients. */
const keys = wordSet(
  'client-transport-security datastore-cafile datastore-certfile datastore-endpoint datastore-keyfile ' +
    'initial-advertise-peer-urls initial-cluster listen-client-urls listen-peer-urls ' +
    'peer-transport-security secureTransport',
);

/** How keys of clients begin: `etcd_endpoints`, `etcdCACertFile`, `topo_etcd_tls_ca`. */
const beginnings = [
  'etcd_ca',
  'etcd_cert',
  'etcd_endpoints',
  'etcd_key',
  'etcdCACert',
  'etcdCert',
  'etcdEndpoints',
  'etcdKey',
  'topo_etcd_',
];

/** Starts etcd or etcdctl with flags: `/usr/local/bin/etcd --name`; or an option of the NixOS module. */
const command =
  /(?:^|[\s"'`=/;&|(])((?:etcd(?:-v?\d[\w.]*)?|etcdctl)(?=["']?,?\s+["']?--?[a-z])|services\.etcd(?=(?:\.[\w.]+)?\s*=))/;

/** What a text says of etcd's settings, comments aside; the first on each line. */
export function mentionsIn(text: string): readonly Mention[] {
  const lines = text.split(/\r?\n/);
  const endpoints = lines.filter((line) => !isComment(line) && /datastore.endpoint/i.test(line));
  const areOthers = endpoints.length > 0 && endpoints.every(namesOtherDatabase);
  return lines.flatMap((line, index) => {
    // With another database come the files of its own TLS.
    const isOfOther = namesOtherDatabase(line) || (areOthers && /datastore/i.test(line));
    const what = isOfOther ? undefined : mentionOn(line);
    return what === undefined ? [] : [{ line: index + 1, what }];
  });
}

/**
 * An address at etcd's client port (IANA: etcd-client, 2379) in a text that has to do with TLS: some client's, under
 * unknown names.
 */
export function clientAddressIn(text: string): Mention | undefined {
  const lines = text.split(/\r?\n/).map((line) => (isComment(line) ? '' : line));
  if (!lines.some((line) => usesTls.test(line))) return undefined;
  const at = lines.findIndex((line) => address.test(line));
  const what = address.exec(lines[at] ?? '')?.[1];
  return what === undefined ? undefined : { line: at + 1, what };
}

/** Whether a text has to do with requests: it names a program that sends them, or a port at which etcd listens. */
export function mayHoldRequest(text: string, ports: readonly string[] = []): boolean {
  return /\b(?:curl|wget)\b/.test(text) || namesEtcd(text, ports);
}

/** Whether a text names etcdctl, or a port at which etcd listens by default or by the settings that were given. */
export function namesEtcd(text: string, ports: readonly string[] = []): boolean {
  const all = ['2379', '2380', '4001', '7001', ...ports];
  return new RegExp(`\\betcdctl|(?<![\\w.-])(?:${all.join('|')})(?![\\w.-])`).test(text);
}

/** Whether what is not followed of a text may be etcdctl, or a request to a port of etcd. */
export function mayHideClient(text: string): boolean {
  return /\betcdctl\d?\b/.test(text) || (/\b(?:curl|wget)\b/.test(text) && namesEtcd(text));
}

/** Whether a text names etcd, a setting of it or of a client, or a port at which it listens, or sends a request somewhere. */
export function mayBeAboutEtcd(text: string): boolean {
  const sends = /\b(?:curl|wget)\b/.test(text) && /https?:\/\//.test(text);
  return sends || /etcd/i.test(text) || namesEtcd(text) || mentionsIn(text).length > 0;
}

/** By a URL, a file, or a monitor's option: `type TCPSSL` of monit, `-S` and `--ssl` of check_http. */
const usesTls = /https:\/\/|\w\.(?:pem|crt|cer|key)\b|\btcpssl\b|(?:^|\s)(?:-S|--ssl)(?:\s|$)/i;

/** With its host, or as a setting of its own: `port: 2379`, `-p 2379`. */
const address =
  /(?:^|[^\w.-])((?:[\w.-]{1,253}|\[[\da-f:.]{2,60}\]):2379|(?:-{0,2}port["']?[ \t]{0,9}[:= \t][ \t]{0,9}|-p[ \t]{0,9})["']?2379)(?!\w)/i;

function isComment(line: string): boolean {
  return /^\s*(?:#|;|\/\/|\*|--\s)/.test(line) && !timed.test(line);
}

/** A line of crontab(5) may begin with a star. */
const timed = /^\s*\*(?:\/\d+)?(?:[ \t]+[\d*/,-]+){4}[ \t]/;

function mentionOn(line: string): string | undefined {
  if (isComment(line)) return undefined;
  for (const [written, flag, variable, key] of line.matchAll(words)) {
    if (variable !== undefined && isKnown(variable)) return variable;
    if (key !== undefined && isOwnKey(key)) return key;
    if (flag !== undefined && isOwnFlag(flag)) return written;
  }
  return commandIn(line);
}

function isOwnKey(key: string): boolean {
  return keys.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
}

function commandIn(line: string): string | undefined {
  return line.includes('etcd') ? command.exec(line)?.[1] : undefined;
}

/** k3s and its like keep their state elsewhere too. */
function namesOtherDatabase(line: string): boolean {
  return (
    /datastore/i.test(line) &&
    /datastore.endpoint['"]?[=:\s]+['"]?(?:mysql|postgres|sqlite|nats)/i.test(line)
  );
}

const clientVariable =
  /^(?:FLANNELD?|CALICO|FELIX|PATRONI|K3S|RKE2|TRAEFIK)_[A-Z0-9_]*ETCD|^(?:K3S|RKE2)_DATASTORE_[A-Z]+$/;

function isKnown(variable: string): boolean {
  if (!/^ETCD(?:CTL)?_[A-Z]/.test(variable)) return clientVariable.test(variable);
  // An account of etcd by itself says nothing of TLS.
  if (/^ETCDCTL_(?:USER|PASSWORD)$/.test(variable)) return false;
  if (!variable.startsWith('ETCD_') || flagOfVariable(variable) !== undefined) return true;
  return /ENDPOINT|SERVER|HOST|URL|ADDR|CERT|_CA(?:_|$)|KEY|TLS|SSL/.test(variable);
}

const flagsOfClients = wordSet(
  'etcd-arg etcd-servers etcd-servers-overrides etcd-cafile etcd-certfile etcd-keyfile etcd-endpoints ' +
    'datastore-endpoint datastore-cafile datastore-certfile datastore-keyfile',
);

/** Whether a flag is one that only etcd, or only a client of it, has. */
export function isOwnFlag(name: string): boolean {
  if (flagsOfClients.has(name) || /^(?:topo[_-]etcd[_-]|providers\.etcd\.)\S/.test(name))
    return true;
  // Any program may have a flag of one letter, as etcd has -v.
  return name.length > 1 && flagNamed(name) !== undefined && !common.test(name);
}

/** Text that mentions settings without being any, by its name. */
const tellsOnly =
  /\.(?:md|markdown|rst|adoc|asciidoc|html?|tex|pdf|svg|txt|log(?:\.\d+)?|out|journal|go|py|rb|js|mjs|cjs|jsx|ts|tsx|java|kt|rs|c|h|cc|cpp|hpp|cs|php|pl|pm|lua|swift|scala|ipynb|proto|sql|css|diff|patch|po|csv|tsv|[1-8])$|(?<![^/])(?:README|CHANGELOG|CHANGES|NEWS|LICENSE|COPYING|NOTES|TODO|AUTHORS|CONTRIBUTING)[^/]*$/i;

/** Program source, recipes of make, and texts that may be anything: they may start etcd or write its settings. */
const source =
  /\.(?:txt|go|py|rb|[mc]?js|jsx|tsx?|java|kt|rs|c|h|cc|cpp|hpp|cs|php|pl|pm|lua|swift|scala|mk)$|(?<![^/])(?:GNU)?[Mm]akefile$/;

/** Directories of others' code, tests and texts about a program, by their names. */
const ofOthers =
  /(?<![^/])(?:node_modules|testdata|third_party|vendor)\/|[._](?:spec|test)\.\w+$|(?<![^/])(?:README|CHANGELOG|LICENSE|NOTES|NOTICE)[^/]*$/;

/** Whether a text that is no settings file may hold settings of etcd all the same. */
export function isProgramSource(path: string, text: string): boolean {
  return (
    source.test(path) &&
    !ofOthers.test(path) &&
    !tellsOfCommands(path, text) &&
    !isMostlyLogged(text)
  );
}

/** Recipes of make, which are no commands of a shell before make fills them in. */
export function isOfMake(path: string): boolean {
  return /(?<![^/])(?:GNU)?[Mm]akefile$|\.mk$/.test(path);
}

/** Program source that says what is started: pm2's `ecosystem.config.js`, recipes and attributes of Chef. */
const startsProcesses = /\.config\.[cm]?js$|(?<![^/])(?:attributes|recipes)\/[^/]+\.rb$/;

/** A line of a log: a date or a JSON object with a level. */
const logged =
  /^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\{"level":|[IWEF]\d{4} \d\d:\d\d)/;

/** A pod as `kubectl describe` prints it: what it was started with. */
const described = /^Name:\s[^]{0,20000}\n(?:Init )?Containers:\s*\n/;

/** Commands that were typed once: `.bash_history`, `.zsh_history`. */
const typed = /(?<![^/])\.?(?:\w+_)?history$/;

/** etcd's own help, alone or after what Go's package flag says of a flag; a script may print the same and start etcd. */
const help =
  /^\s*(?:(?:flag |invalid (?:boolean )?value |bad flag syntax: )[^\n]*\n\s*)?usage:\s+etcd \[flags\]/i;

/** Whether commands in a text are no settings: examples in prose, lines of a log, a history of commands, etcd's help. */
export function tellsOfCommands(path: string, text: string): boolean {
  return (
    /\.(?:md|markdown|rst|adoc|html?)$/i.test(path) ||
    (typed.test(path) && !text.startsWith('#!')) ||
    help.test(text) ||
    isLog(text)
  );
}

/** By the first line and by most others: `systemctl status` shows the end of a log below the process. */
function isLog(text: string): boolean {
  const [first] = /\S[^\n]*/.exec(text) ?? [];
  return first !== undefined && logged.test(first) && isMostlyLogged(text);
}

function isMostlyLogged(text: string): boolean {
  const lines = text.split('\n', 200).filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.filter((line) => logged.test(line)).length * 2 > lines.length;
}

/** Whether a text is prose, a log, program source or a report: such text is read by people, or is about settings. */
export function isProseOrLog(path: string, text: string): boolean {
  if (described.test(text) || startsProcesses.test(path)) return false;
  if (isOfMake(path)) return true;
  if (tellsOnly.test(path) || tellsOfCommands(path, text) || isMostlyLogged(text)) return true;
  // Reports and evidence that this program wrote.
  return (
    /^\s*\{\s*"schemaVersion":\s*\d/.test(text) || /^\s*\{\s*"\$schema":[^{]*sarif/i.test(text)
  );
}

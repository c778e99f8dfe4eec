import { isAbsolute, relative } from 'node:path';
import type { Deployment } from '../model/deployment.ts';
import type { Client, Guess, Member } from '../model/inventory.ts';
import type { MemberSettings, Setting } from '../model/settings.ts';
import { table } from '../model/table.ts';
import { factPath } from '../deployment/deployed-path.ts';

/**
 * An inventory of what was found, with comments that say what of it was guessed, and why. Paths in it hold
 * from the directory that it is written to.
 */
export function initialInventory({ facts, gaps }: Deployment, directory = '.'): string {
  const place: Place = {
    from: directory,
    onDisk: new Set(
      (facts.files ?? []).flatMap(({ path, mode }) => (mode === undefined ? [] : path)),
    ),
  };
  const { members: all = [], clients = [], guesses = [] } = facts;
  const members = all.filter((member) => !isOnlyNamed(member));
  const names = [...new Set(all.map(({ cluster }) => cluster))];
  const clusters = (names.length === 0 ? [undefined] : names).map((name) => ({
    name,
    members: all.filter(({ cluster }) => cluster === name),
    clients: clients.filter(({ cluster }) => names.length < 2 || cluster === name),
  }));
  const lines = [
    '# The expected members and clients of etcd clusters.',
    '# Read by etcd-tls-audit; correct what was guessed, and keep it in version control.',
    `# yaml-language-server: $schema=${schemaUrl}`,
    'version: 2',
    ...versionLines(members),
    '',
    ...(members.length === 0 ? [comment(gaps.members ?? 'no members were found')] : []),
    'clusters:',
    ...clusters.flatMap((cluster) => clusterLines(cluster, guesses, place)),
    '',
    '# Files to ignore, by the end of their path:',
    '# ignore:',
    '#   - old/*.pem',
    '',
    '# DNS answers, for peers whose certificates contain names instead of addresses:',
    '# dns:',
    '#   etcd-1.example.org: [10.0.0.1]',
    '#   10.0.0.1: [etcd-1.example.org]',
    '',
    '# Defaults for options that the command line does not set:',
    '# config:',
    '#   expiryWarningDays: 30',
    '#   maximumLeafLifetimeDays: 1185',
    '#   failOn: high',
    '#   skip: []',
  ];
  return `${lines.join('\n')}\n`;
}

interface ClusterEntry {
  readonly name: string | undefined;
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
}

function clusterLines(
  { name, members: all, clients }: ClusterEntry,
  guesses: readonly Guess[],
  place: Place,
): readonly string[] {
  const members = all.filter((member) => !isOnlyNamed(member));
  const named = all.filter(isOnlyNamed).map((member) => member.name);
  const lines = [
    ...(name === undefined ? [] : [`name: ${scalar(name)}`]),
    ...(members.length === 0
      ? ['members: []']
      : ['members:', ...members.flatMap((member) => memberLines(member, guesses, place))]),
    ...(named.length === 0
      ? []
      : [
          `  ${comment(`named by other members, without files of their own: ${named.join(', ')}`)}`,
        ]),
    ...(clients.length === 0 ? ['clients: []'] : ['clients:', ...clients.flatMap(clientLines)]),
  ];
  return lines.map((each, index) => `${index === 0 ? '  - ' : '    '}${each}`);
}

const schemaUrl = 'https://etcd-tls-audit.github.io/etcd-tls-audit/schemas/inventory.schema.json';

/** One version for all when they agree, commented out when it is unknown. */
function versionLines(members: readonly Member[]): readonly string[] {
  const versions = new Set(members.map(({ etcdVersion }) => etcdVersion.value));
  const [member] = members;
  if (member === undefined || versions.size !== 1) return [];
  const { value, origin } = member.etcdVersion;
  return origin.via === 'assumed'
    ? [`# etcdVersion: ${scalar(value)} # ${line(origin.because ?? 'guessed')}`]
    : [`etcdVersion: ${scalar(value)}`];
}

function isOnlyNamed({ known }: Member): boolean {
  return known === 'named' || known === 'listed';
}

interface Place {
  /** Where the inventory is written. */
  readonly from: string;
  /** Files that are on disk, not within a manifest or Secret. */
  readonly onDisk: ReadonlySet<string>;
}

/** A path as it is written in the inventory. */
function pathFrom({ from }: Place, path: string): string {
  return isAbsolute(path) ? path : relative(from, path);
}

function memberLines(member: Member, guesses: readonly Guess[], place: Place): readonly string[] {
  const { name, addresses, hostnames, reverseNames, files } = member;
  const sources = settingsFiles(member).map((path) => pathFrom(place, path));
  const found = files.filter((match) => isFound(match) && place.onDisk.has(match.file ?? ''));
  const about = guesses.filter(({ about: what, owner }) => what === name || owner === name);
  return [
    `  - name: ${scalar(name)}`,
    ...(member.known === 'supposed' ? guessedLines : []),
    ...about.map(
      ({ about: who, conclusion, because, ambiguous }) =>
        `    ${comment(`${ambiguous ? 'please check: ' : ''}${who}: ${conclusion}, because ${because}`)}`,
    ),
    ...list('    ', 'addresses', addresses),
    ...list('    ', 'hostnames', hostnames),
    ...(reverseNames === undefined
      ? []
      : [
          '    reverseNames:',
          ...Object.entries(reverseNames).flatMap(([address, names]) =>
            list('      ', scalar(address), names),
          ),
        ]),
    ...list('    ', 'settings', sources),
    ...flagLines(member),
    ...(found.length === 0 ? [] : ['    files:']),
    ...found.map(
      ({ deployed, file = '', because }) =>
        `      ${scalar(deployed)}: ${scalar(pathFrom(place, file))} # ${line(because)}`,
    ),
  ];
}

function isFound({ deployed, file }: Member['files'][number]): boolean {
  return file !== undefined && file !== deployed;
}

/** Files that say something of this very member. */
function settingsFiles({ known, settings, target }: Member): readonly string[] {
  if (known !== 'settings') return [];
  const files = flagsOf(settings).flatMap(({ setting: { origin } }) =>
    origin.via === 'assumed' || origin.via === 'default' || origin.via === 'inventory'
      ? []
      : (origin.location?.file ?? []),
  );
  const described = files.length === 0 ? [] : (target.location?.file ?? []);
  return [...new Set([described, files].flat())];
}

/** Marks an entry as what the audit assumes, until the operator confirms it. */
const guessedLines = ['    guessed: true # remove this line once the entry is right'];

/** What no file says and is no default either. */
function flagLines({ known, settings }: Member): readonly string[] {
  // What is open in settings that were given is worked out from them again.
  const isOpen = known === 'settings' ? '# ' : '';
  const open = flagsOf(settings).filter(
    ({ setting: { origin } }) => origin.via === 'assumed' || origin.via === 'inventory',
  );
  const why = [...new Set(open.flatMap(({ setting: { origin } }) => origin.because ?? []))];
  const urls = open.filter(({ name }) => name in urlKeys);
  // Where it listens follows from its addresses again.
  const flags = open.filter(({ name }) => !(name in urlKeys) && !/^listen-.*-urls$/.test(name));
  return [
    ...why.map((because) => `    ${comment(`guessed: ${because}`)}`),
    ...urls.map(
      ({ name, setting }) =>
        `    ${isStated(setting) ? '' : isOpen}${urlKeys[name]}: ${flagValue(setting.value)}`,
    ),
    ...(flags.length === 0 ? [] : ['    flags:']),
    ...flags.map(({ name, setting: { value } }) => `      ${name}: ${flagValue(value)}`),
  ];
}

function isStated({ origin }: Setting<unknown>): boolean {
  return origin.via !== 'assumed';
}

const urlKeys = table<string>({
  'advertise-client-urls': 'clientUrls',
  'initial-advertise-peer-urls': 'peerUrls',
});

function flagValue(value: unknown): string {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return Array.isArray(value)
    ? `[${value.map((item) => scalar(String(item))).join(', ')}]`
    : scalar(String(value));
}

interface Flag {
  readonly name: string;
  readonly setting: Setting<unknown>;
}

/** The settings that decide about TLS, under the names of etcd's flags. */
function flagsOf(settings: MemberSettings): readonly Flag[] {
  const { client, peer } = settings;
  const named: readonly (readonly [string, Setting<unknown> | undefined])[] = [
    ['listen-client-urls', settings.listenClientUrls],
    ['advertise-client-urls', settings.advertiseClientUrls],
    ['listen-peer-urls', settings.listenPeerUrls],
    ['initial-advertise-peer-urls', settings.initialAdvertisePeerUrls],
    ['listen-metrics-urls', settings.listenMetricsUrls],
    ['cert-file', client.certFile],
    ['key-file', client.keyFile],
    ['trusted-ca-file', client.trustedCaFile],
    ['client-cert-auth', client.clientCertAuth],
    ['auto-tls', client.autoTls],
    ['client-crl-file', client.crlFile],
    ['client-cert-file', client.clientCertFile],
    ['client-key-file', client.clientKeyFile],
    ['client-cert-allowed-hostname', client.allowedHostnames],
    ['peer-cert-file', peer.certFile],
    ['peer-key-file', peer.keyFile],
    ['peer-trusted-ca-file', peer.trustedCaFile],
    ['peer-client-cert-auth', peer.clientCertAuth],
    ['peer-auto-tls', peer.autoTls],
    ['peer-crl-file', peer.crlFile],
    ['peer-client-cert-file', peer.clientCertFile],
    ['peer-client-key-file', peer.clientKeyFile],
    ['peer-cert-allowed-cn', peer.allowedCns],
    ['peer-cert-allowed-hostname', peer.allowedHostnames],
    ['cipher-suites', settings.cipherSuites],
    ['tls-min-version', settings.tlsMinVersion],
    ['tls-max-version', settings.tlsMaxVersion],
  ];
  return named.flatMap(([name, setting]) => (setting === undefined ? [] : [{ name, setting }]));
}

function clientLines(client: Client): readonly string[] {
  const { name, kind, endpoints, verifier, speaks } = client;
  const isGuessed = endpoints.origin.via === 'assumed';
  const because = client.certFile?.origin.because ?? endpoints.origin.because ?? '';
  return [
    `  - name: ${scalar(name)}`,
    ...(client.known === 'supposed' ? guessedLines : []),
    ...(isGuessed ? [`    ${comment(`guessed: ${because}`)}`] : []),
    ...(kind === 'client' ? [] : [`    kind: ${scalar(kind)}`]),
    ...(isGuessed
      ? ['    # endpoints: every member']
      : list('    ', 'endpoints', endpoints.value, '[]')),
    ...credentialLines(client),
    ...(verifier === 'go' ? [] : [`    verifier: ${verifier}`]),
    ...(speaks === 'grpc' ? [] : [`    speaks: ${speaks}`]),
  ];
}

function credentialLines(client: Client): readonly string[] {
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = client;
  const texts = Object.entries({ caFile, certFile, keyFile, serverName });
  return [
    ...texts.flatMap(([key, setting]) =>
      setting === undefined || setting.value === ''
        ? []
        : [`    ${key}: ${scalar(fileOf(client, setting.value, key))}`],
    ),
    ...(insecureSkipVerify?.value === true ? ['    insecureSkipVerify: true'] : []),
  ];
}

function fileOf({ files }: Client, deployed: string, key: string): string {
  return key === 'serverName' ? deployed : factPath(deployed, files);
}

function list(
  indent: string,
  key: string,
  values: readonly string[],
  empty?: string,
): readonly string[] {
  if (values.length === 0) return empty === undefined ? [] : [`${indent}${key}: ${empty}`];
  return [`${indent}${key}: [${values.map(scalar).join(', ')}]`];
}

/** Plain where YAML 1.1 and 1.2 read it as the same text, else quoted as JSON, which YAML understands. */
function scalar(text: string): string {
  const isPlain =
    (/^(?:[A-Za-z/]|\.\.?\/)[A-Za-z0-9/._-]*$/.test(text) &&
      !/^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text)) ||
    /^(?:https?:\/\/[a-z0-9.-]+:\d+|\d+\.\d+\.\d+\.\d+)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

function comment(text: string): string {
  return `# ${line(text)}`;
}

/** One line without anything that a terminal or YAML would act on: names come out of certificates. */
function line(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300);
}

import type { MemberSettings, Setting } from '../model/settings.ts';
import { quote } from '../pki/go-text.ts';
import { type RawSettings, textOf } from './raw-settings.ts';
import { portOfDefaultRoute } from './member-settings.ts';
import { problem, refuse } from './settings-problem.ts';
import { type EtcdUrl, parseUrls } from './urls.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import { canonicalHost, isIpAddress, splitHostPort } from '../model/host.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

type Urls = Setting<readonly string[]>;

/** What etcd refuses in its lists of URLs before it opens anything (embed/config.go Validate). */
export function findUrlProblems(settings: MemberSettings, version: EtcdVersion): Problems {
  const bound = [
    settings.listenPeerUrls,
    settings.listenClientUrls,
    ...(settings.listenClientHttpUrls === undefined ? [] : [settings.listenClientHttpUrls]),
    ...(settings.listenMetricsUrls === undefined ? [] : [settings.listenMetricsUrls]),
  ];
  return [
    ...bound.flatMap((urls) => refuseNames(urls, version)),
    ...refuseEmptyHosts('initial-advertise-peer-urls', settings.initialAdvertisePeerUrls, version),
    ...refuseEmptyHosts('advertise-client-urls', settings.advertiseClientUrls, version),
  ];
}

function parsed({ value }: Urls, version: EtcdVersion): readonly EtcdUrl[] {
  const urls = parseUrls(value, version);
  return urls.ok ? urls.urls : [];
}

function refuseNames(urls: Urls, version: EtcdVersion): Problems {
  return parsed(urls, version)
    .filter(({ scheme }) => !scheme.startsWith('unix'))
    .filter(({ host }) => host !== 'localhost' && !isIpAddress(host))
    .map(({ text }) =>
      problem(
        'refused-at-start',
        urls,
        'name-to-listen-on',
        `expected IP in URL for binding (${text})`,
      ),
    );
}

function refuseEmptyHosts(name: string, urls: Urls, version: EtcdVersion): Problems {
  // 3.3 only warned that it would not be so for ever.
  if (!isAtLeast(version, '3.4.0')) return [];
  const [refusal] = parsed(urls, version).flatMap((url) => hostRefusal(url, version) ?? []);
  if (refusal === undefined) return [];
  const form =
    name === 'advertise-client-urls' && isAtLeast(version, '3.7.0')
      ? 'in the format "host:port", "unix:/path/to/socket" or "unixs:/path/to/socket"'
      : '"host:port"';
  const says = `--${name} ${quote(urls.value.join(','))} must be ${form} (${refusal})`;
  return refuse(urls, 'no-host-to-advertise', says);
}

/** Before 3.7 a socket is advertised as `unix://host:port`, which is the name of a file, or not at all. */
function hostRefusal({ scheme, host, text }: EtcdUrl, version: EtcdVersion): string | undefined {
  if (!scheme.startsWith('unix'))
    return host === '' ? `unexpected empty host (${text})` : undefined;
  if (isAtLeast(version, '3.7.0')) return undefined;
  const [, authority = ''] = /^\w+:\/\/([^/?#]*)/.exec(text) ?? [];
  if (splitHostPort(authority) !== undefined) return undefined;
  return `${authority === '' ? '' : `address ${authority}: `}missing port in address`;
}

/** Only flags and variables lose the default: a configuration file keeps it. */
export function findMissingAdvertisement(settings: MemberSettings): Problems {
  const { listenClientUrls, advertiseClientUrls } = settings;
  const set = ['flag', 'environment'].includes(listenClientUrls.origin.via);
  if (!set || advertiseClientUrls.origin.via !== 'default') return [];
  return refuse(
    listenClientUrls,
    'nothing-to-advertise',
    '--advertise-client-urls is required when --listen-client-urls is set explicitly',
  );
}

/**
 * At the first start of a member its advertised peer URLs must be those in `initial-cluster`
 * (etcdserver/config.go advertiseMatchesCluster). Names are resolved there, which cannot be done here:
 * only what no answer of a name server can fix is reported.
 */
export function findClusterProblems(
  settings: MemberSettings,
  version: EtcdVersion,
  raw: RawSettings,
): Problems {
  const { name, initialCluster, initialAdvertisePeerUrls: advertised } = settings;
  if (initialCluster === undefined) return findProblemsWithoutList(settings, version, raw);
  const ownName = name?.value ?? defaultName;
  const own = initialCluster.value.filter((entry) => (entry.written ?? entry.name) === ownName);
  if (own.length === 0) return notInCluster(name, initialCluster, raw);

  if (joins(settings)) {
    return [...duplicateUrls(initialCluster, version), ...findLonelyList(settings, own.length)];
  }
  const listed = { ...initialCluster, value: own.map(({ url }) => url) };
  const isReplaced = portOfDefaultRoute(settings, version) !== undefined;
  const says = mismatch(ownName, { listed, advertised, isReplaced, version });
  if (says === undefined && isReplaced) return [replacedDefault(settings)];
  if (says === undefined) return duplicateUrls(initialCluster, version);
  return refuse(initialCluster, 'peer-url-not-in-cluster', says);
}

/** Of its list a member that joins compares nothing with what it advertises (etcdserver VerifyJoinExisting). */
export function joins({ initialClusterState }: MemberSettings): boolean {
  return initialClusterState?.value === 'existing';
}

function findLonelyList(settings: MemberSettings, own: number): Problems {
  const isAlone = own === settings.initialCluster?.value.length;
  return isAlone ? failedJoin(settings, 'joins-without-others') : [];
}

function findProblemsWithoutList(
  settings: MemberSettings,
  version: EtcdVersion,
  raw: RawSettings,
): Problems {
  return joins(settings)
    ? findLoneJoin(settings, raw)
    : findDefaultClusterProblems(settings, version, raw);
}

/** What etcd says where none of the other members in its list answers, or there is no other one. */
export const cannotFetch =
  'cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs';

function failedJoin(
  { initialClusterState: state }: MemberSettings,
  why: 'joins-without-others' | 'joins-without-list',
): Problems {
  return state === undefined ? [] : refuse(state, why, cannotFetch);
}

/** Without `initial-cluster` a member lists itself alone. */
function findLoneJoin(settings: MemberSettings, raw: RawSettings): Problems {
  const discovery = textOf(raw, 'discovery');
  if (discovery !== undefined) {
    const says = 'discovery URL should not be set when joining existing initial cluster';
    return refuse(discovery, 'discovery-while-joining', says);
  }
  const isListed = raw.has('discovery-srv') || raw.has('initial-cluster');
  return isListed ? [] : failedJoin(settings, 'joins-without-list');
}

const defaultName = 'default';
const defaultCluster = ['http://localhost:2380'];

/**
 * Without `initial-cluster` the cluster is that of the advertised peer URLs, but for a member that keeps the
 * default name: it keeps the default cluster (embed/config.go UpdateDefaultClusterFromName).
 */
function findDefaultClusterProblems(
  settings: MemberSettings,
  version: EtcdVersion,
  raw: RawSettings,
): Problems {
  const { name, initialAdvertisePeerUrls: advertised } = settings;
  const isFound = [...raw.keys()].some((flag) => flag.startsWith('discovery'));
  const isStated = !['default', 'assumed'].includes(advertised.origin.via);
  const isNamed = name !== undefined && name.value !== defaultName;
  if (isFound || isNamed || joins(settings) || raw.has('initial-cluster')) return [];
  if (portOfDefaultRoute(settings, version) !== undefined) return [replacedDefault(settings)];
  if (!isStated) return [];

  const listed = { ...advertised, value: defaultCluster };
  const says = mismatch(defaultName, { listed, advertised, version });
  return says === undefined ? [] : refuse(advertised, 'peer-url-not-in-default-cluster', says);
}

function replacedDefault({ listenPeerUrls }: MemberSettings): SettingsProblem {
  return problem('refused-on-some-hosts', listenPeerUrls, 'peer-url-of-default-route');
}

/** What etcd says of advertised peer URLs that are not those of the list. */
function mismatch(
  name: string,
  {
    listed,
    advertised,
    isReplaced = false,
    version,
  }: Readonly<Record<'listed' | 'advertised', Urls>> & {
    readonly isReplaced?: boolean;
    readonly version: EtcdVersion;
  },
): string | undefined {
  const own = parsed(listed, version);
  // Which address takes the place of the default is not known.
  const printed = isReplaced ? '' : advertised.value.join(',');
  const offered = parsed(advertised, version);
  const strays = own.filter((url) => !offered.some((other) => mayBeEqual(url, other)));
  if (strays.length > 0) {
    const has = strays.map(({ text }) => `${name}=${text}`).join(',');
    return `--initial-cluster has ${has} but missing from --initial-advertise-peer-urls=${printed}`;
  }
  const others = offered.filter((url) => !own.some((other) => mayBeEqual(url, other)));
  if (others.length === 0) return undefined;
  const has = others.map(({ text }) => text).join(',');
  return `--initial-advertise-peer-urls has ${has} but missing from --initial-cluster=`;
}

/** Read when the listeners are open (pkg/types/urlsmap.go). */
export function findUnreadableCluster(raw: RawSettings, version: EtcdVersion): Problems {
  const cluster = textOf(raw, 'initial-cluster');
  const entries = cluster?.value.split(',').filter((entry) => entry !== '') ?? [];
  const urls = entries.map((entry) => /=(.*)$/s.exec(entry)?.[1] ?? '');
  const read = parseUrls(urls, version);
  if (cluster === undefined || read.ok) return [];
  const says = `error setting up initial cluster: ${read.error}`;
  return refuse(cluster, 'unreadable-urls', says);
}

/** A flag or key may be empty, where an empty variable counts as not set. */
export function findEmptyNames(raw: RawSettings): Problems {
  const name = raw.get('name');
  const cluster = raw.get('initial-cluster');
  const isFound = ['discovery', 'discovery-srv', 'discovery-endpoints'].some(
    (way) => textOf(raw, way) !== undefined,
  );
  const empty = [name, cluster].find((setting) => setting?.value === '');
  if (empty === undefined || isFound) return [];
  const own = typeof name?.value === 'string' ? name.value : 'default';
  const says = `couldn't find local name ${quote(own)} in the initial cluster configuration`;
  return refuse(empty, 'empty-name-or-cluster', says);
}

/** etcdserver/config.go checkDuplicateURL: a member is known by its peer URLs. */
function duplicateUrls(
  cluster: NonNullable<MemberSettings['initialCluster']>,
  version: EtcdVersion,
): Problems {
  const written = cluster.value.map(({ url }) => url);
  if (new Set(written.map((url) => url.trim())).size === written.length) return [];
  const urls = parsed({ ...cluster, value: written }, version);
  const texts = urls.map(({ text }) => text);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice === undefined) return [];
  const pairs = cluster.value.map(({ name, url }) => `${name}=${url}`).toSorted();
  return refuse(
    cluster,
    'duplicate-peer-url',
    `initial cluster ${pairs.join(',')} has duplicate url`,
    { url: twice },
  );
}

function notInCluster(
  name: Setting<string> | undefined,
  cluster: Setting<readonly { readonly name: string }[]>,
  raw: RawSettings,
): Problems {
  // That an empty name is in no list is a problem of its own.
  if (raw.get('name')?.value === '') return [];
  const says = `couldn't find local name ${quote(name?.value ?? defaultName)} in the initial cluster configuration`;
  const why = name === undefined ? 'default-name-not-in-cluster' : 'name-not-in-cluster';
  return refuse(cluster, why, says);
}

function mayBeEqual(left: EtcdUrl, right: EtcdUrl): boolean {
  if (left.scheme !== right.scheme || left.port !== right.port) return false;
  // pkg/netutil resolveURL leaves this name as it is.
  if ([left.host, right.host].includes('localhost')) return left.host === right.host;
  const bothAddresses = isIpAddress(left.host) && isIpAddress(right.host);
  return canonicalHost(left.host) === canonicalHost(right.host) || !bothAddresses;
}

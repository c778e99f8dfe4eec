import type { MemberSettings, Setting } from '../model/settings.ts';
import { quote } from '../pki/go-text.ts';
import { problem } from './settings-problem.ts';
import { type EtcdUrl, parseUrls } from './urls.ts';
import { type EtcdVersion, isAtLeast } from './version.ts';
import { isIpAddress } from '../model/host.ts';
import type { SettingsProblem } from '../model/settings-problem.ts';

type Urls = Setting<readonly string[]>;

/** What etcd refuses in its lists of URLs before it opens anything (embed/config.go Validate). */
export function findUrlProblems(
  settings: MemberSettings,
  version: EtcdVersion,
): readonly SettingsProblem[] {
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

function refuseNames(urls: Urls, version: EtcdVersion): readonly SettingsProblem[] {
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

function refuseEmptyHosts(
  name: string,
  urls: Urls,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  const empty = parsed(urls, version).find(({ host }) => host === '');
  // 3.3 only warned that it would not be so for ever.
  if (empty === undefined || !isAtLeast(version, '3.4.0')) return [];
  const says = `--${name} ${quote(urls.value.join(','))} must be "host:port" (unexpected empty host (${empty.text}))`;
  return [problem('refused-at-start', urls, 'no-host-to-advertise', says)];
}

/** Only flags and variables lose the default: a configuration file keeps it. */
export function findMissingAdvertisement(settings: MemberSettings): readonly SettingsProblem[] {
  const { listenClientUrls, advertiseClientUrls } = settings;
  const set = ['flag', 'environment'].includes(listenClientUrls.origin.via);
  if (!set || advertiseClientUrls.origin.via !== 'default') return [];
  return [
    problem(
      'refused-at-start',
      listenClientUrls,
      'nothing-to-advertise',
      '--advertise-client-urls is required when --listen-client-urls is set explicitly',
    ),
  ];
}

/**
 * At the first start of a member its advertised peer URLs must be those that the cluster is told
 * (etcdserver/config.go advertiseMatchesCluster). Names are resolved there, which cannot be done here:
 * told is only what no answer of a name server can mend.
 */
export function findClusterProblems(
  settings: MemberSettings,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  const { name, initialCluster, initialAdvertisePeerUrls: advertised } = settings;
  if (initialCluster === undefined) return [];
  const ownName = name?.value ?? 'default';
  const own = initialCluster.value.filter((entry) => entry.name === ownName);
  if (own.length === 0) return name === undefined ? [] : [notInCluster(name, initialCluster)];

  const listed = parsed({ ...initialCluster, value: own.map(({ url }) => url) }, version);
  const offered = parsed(advertised, version);
  const strays = listed.filter((url) => !offered.some((other) => mayBeEqual(url, other)));
  if (strays.length === 0) return duplicateUrls(initialCluster, version);

  const has = strays.map(({ text }) => `${ownName}=${text}`).join(',');
  const says = `--initial-cluster has ${has} but missing from --initial-advertise-peer-urls=${advertised.value.join(',')}`;
  return [problem('refused-at-start', initialCluster, 'peer-url-not-in-cluster', says)];
}

/** etcdserver/config.go checkDuplicateURL: a member is known by its peer URLs. */
function duplicateUrls(
  cluster: NonNullable<MemberSettings['initialCluster']>,
  version: EtcdVersion,
): readonly SettingsProblem[] {
  const urls = parsed({ ...cluster, value: cluster.value.map(({ url }) => url) }, version);
  const texts = urls.map(({ text }) => text);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice === undefined) return [];
  const pairs = cluster.value.map(({ name, url }) => `${name}=${url}`).toSorted();
  return [
    problem(
      'refused-at-start',
      cluster,
      'duplicate-peer-url',
      `initial cluster ${pairs.join(',')} has duplicate url`,
      { url: twice },
    ),
  ];
}

function notInCluster(
  name: Setting<string>,
  cluster: Setting<readonly { readonly name: string }[]>,
): SettingsProblem {
  const says = `couldn't find local name ${quote(name.value)} in the initial cluster configuration`;
  return problem('refused-at-start', cluster, 'name-not-in-cluster', says);
}

function mayBeEqual(left: EtcdUrl, right: EtcdUrl): boolean {
  if (left.scheme !== right.scheme || left.port !== right.port) return false;
  const bothAddresses = isIpAddress(left.host) && isIpAddress(right.host);
  return left.host === right.host || !bothAddresses;
}

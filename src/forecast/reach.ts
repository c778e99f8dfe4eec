import { type EffectiveTls, effectiveTls } from '../etcd/effective-tls.ts';
import type { EtcdUrl } from '../etcd/urls.ts';
import { etcdVersion } from '../etcd/version.ts';
import type { Member } from '../model/inventory.ts';
import { once } from '../model/once.ts';
import type { MemberSettings } from '../model/settings.ts';
import {
  type Address,
  canonicalHost,
  isIpAddress,
  isLoopback,
  isReachedAt,
  isWildcard,
  parseEndpoint,
} from '../model/host.ts';
import { blameSetting, type Judgement } from './judgement.ts';
import type { Listener } from './listener.ts';
import { rules } from './rules.ts';
import { type Encounter, dialFailure } from './wording.ts';

/** Whether a connection gets to a listener at all, before any TLS. */
export type Reach = 'reached' | 'nothing-listens' | 'unknown';

/**
 * Compares what is dialled with what the member listens on. Where ports may be mapped or addresses
 * translated on the way, settings do not decide: then nothing is claimed.
 */
export function reachOf(address: Address, member: Member, port: Listener['port']): Reach {
  const reach = reachOfPort(address, member, port);
  return reach === 'reached' && asksNameServer(address.host) ? 'unknown' : reach;
}

/**
 * Whether a name is looked up in no hosts file and no search domain: one label and a dot at the end. Few name servers
 * know it, even `localhost.` (Go's net, absDomainName; seen of etcdctl 3.4.23 and 3.5.30).
 */
export function asksNameServer(host: string): boolean {
  return /^[^.:]+\.$/.test(host);
}

function reachOfPort(address: Address, member: Member, port: Listener['port']): Reach {
  const isRead =
    member.known === 'settings' && urlsOf(member.settings, port).origin.via !== 'assumed';
  const all = listeningUrls(member, port);
  if (!isRead || address.port === '' || all.length === 0) return 'reached';

  const here = all.filter((url) => url.port === address.port);
  if (here.length === 0) return isOwnHost(address.host, member) ? 'nothing-listens' : 'unknown';
  if (here.some(({ host }) => isReachedAt(host, address.host))) return 'reached';
  return atAnotherHost(address.host, here, member);
}

function atAnotherHost(host: string, here: readonly EtcdUrl[], member: Member): Reach {
  const isOnlyLocal = here.every((url) => isLoopback(url.host));
  // A name leads wherever its name server says.
  if (!isIpAddress(host) && host !== 'localhost') return isOnlyLocal ? 'unknown' : 'reached';
  if (member.mayBeMapped === true) return 'unknown';
  if (isOnlyLocal) return 'nothing-listens';
  // Addresses are translated in clouds; a host's own loopback address never is.
  return isLoopback(host) ? 'nothing-listens' : 'unknown';
}

/** Whether the host is the member's by its own URLs. Certificates also hold the addresses of proxies. */
function isOwnHost(host: string, member: Member): boolean {
  return member.mayBeMapped !== true && hostsOf(member.settings).has(canonicalHost(host));
}

/** The hosts in a member's own listen URLs and peer URLs. */
const hostsOf = once((settings: MemberSettings): ReadonlySet<string> => {
  const { listenClientUrls, listenPeerUrls, initialAdvertisePeerUrls } = settings;
  const urls = [listenClientUrls, listenPeerUrls, initialAdvertisePeerUrls].flatMap(
    ({ value }) => value,
  );
  const hosts = urls.map((url) => parseEndpoint(url, true).host);
  return new Set(hosts.filter((host) => !isWildcard(host) && !isLoopback(host)).map(canonicalHost));
});

/** Members whose own host is dialled at a port on which none of them listens. */
export function membersOnHost(address: Address, members: readonly Member[]): readonly Member[] {
  const owners = members.filter((member) => isOwnHost(address.host, member));
  const isRead = owners.every(
    ({ known, settings }) =>
      known === 'settings' && settings.listenClientUrls.origin.via !== 'assumed',
  );
  return address.port !== '' && isRead ? owners : [];
}

function listeningUrls(member: Member, port: Listener['port']): readonly EtcdUrl[] {
  const version = etcdVersion(member.etcdVersion.value);
  return socketsOf(effectiveTls(member.settings, port, version));
}

const socketsOf = once(({ encryptedUrls, plaintextUrls }: EffectiveTls): readonly EtcdUrl[] =>
  [...encryptedUrls, ...plaintextUrls].filter(({ scheme }) => !scheme.startsWith('unix')),
);

function urlsOf(settings: MemberSettings, port: Listener['port']) {
  if (port === 'metrics') return settings.listenMetricsUrls ?? settings.listenClientUrls;
  return port === 'peer' ? settings.listenPeerUrls : settings.listenClientUrls;
}

/** A connection to an address at which nothing of the member listens. */
export function notListening(encounter: Encounter): Judgement {
  const { listener, address } = encounter;
  const urls = urlsOf(listener.member.settings, listener.port);
  return {
    outcome: 'refused',
    rule: 'network.nothing-listens',
    ...dialFailure(encounter),
    blame: blameSetting(urls),
    remedy: rules['network.nothing-listens'].remedy({
      member: listener.member.name,
      address: `${address.host}:${address.port}`,
      listening: urls.value.join(', '),
    }),
  };
}

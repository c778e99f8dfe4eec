import { once } from '../../model/once.ts';
import type { MemberSettings, Setting } from '../../model/settings.ts';
import type { DraftedMember, Surroundings } from './build-member.ts';
import { addressesOf, hostNamesOf, isOfOneMember } from './names.ts';
import { namesIn } from '../names.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import type { Certificate } from '../../model/certificate.ts';
import { hostOf, isOnEveryMachine, isIpAddress, isLoopback, isThisHost } from '../../model/host.ts';

/** Where a member is, by settings, inventory and its certificates. */
export interface Hosts {
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
  /** The host to put into URLs that nothing gives, and why that one. */
  readonly main?: { readonly host: string; readonly because: string; readonly sure: boolean };
}

/** The hosts from which a member connects and at which it is reached; `isOwn`: in no other member's certificate. */
export function hostsOfMember(
  { plan, reading, credentials }: DraftedMember,
  { dns }: Surroundings,
  isOwn: IsOwn,
): Hosts {
  const urls = hostsInUrls(reading.settings);
  const certified = credentials.flatMap(({ leaf }) => [...addressesOf(leaf), ...hostNamesOf(leaf)]);
  const own = certified.filter(isOwn);
  const stated = [...plan.addresses, ...plan.hostnames, ...urls.peer, ...urls.client];
  const resolved = stated.flatMap((host) => dns.get(host) ?? []);

  // The surest source of its connections first: more would hide a certificate that lacks the right one.
  const sources = [plan.addresses, urls.peer, urls.client, resolved, own].map((hosts) =>
    unique(hosts).filter((host) => isIpAddress(host) && !isOnEveryMachine(host)),
  );
  const isAddressStated = plan.addresses.some((address) => !isOnEveryMachine(address));
  const looped = isAddressStated ? [] : loopbackIn(urls.peer);
  const addresses = [looped, ...sources, loopbackIn(own)].find((hosts) => hosts.length > 0) ?? [];
  const hostnames = unique([
    ...stated,
    ...certified.filter((host) => !isIpAddress(host) || isOwn(host)),
  ]).filter((host) => !addresses.includes(host) && isOfOneMember(host));
  const { named, others } = reachedBy(plan, urls, credentials);
  const [first] = credentials;
  const [last] = others;
  const main =
    mainHost({ name: plan.name, stated: named, own, certified }) ??
    (last === undefined ? undefined : { host: last, because: 'it has this name', sure: false }) ??
    (first && thisHost(first.leaf));
  return { addresses, hostnames, ...(main !== undefined && { main }) };
}

/** What reaches the member for sure, and names of which its certificates have none: it may be reached by another. */
function reachedBy(
  { addresses, hostnames }: DraftedMember['plan'],
  { peer, client }: HostsInUrls,
  credentials: DraftedMember['credentials'],
) {
  const sure = [...addresses, ...peer, ...client];
  const isNamed = (host: string) =>
    sure.includes(host) ||
    credentials.every(({ leaf }) => verifyHostName(leaf, host, currentGo) === undefined);
  const reached = unique([...addresses, ...hostnames, ...sure]).filter(isOfOneMember);
  return { named: reached.filter(isNamed), others: reached.filter((host) => !isNamed(host)) };
}

/** Hosts of the URLs that settings give, for peers and for clients; defaults do not count. */
export const hostsInUrls: (settings: MemberSettings) => HostsInUrls = once((settings) => ({
  peer: [settings.initialAdvertisePeerUrls, settings.listenPeerUrls].flatMap(hostsIn),
  client: [settings.advertiseClientUrls, settings.listenClientUrls].flatMap(hostsIn),
}));

export interface HostsInUrls {
  readonly peer: readonly string[];
  readonly client: readonly string[];
}

function hostsIn({ value, origin }: Setting<readonly string[]>): readonly string[] {
  return origin.via === 'default' ? [] : value.flatMap((url) => hostOf(url) ?? []);
}

/** Where peers are reached through loopback alone; Linux then uses 127.0.0.1 as the source of every connection. */
function loopbackIn(peers: readonly string[]): readonly string[] {
  if (peers.length === 0 || !peers.every(isLoopback)) return [];
  return [peers.includes('::1') ? '::1' : '127.0.0.1'];
}

type IsOwn = (host: string) => boolean;

function mainHost({
  name,
  stated,
  own,
  certified,
}: Readonly<Record<'stated' | 'own' | 'certified', readonly string[]>> & {
  readonly name: string;
}) {
  const [given] = stated;
  if (given !== undefined) return { host: given, because: 'its settings contain it', sure: true };
  const [first] = own;
  if (first !== undefined) {
    return { host: first, because: 'it is the first in its certificate', sure: own.length === 1 };
  }
  const named = certified.find((host) => host === name || host.startsWith(`${name}.`));
  if (named !== undefined) {
    return {
      host: named,
      because: "of the names in its certificate it is the most similar to the member's name",
      sure: false,
    };
  }
  const [any] = certified;
  return any === undefined
    ? undefined
    : { host: any, because: 'its certificate has it, as have those of other members', sure: false };
}

/** A member whose certificate tells it from no other is reached on its own machine at least. */
function thisHost(leaf: Certificate) {
  const [host] = namesIn(leaf).filter(isThisHost);
  return host === undefined
    ? { host: 'localhost', because: 'its certificate contains no host', sure: false }
    : { host, because: 'its certificate contains no other host', sure: false };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}

/** The answers of DNS about this member that the operator gave. */
export function dnsAnswers(
  { addresses }: Hosts,
  { plan, credentials }: DraftedMember,
  { dns }: Surroundings,
) {
  const reverse = Object.fromEntries(
    addresses.flatMap((address) => {
      const names = plan.reverseNames?.[address] ?? dns.get(address);
      return names === undefined ? [] : [[address, names] as const];
    }),
  );
  const names = unique(credentials.flatMap(({ leaf }) => leaf.subjectAltName?.dnsNames ?? []));
  const forward = Object.fromEntries(
    names.flatMap((name) => {
      const answer = dns.get(name);
      return answer === undefined ? [] : [[name, answer] as const];
    }),
  );
  return {
    ...(Object.keys(reverse).length > 0 && { reverseNames: reverse }),
    ...(Object.keys(forward).length > 0 && { forwardAddresses: forward }),
  };
}

import { InputError } from '../input-error.ts';
import { isIpAddress, isOnEveryMachine, joinHostPort, parseHttpUrl } from '../model/host.ts';
import type { Member } from '../model/inventory.ts';
import type { Endpoint, ListedMember, MemberListObservation, Port } from '../model/live.ts';
import type { PlannedEndpoint } from '../model/probe-plan.ts';
import type { Setting } from '../model/settings.ts';
import { groupBy } from '../model/group-by.ts';
import { listedMembers } from './member-lists.ts';

/** IANA's port for etcd's peers. */
const peerPort = 2380;

// kubeadm's metrics port, and where etcd 2 served clients and peers, which some units still name.
export const usualPorts: ReadonlyMap<number, Port> = new Map([
  [2381, 'metrics'],
  [4001, 'client'],
  [7001, 'peer'],
]);

/** What a URL is to the deployment. `supposed`: not named, so that only its port decides. */
export type EndpointAt = (url: string, supposed?: boolean) => Endpoint;

/** A list, and where it was read; a peer port alone has one that is read without gRPC. */
type ListWithPlace = Pick<MemberListObservation, 'outcome' | 'members'> &
  Partial<Pick<MemberListObservation, 'through'>> & { readonly url?: string };

/** Which port of which member each URL is, by the members' own URLs, else by the lists of the running cluster. */
export function endpointAt(
  members: readonly Member[],
  lists: readonly ListWithPlace[],
): EndpointAt {
  const known = new Map<string, Endpoint>();
  const note = (endpoint: Endpoint): void => {
    const place = placeOf(endpoint);
    if (!known.has(place)) known.set(place, endpoint);
  };
  for (const { assumed: _assumed, ...endpoint } of endpointsOf(members)) note(endpoint);
  listedMembers(lists)
    .flatMap((listed) => listedEndpoints(listed, members))
    .forEach(note);
  for (const { through, outcome, url = '' } of lists) {
    const parsed = parseUrl(url);
    if (through === 'peer-http' && outcome === 'answered' && parsed !== undefined) {
      note({ ...parsed, serves: 'peer' });
    }
  }
  const named = members.flatMap(({ name, addresses, hostnames }) =>
    [...addresses, ...hostnames].map((host) => ({ host, member: name })),
  );
  const owners = ownersByHost([...named, ...known.values()]);
  return (url, supposed = false) => {
    const parsed = parseUrl(url);
    if (parsed === undefined) throw notAnEndpoint(url);
    const member = owners.get(parsed.host);
    const serves = (supposed ? usualPorts.get(parsed.port) : undefined) ?? 'client';
    const supposedly = { serves, ...(member !== undefined && { member }) };
    return { ...supposedly, ...known.get(placeOf(parsed)), ...parsed, url };
  };
}

/** Reads an endpoint as the operator types it: a URL, or host and port, where https is meant. */
export function givenEndpoint(text: string, at: EndpointAt): Endpoint {
  const parsed = parseUrl(text.includes('://') ? text : `https://${text}`);
  if (parsed === undefined) throw notAnEndpoint(text);
  const endpoint = at(parsed.url);
  if (parsed.port !== peerPort && endpoint.serves !== 'peer') return endpoint;
  throw new InputError('ENDPOINT_INVALID', `${text} is a peer port, not a client port`, {
    hint: 'give the client URL, which usually ends in :2379; peer ports are examined automatically',
  });
}

/** A host that several members have says nothing of which of them is meant. */
function ownersByHost(
  named: readonly Pick<Endpoint, 'host' | 'member'>[],
): ReadonlyMap<string, string | undefined> {
  const owners = groupBy(
    named,
    ({ host }) => host,
    ({ member }) => member,
  );
  return new Map([...owners].map(([host, members]) => [host, theOnly(members)]));
}

function theOnly(members: readonly (string | undefined)[]): string | undefined {
  const [only, ...others] = new Set(members.filter((member) => member !== undefined));
  return others.length === 0 ? only : undefined;
}

function notAnEndpoint(text: string): InputError {
  const isBareIpv6 = isIpAddress(text) && text.includes(':');
  if (/\[[\da-f:.]+%[^\]]+\]/i.test(text)) {
    return new InputError('ENDPOINT_INVALID', `${text} has an IPv6 zone`, {
      hint: 'no certificate can name an address with a zone, so etcd does not listen there and its clients reject every certificate: give a name or another address',
    });
  }
  return new InputError('ENDPOINT_INVALID', `"${text}" is not an endpoint URL`, {
    hint: isBareIpv6
      ? `write IPv6 addresses in brackets: https://[${text}]:2379`
      : 'write it like https://10.0.0.1:2379',
  });
}

/** Every URL that the members advertise or listen on with an address of their own, each once. */
export function endpointsOf(members: readonly Member[]): readonly PlannedEndpoint[] {
  return [...groupBy(members.flatMap(memberEndpoints), placeOf).values()].map((same) => {
    const [{ member: _first, ...endpoint }] = same;
    const member = theOnly(same.map((each) => each.member));
    return { ...endpoint, ...(member !== undefined && { member }) };
  });
}

function memberEndpoints({ name, settings }: Member): readonly PlannedEndpoint[] {
  const { listenClientHttpUrls: http } = settings;
  const isSplit = (http?.value ?? []).length > 0;
  const ports: readonly ListedPort[] = [
    ['client', settings.advertiseClientUrls, isSplit ? 'grpc' : undefined],
    ['client', http, 'http'],
    ['peer', settings.initialAdvertisePeerUrls],
    ['metrics', settings.listenMetricsUrls],
  ];
  return ports.flatMap(([serves, urls, carries]) =>
    (urls?.value ?? []).flatMap((text): readonly PlannedEndpoint[] => {
      const parsed = parseUrl(text);
      const isReachable =
        parsed !== undefined && (isAdvertised(serves, carries) || !isOnEveryMachine(parsed.host));
      if (!isReachable) return [];
      const isAssumed = urls?.origin.via === 'assumed';
      const endpoint = { ...parsed, serves, ...(carries && { carries }), member: name };
      return [isAssumed ? { ...endpoint, assumed: true } : endpoint];
    }),
  );
}

type ListedPort = readonly [Port, Setting<readonly string[]> | undefined, Endpoint['carries']?];

/** Addresses to listen on are no addresses to connect to. */
function isAdvertised(serves: Port, carries: Endpoint['carries']): boolean {
  return serves !== 'metrics' && carries !== 'http';
}

function listedEndpoints(
  { name, clientUrls, peerUrls }: ListedMember,
  members: readonly Member[],
): readonly Endpoint[] {
  const known = members.find(({ settings }) => settings.name?.value === name);
  const member = name === '' ? {} : { member: known?.name ?? name };
  const urls = [
    ...clientUrls.map((url) => ({ url, serves: 'client' as const })),
    ...peerUrls.map((url) => ({ url, serves: 'peer' as const })),
  ];
  return urls.flatMap(({ url, serves }) => {
    const parsed = parseUrl(url);
    return parsed === undefined ? [] : [{ ...parsed, serves, ...member }];
  });
}

export function parseUrl(
  text: string,
): Pick<Endpoint, 'url' | 'scheme' | 'host' | 'port'> | undefined {
  const address = parseHttpUrl(text);
  return (
    address && {
      url: `${address.scheme}://${joinHostPort(address.host, address.port)}`,
      ...address,
    }
  );
}

export function placeOf({ host, port }: Pick<Endpoint, 'host' | 'port'>): string {
  return `${host.toLowerCase()} ${port}`;
}

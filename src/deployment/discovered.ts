import { joinHostPort } from '../model/host.ts';
import type { Endpoint, MemberListObservation } from '../model/live.ts';
import type { PlannedEndpoint } from '../model/probe-plan.ts';
import { type EndpointAt, parseUrl, placeOf, usualPorts } from './endpoints.ts';

/** How many endpoints of each kind are looked at that were not named. */
const limit = 64;

/** Further endpoints to look at, and those beyond the limit. */
export interface Discovery {
  readonly endpoints: readonly PlannedEndpoint[];
  /** Why this is not all; undefined where it is. */
  readonly leftOut?: string;
}

/** Addresses that a cluster lists and that were not named before, and etcd's other usual ports on the hosts of both. */
export function discovered(
  lists: readonly Pick<MemberListObservation, 'members'>[],
  known: readonly Endpoint[],
  at: EndpointAt,
): Discovery {
  const urls = listedUrls(lists, known);
  const listed = urls.slice(0, limit).map((url) => at(url));
  const neighbours = neighboursOf([...known, ...listed], at);
  const leftOut = [
    ...tooMany(urls, 'endpoints in the member list'),
    ...tooMany(
      neighbours.map(({ url }) => url),
      'other usual ports of etcd',
    ),
  ];
  return {
    endpoints: [...listed, ...neighbours.slice(0, limit)],
    ...(leftOut.length > 0 && { leftOut: leftOut.join('; ') }),
  };
}

function tooMany(urls: readonly string[], what: string): readonly string[] {
  const [first, ...others] = urls.slice(limit);
  return first === undefined
    ? []
    : [`${urls.length} ${what}, of which ${others.length + 1} were left out, from ${first} on`];
}

function listedUrls(
  lists: readonly Pick<MemberListObservation, 'members'>[],
  known: readonly Endpoint[],
): readonly string[] {
  const urls = new Map<string, string>();
  for (const { clientUrls, peerUrls } of lists.flatMap(({ members }) => members)) {
    for (const url of [...clientUrls, ...peerUrls]) {
      const parsed = parseUrl(url);
      if (parsed !== undefined) urls.set(placeOf(parsed), url);
    }
  }
  for (const endpoint of known) urls.delete(placeOf(endpoint));
  return [...urls.values()];
}

/** etcd's other usual ports on the hosts of client endpoints, where plain text may have been left open. */
function neighboursOf(known: readonly Endpoint[], at: EndpointAt): readonly PlannedEndpoint[] {
  const places = new Set(known.map(placeOf));
  const hosts = known.filter(({ serves }) => serves === 'client').map(({ host }) => host);
  return [...new Set(hosts)]
    .flatMap((host) => [...usualPorts.keys()].map((port) => `http://${joinHostPort(host, port)}`))
    .map((url): PlannedEndpoint => ({ ...at(url, true), supposed: true }))
    .filter((candidate) => !places.has(placeOf(candidate)));
}

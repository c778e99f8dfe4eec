import type { CollectedFacts } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import {
  type Admission,
  type AtEndpoint,
  type Endpoint,
  type EndpointName,
  endpointName,
  endpointTarget,
  type Seen,
  type SeenEndpoint,
} from '../model/live.ts';
import { type DeployedLiveFacts, deployLiveFacts, liveFactsOf } from '../model/live-facts.ts';
import { isReachedAt, joinHostPort, parseHttpUrl } from '../model/host.ts';
import { groupBy } from '../model/group-by.ts';
import { certificatesIn } from './certificate-uses.ts';
import { type EndpointAt, endpointAt } from './endpoints.ts';
import { normalized } from './roles/match-files.ts';

/** What was seen of the running cluster, with whose port each URL is and which file each credential. */
export function observationsOf(
  collected: Partial<CollectedFacts>,
  members: readonly Member[],
  files: readonly FileFact[],
): Partial<DeployedLiveFacts> {
  const all = liveFactsOf(collected);
  // Where members listen takes time to work out, and `check` alone has seen nothing.
  if (Object.keys(all).length === 0) return {};
  const { endpoints = [], memberLists = [] } = collected;
  const supposed = new Set(
    endpoints.flatMap((seen) => (seen.supposed ? [endpointName(seen.url, seen)] : [])),
  );
  const at = endpointAt(members, memberLists);
  const known = new Map<EndpointName, AtEndpoint>();
  const facts = deployLiveFacts(all, (place) => {
    const name = endpointName(place.url, place);
    const seen =
      known.get(name) ?? deployed(dialledAt(place, at, supposed.has(name)), members, place);
    known.set(name, seen);
    return seen;
  });
  const { admissions } = facts;
  if (admissions === undefined) return facts;
  const holding = groupBy(
    files,
    (file) => certificatesIn(file)[0]?.sha256 ?? '',
    ({ path }) => path,
  );
  return { ...facts, admissions: admissions.map((attempt) => withFile(attempt, holding)) };
}

/** Where a name leads to several addresses, each may be another member's. */
function dialledAt({ url, address }: Place, at: EndpointAt, isSupposed: boolean): Endpoint {
  const endpoint = at(url, isSupposed);
  if (address === undefined) return endpoint;
  const { member } = at(`${endpoint.scheme}://${joinHostPort(address, endpoint.port)}`);
  return member === undefined ? endpoint : { ...endpoint, member };
}

type Place = Pick<Seen<AtEndpoint>, 'url' | 'host' | 'address'>;

function deployed(dialled: Endpoint, members: readonly Member[], place: Place): AtEndpoint {
  const { host, address } = place;
  const endpoint = {
    ...(host === undefined ? dialled : ownEndpoint(dialled, members, host)),
    url: endpointName(place.url, place),
    ...(address !== undefined && { address }),
  };
  return { target: endpointTarget(endpoint), endpoint };
}

/** What a host sees at its own loopback address is of the member that listens there; else of another process. */
function ownEndpoint(
  seen: Endpoint,
  members: readonly Member[],
  host: string,
): Omit<SeenEndpoint, 'url'> {
  const { member: _ofAnyHost, ...endpoint } = seen;
  const own = members.filter((member) => member.host === host);
  const ports = own.flatMap(({ name, settings }) =>
    (
      [
        ['client', settings.listenClientUrls],
        ['peer', settings.listenPeerUrls],
        ['metrics', settings.listenMetricsUrls],
      ] as const
    ).flatMap(([serves, urls]) =>
      (urls?.value ?? []).map((url) => ({ serves, member: name, listening: parseHttpUrl(url) })),
    ),
  );
  const found = ports.find(
    ({ listening }) =>
      listening?.port === endpoint.port && isReachedAt(listening.host, endpoint.host),
  );
  return {
    ...endpoint,
    ...(found && { serves: found.serves, member: found.member }),
    seenFrom: host,
  };
}

/** The same certificate may have been read under another path than the one that it has here. */
function withFile(attempt: Admission, holding: ReadonlyMap<string, readonly string[]>): Admission {
  const { certificateFile = '', certificateSha256 } = attempt;
  if (certificateSha256 === undefined) return attempt;
  const paths = holding.get(certificateSha256) ?? [];
  const own = normalized(certificateFile);
  const path = paths.includes(own) ? own : paths[0];
  return path === undefined ? attempt : { ...attempt, certificateFile: path };
}

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
  type SeenEndpoint,
} from '../model/live.ts';
import { type DeployedLiveFacts, deployLiveFacts, liveFactsOf } from '../model/live-facts.ts';
import { isReachedAt, parseHttpUrl } from '../model/host.ts';
import { groupBy } from '../model/group-by.ts';
import { certificatesIn } from './certificate-uses.ts';
import { endpointAt } from './endpoints.ts';
import { normalized } from './roles/match-files.ts';

/** What was seen of the running cluster, with whose port each URL is and which file each credential. */
export function observationsOf(
  collected: Partial<CollectedFacts>,
  members: readonly Member[],
  files: readonly FileFact[],
): Partial<DeployedLiveFacts> {
  const { endpoints = [], memberLists = [] } = collected;
  const supposed = new Set(
    endpoints.flatMap(({ supposed: is, url, host }) => (is ? [endpointName(url, host)] : [])),
  );
  const at = endpointAt(members, memberLists);
  const known = new Map<EndpointName, AtEndpoint>();
  const facts = deployLiveFacts(liveFactsOf(collected), (place) => {
    const name = endpointName(place.url, place.host);
    const seen =
      known.get(name) ?? deployed(at(place.url, supposed.has(name)), members, place.host);
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

function deployed(
  dialled: Endpoint,
  members: readonly Member[],
  host: string | undefined,
): AtEndpoint {
  const endpoint =
    host === undefined
      ? { ...dialled, url: endpointName(dialled.url) }
      : ownEndpoint(dialled, members, host);
  return { target: endpointTarget(endpoint), endpoint };
}

/** What a host sees at its own loopback address is of the member that listens there; else of another process. */
function ownEndpoint(seen: Endpoint, members: readonly Member[], host: string): SeenEndpoint {
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
    url: endpointName(endpoint.url, host),
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

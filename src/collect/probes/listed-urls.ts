import type { Endpoint, MemberListObservation } from '../../model/live.ts';
import { joinHostPort, parseHttpUrl } from '../../model/host.ts';

/** The endpoints that a cluster advertises and nobody named before. */
export function endpointsIn(
  lists: readonly MemberListObservation[],
  known: readonly Endpoint[],
): readonly Endpoint[] {
  const seen = new Set(known.map(placeOf));
  const isNew = (candidate: Endpoint): boolean => {
    const place = placeOf(candidate);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  };
  return lists
    .flatMap(({ members }) => members)
    .flatMap(({ name, clientUrls, peerUrls }) => [
      ...clientUrls.map((url) => endpointOf(url, 'client', name)),
      ...peerUrls.map((url) => endpointOf(url, 'peer', name)),
    ])
    .filter((candidate) => candidate !== undefined)
    .filter(isNew);
}

// kubeadm's metrics port, and where etcd 2 served clients and peers, which some units still name.
const usualPorts = [
  { port: 2381, serves: 'metrics' },
  { port: 4001, serves: 'client' },
  { port: 7001, serves: 'peer' },
] as const;

/** etcd's other usual ports on the hosts of client endpoints, where plain text may have been left open. */
export function neighboursOf(known: readonly Endpoint[]): readonly Endpoint[] {
  const seen = new Set(known.map(placeOf));
  return known
    .filter(({ serves }) => serves === 'client')
    .flatMap(({ host, member }) =>
      usualPorts.map(({ port, serves }) => ({
        url: `http://${joinHostPort(host, port)}`,
        scheme: 'http' as const,
        host,
        port,
        serves,
        ...(member !== undefined && { member }),
        source: 'neighbour' as const,
      })),
    )
    .filter((candidate) => !seen.has(placeOf(candidate)));
}

function endpointOf(url: string, serves: 'client' | 'peer', member: string): Endpoint | undefined {
  const address = parseHttpUrl(url);
  if (address === undefined) return undefined;
  return { url, ...address, serves, ...(member !== '' && { member }), source: 'cluster' };
}

function placeOf({ host, port }: Endpoint): string {
  return `${host.toLowerCase()} ${port}`;
}

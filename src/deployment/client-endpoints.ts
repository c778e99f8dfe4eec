import { type About, aboutEdge } from '../model/about.ts';
import type { Known } from '../model/check.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Target } from '../model/target.ts';
import { currentGo } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';
import { credentialsOf } from './certificate-uses.ts';
import { hostOf, isHttps, isLoopback } from '../model/host.ts';

/** One endpoint in the settings of one client. */
export interface ClientEndpoint {
  readonly url: string;
  /** The name that is looked for in the certificate. */
  readonly host: string;
  readonly edge?: Edge;
}

type Needed = Known<'files' | 'members' | 'clients' | 'forecast'>;

/** A client with the https endpoints that it dials. */
export interface ClientEndpoints {
  readonly target: Target;
  readonly tlsEndpoints: readonly ClientEndpoint[];
}

/** The connections to what is dialled, for what a failure is about. */
export function edgesOf(tlsEndpoints: readonly ClientEndpoint[]): readonly About[] {
  return tlsEndpoints.flatMap(({ edge }) => (edge === undefined ? [] : [aboutEdge(edge)]));
}

/** Every client that dials something over TLS. */
export function clientEndpointsOf({ clients, forecast }: Needed): readonly ClientEndpoints[] {
  const edges = new Map(
    forecast
      .filter(({ edge }) => edge === 'client')
      .map((edge) => [JSON.stringify([edge.from, edge.to]), edge]),
  );
  return clients.flatMap((client) => {
    const tlsEndpoints = client.endpoints.value.filter(isHttps).flatMap((url) => {
      const host = client.serverName?.value ?? hostOf(url);
      const edge = edges.get(JSON.stringify([client.name, url]));
      return host === undefined ? [] : [{ url, host, ...(edge && { edge }) }];
    });
    return tlsEndpoints.length === 0 ? [] : [{ target: targetOf(client), tlsEndpoints }];
  });
}

/** Whether a member is known to be reached under this host. */
export function isKnownHost(host: string, members: readonly Member[]): boolean {
  return isLoopback(host) || members.some((member) => hostsOf(member).includes(host));
}

/** Whether some member's server certificate is valid for the host. */
export function isNamedBySome(host: string, facts: Needed): boolean {
  return credentialsOf(facts, 'server').some(
    ({ leaf }) => verifyHostName(leaf, host, currentGo) === undefined,
  );
}

function hostsOf({ addresses, hostnames, settings }: Member): readonly (string | undefined)[] {
  const urls = [...settings.advertiseClientUrls.value, ...settings.listenClientUrls.value];
  return [...addresses, ...hostnames, ...urls.map(hostOf)];
}

/** The client, at the place where its endpoints are set. */
function targetOf({ endpoints, target }: Client): Target {
  const location = endpoints.origin.location ?? target.location;
  return { ...target, ...(location && { location }) };
}

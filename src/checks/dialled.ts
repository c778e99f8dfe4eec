import type { Known } from '../model/check.ts';
import type { Edge } from '../model/forecast.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Target } from '../model/target.ts';
import { goRelease } from '../pki/go-release.ts';
import { verifyHostName } from '../pki/host-name.ts';
import { hostOf, isHttps, isLoopback } from './names.ts';
import { credentialsOf } from './uses.ts';

/** One endpoint in the settings of one client. */
export interface Dialled {
  readonly target: Target;
  readonly client: Client;
  readonly url: string;
  /** The name that is looked for in the certificate. */
  readonly host: string;
  readonly edge?: Edge;
}

type Needed = Known<'files' | 'members' | 'clients' | 'forecast'>;

/** Every https endpoint that some client dials. */
export function dialledHosts({ clients, forecast }: Needed): readonly Dialled[] {
  const edges = new Map(
    forecast
      .filter(({ edge }) => edge === 'client')
      .map((edge) => [JSON.stringify([edge.from, edge.to]), edge]),
  );
  return clients.flatMap((client) =>
    client.endpoints.value.flatMap((url) => {
      const host = client.serverName?.value ?? hostOf(url);
      if (host === undefined || !isHttps(url)) return [];
      const edge = edges.get(JSON.stringify([client.name, url]));
      return [{ target: targetOf(client, url), client, url, host, ...(edge && { edge }) }];
    }),
  );
}

/** Whether a member is known to be reached under this host. */
export function isKnownHost(host: string, members: readonly Member[]): boolean {
  return isLoopback(host) || members.some((member) => hostsOf(member).includes(host));
}

/** Whether some member's server certificate is valid for the host. */
export function isNamedBySome(host: string, facts: Needed): boolean {
  return credentialsOf(facts, 'server').some(
    ({ leaf }) => verifyHostName(leaf, host, goRelease('1.25')) === undefined,
  );
}

function hostsOf({ addresses, hostnames, settings }: Member): readonly (string | undefined)[] {
  const urls = [...settings.advertiseClientUrls.value, ...settings.listenClientUrls.value];
  return [...addresses, ...hostnames, ...urls.map(hostOf)];
}

function targetOf({ name, endpoints, target }: Client, url: string): Target {
  const location = endpoints.origin.location ?? target.location;
  return { kind: 'client', name: `${name} at ${url}`, ...(location && { location }) };
}

import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import type { Member } from '../../model/inventory.ts';
import type { EndpointObservation } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import { dialledHosts, edgesOf, isKnownHost, isNamedBySome } from '../../deployment/dialled.ts';
import { etcdConfiguration, goX509 } from '../support/references.ts';
import { isIpAddress } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';

export const clientDialsNoMember = defineCheck({
  id: 'client-dials-no-member',
  title: 'A client dials an address that is no member',
  severity: 'high',
  rationale:
    'Nobody is known to listen there, and no member certificate is valid for it: the client times out, or ' +
    'it reaches another cluster. Addresses out of examples and of hosts that were replaced cause it.',
  remediation:
    'Give the client the client URLs of the members. If the address is a load balancer that passes TLS ' +
    'through, put it among the IP SANs of every server certificate.',
  references: [etcdConfiguration, goX509],
  standards: [],

  explains: ['x509.host-name', 'x509.common-name-only'],
  needs: ['files', 'members', 'clients', 'forecast'],
  welcomes: ['endpoints'],

  targets: (facts) =>
    dialledHosts(facts).flatMap(({ target, dialled }) => {
      const addresses = dialled.filter(({ host }) => isIpAddress(host));
      if (addresses.length === 0 || facts.members.length === 0) return [];
      const strangers = addresses.filter(
        ({ host, edge }) =>
          !isKnownHost(host, facts.members) &&
          !isNamedBySome(host, facts) &&
          !isServedFor(host, edge, facts.endpoints),
      );
      return [{ target, strangers, members: facts.members }];
    }),

  examine({ strangers, members }) {
    const [first] = strangers;
    if (first === undefined) return pass;

    const urls = enumerate(strangers.map(({ url }) => url));
    const error = first.edge?.clientError;
    return fail({
      about: edgesOf(strangers),
      message: `the client dials ${urls}, which is no member and in the SAN of no certificate`,
      expected: enumerate(clientUrls(members)),
      actual: urls,
      ...(error !== undefined && {
        cause: `should a member answer there, the client says: ${error}`,
      }),
    });
  },
});

function clientUrls(members: readonly Member[]): readonly string[] {
  const urls = members.flatMap(({ settings }) => settings.advertiseClientUrls.value);
  return urls.length > 5 ? [...urls.slice(0, 5), `${urls.length - 5} more`] : urls;
}

/** What answers there was seen to serve a certificate for the host: a balancer, a proxy, a member. */
function isServedFor(
  host: string,
  edge: Edge | undefined,
  endpoints: readonly EndpointObservation[] = [],
): boolean {
  const seen = endpoints.find(({ endpoint }) => endpoint.url === edge?.to);
  const [leaf] = seen?.flight?.chain ?? [];
  return leaf !== undefined && verifyHostName(leaf, host, currentGo) === undefined;
}

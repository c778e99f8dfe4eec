import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { type Edge, leadsTo } from '../../model/forecast.ts';
import type { Member } from '../../model/inventory.ts';
import type { EndpointObservation } from '../../model/live.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import {
  clientEndpointsOf,
  edgesOf,
  isKnownHost,
  isNamedBySome,
} from '../../deployment/client-endpoints.ts';
import { membersUnread } from '../../deployment/members-at.ts';
import { fixOfMalformed } from '../support/clients.ts';
import { etcdConfiguration, goX509 } from '../support/references.ts';
import { isIpAddress } from '../../model/host.ts';
import { enumerate, nameInWords } from '../../model/words.ts';

export const clientEndpointNotAMember = defineCheck({
  id: 'client-endpoint-not-a-member',
  title: 'Client connects to an address that is not a member',
  severity: 'high',
  rationale:
    'No known member listens there, and no member certificate is valid for the address: the client times ' +
    'out or reaches another cluster. Addresses copied from examples or of replaced hosts cause this.',
  remediation:
    'Set the endpoints of the client to the client URLs of the members. If the address is a load balancer ' +
    'that passes TLS through, add it as an IP SAN to every server certificate.',
  references: [etcdConfiguration, goX509],

  explains: ['x509.host-name', 'x509.common-name-only', 'endpoint.malformed'],
  decidedBy: 'forecast',
  needs: ['files', 'members', 'clients', 'forecast'],
  welcomes: ['endpoints'],

  targets: (facts) =>
    clientEndpointsOf(facts).flatMap(({ target, tlsEndpoints }) => {
      const addresses = tlsEndpoints.filter(({ host }) => isIpAddress(host));
      if (addresses.length === 0 || facts.members.length === 0) return [];
      const unknown = addresses.filter(
        ({ host, edge }) =>
          !isKnownHost(host, facts.members) &&
          !isNamedBySome(host, facts) &&
          !isServedFor(host, edge, facts.endpoints),
      );
      return [{ target, unknown, members: facts.members }];
    }),

  examine({ target, unknown, members }) {
    const [first] = unknown;
    if (first === undefined) return pass;

    const urls = enumerate(unknown.map(({ url }) => url));
    const [unread] = membersUnread(members);
    if (unread !== undefined) {
      return inconclusive(
        `whether ${urls} is ${unread.name} is not known, since its configuration file cannot be read`,
        `the configuration file of ${unread.name} once it is corrected`,
      );
    }
    const isDialled = first.edge?.rule !== 'endpoint.malformed';
    const error = first.edge?.clientError;
    return fail({
      about: edgesOf(unknown),
      message: `${nameInWords(target.name)} connects to ${urls}, which is neither a member nor in the SANs of any certificate`,
      expected: enumerate(clientUrls(members)),
      actual: urls,
      ...(error !== undefined && {
        cause: isDialled
          ? `if a member answers there, ${nameInWords(target.name)} reports: ${error}`
          : `${nameInWords(target.name)} says: ${error}`,
      }),
      ...fixOfMalformed(unknown, members),
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
  const seen = endpoints.find(({ endpoint }) => edge !== undefined && leadsTo(edge, endpoint));
  const [leaf] = seen?.flight?.chain ?? [];
  return leaf !== undefined && verifyHostName(leaf, host, currentGo) === undefined;
}

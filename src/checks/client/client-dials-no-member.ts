import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Member } from '../../model/inventory.ts';
import { dialledHosts, isKnownHost, isNamedBySome } from '../dialled.ts';
import { isIpAddress } from '../names.ts';
import { etcdConfiguration, goX509 } from '../references.ts';
import { enumerate } from '../uses.ts';

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

  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) =>
    dialledHosts(facts)
      .filter(({ host }) => isIpAddress(host) && facts.members.length > 0)
      .map((dialled) => ({ ...dialled, facts })),

  examine({ facts, host, url, edge }) {
    if (isKnownHost(host, facts.members) || isNamedBySome(host, facts)) return pass;

    return fail({
      message: `${url} is no member, and its address is in the SAN of no certificate`,
      expected: enumerate(clientUrls(facts.members)),
      actual: url,
      ...(edge?.clientError !== undefined && {
        cause: `should a member answer there, the client says: ${edge.clientError}`,
      }),
    });
  },
});

function clientUrls(members: readonly Member[]): readonly string[] {
  const urls = members.flatMap(({ settings }) => settings.advertiseClientUrls.value);
  return urls.length > 5 ? [...urls.slice(0, 5), `${urls.length - 5} more`] : urls;
}

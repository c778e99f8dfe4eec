import { defineCheck, fail, pass } from '../../model/check.ts';
import {
  type ClientEndpoint,
  clientEndpointsOf,
  edgesOf,
  isKnownHost,
  isNamedBySome,
} from '../../deployment/client-endpoints.ts';
import { isRefused } from '../../model/forecast.ts';
import { showNames } from '../../deployment/names.ts';
import { fixOfMalformed } from '../support/clients.ts';
import { goX509 } from '../support/references.ts';
import { credentialsOf } from '../../deployment/certificate-uses.ts';
import { isIpAddress, hostOf } from '../../model/host.ts';
import { isAboutName } from '../../model/refusal.ts';
import { enumerate, nameInWords } from '../../model/words.ts';

export const clientEndpointNotInCertificate = defineCheck({
  id: 'client-endpoint-not-in-certificate',
  title: 'Client connects to a host that the certificate does not name',
  severity: 'high',
  rationale:
    'The client looks for the host it connects to in the subject alternative names and rejects the member ' +
    'if it is missing. etcdctl and most others report only "context deadline exceeded".',
  remediation:
    'Use an address or name from the certificates in the endpoints of the client, or reissue the server ' +
    'certificates with the host as IP or DNS SAN, one member at a time.',
  references: [goX509],

  explains: ['x509.host-name', 'x509.common-name-only', 'endpoint.malformed'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => {
    if (credentialsOf(facts, 'server').length === 0) return [];
    return clientEndpointsOf(facts).flatMap(({ target, tlsEndpoints }) => {
      // An address that is no member is another check's finding.
      const judged = tlsEndpoints.filter(
        ({ host }) => !isIpAddress(host) || isKnownHost(host, facts.members),
      );
      const unnamed = judged.filter((each) => isUnnamed(each, facts));
      return judged.length === 0 ? [] : [{ target, unnamed, facts }];
    });
  },

  examine({ target, unnamed, facts }) {
    const [first] = unnamed;
    if (first === undefined) return pass;

    const { edge } = first;
    const hosts = enumerate([...new Set(unnamed.map(({ host }) => host))]);
    return fail({
      about: edgesOf(unnamed),
      message:
        edge?.member === undefined
          ? `${nameInWords(target.name)} connects to ${hosts}, which no server certificate names`
          : `${nameInWords(target.name)} connects to ${hosts}, which the certificate of ${edge.member} does not name`,
      expected: `${hosts} among the subject alternative names`,
      actual: namesOf(edge?.member, facts),
      quotesConnection: true,
      ...fixOfMalformed(unnamed, facts.members),
    });
  },
});

type Needed = Parameters<typeof clientEndpointsOf>[0];

/** Whether the certificate of the member that answers lacks the host, or all do where that member is unknown. */
function isUnnamed({ host, edge }: ClientEndpoint, facts: Needed): boolean {
  const member = edge?.member;
  if (member === undefined) return !isNamedBySome(host, facts);
  return (
    edge !== undefined &&
    isRefused(edge) &&
    [edge, ...(edge.next ?? [])].some(({ rule }) => isAboutName(rule)) &&
    !isFoundElsewhere(host, member, facts)
  );
}

/** An advertised host that is missing, one among the DNS names, or no name at all: found at the certificate. */
function isFoundElsewhere(host: string, member: string, facts: Needed): boolean {
  const { leaf } = serverOf(member, facts) ?? {};
  if (leaf === undefined) return true;
  const advertised = facts.members
    .filter(({ name }) => name === member)
    .flatMap(({ settings }) => settings.advertiseClientUrls.value);
  const { dnsNames = [], ipAddresses = [] } = leaf.subjectAltName ?? {};
  const isMisplaced = isIpAddress(host) && dnsNames.includes(host);
  const isNameless = dnsNames.length + ipAddresses.length === 0;
  return isMisplaced || isNameless || advertised.some((url) => hostOf(url) === host);
}

function serverOf(member: string, facts: Needed) {
  return credentialsOf(facts, 'server').find(({ uses }) =>
    uses.some(({ owner, role }) => owner === member && role === 'server'),
  );
}

function namesOf(member: string | undefined, facts: Needed): string {
  const credential = member === undefined ? undefined : serverOf(member, facts);
  if (credential !== undefined) return showNames(credential.leaf);
  return credentialsOf(facts, 'server')
    .map(({ leaf }) => showNames(leaf))
    .join('; ');
}

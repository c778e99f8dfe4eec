import { defineCheck, fail, pass } from '../../model/check.ts';
import { dialledHosts, isKnownHost, isNamedBySome } from '../dialled.ts';
import { isRefused, saysWhat } from '../edges.ts';
import { isIpAddress, showNames } from '../names.ts';
import { goX509 } from '../references.ts';
import { credentialsOf } from '../uses.ts';

export const clientDialsNameInNoCertificate = defineCheck({
  id: 'client-dials-name-in-no-certificate',
  title: 'A client dials a host that the certificate does not name',
  severity: 'high',
  rationale:
    'The client looks for the dialled host among the subject alternative names and refuses the member ' +
    'when it is not there. etcdctl and most others report only "context deadline exceeded".',
  remediation:
    'Dial an address or name that the certificates hold, or reissue the server certificates with the ' +
    'dialled host as IP or DNS SAN, one member at a time.',
  references: [goX509],
  standards: [],

  needs: ['files', 'members', 'clients', 'forecast'],

  // An address that is no member is another check's finding.
  targets: (facts) => {
    const hasCertificates = credentialsOf(facts, 'server').length > 0;
    return dialledHosts(facts)
      .filter(
        ({ host }) => hasCertificates && (!isIpAddress(host) || isKnownHost(host, facts.members)),
      )
      .map((dialled) => ({ ...dialled, facts }));
  },

  examine({ facts, host, edge, url }) {
    const member = edge?.member;
    const isHostRefused = edge !== undefined && isRefused(edge) && isAboutName(edge.rule);
    if (isHostRefused && member !== undefined && !isFoundElsewhere(host, member, facts)) {
      return fail({
        message: `${host} is not in the certificate of ${member}, which it dials`,
        expected: host,
        actual: namesOf(member, facts),
        ...withCause(saysWhat(edge)),
      });
    }
    if (member !== undefined || isNamedBySome(host, facts)) return pass;

    return fail({
      message: `it dials ${host}, a name in no certificate`,
      expected: `${host} among the subject alternative names`,
      actual: `names in ${credentialsOf(facts, 'server').length} server certificates, none of them ${host}`,
      ...withCause(isHostRefused ? saysWhat(edge) : `no certificate names the host of ${url}`),
    });
  },
});

function isAboutName(rule: string): boolean {
  return rule === 'x509.host-name' || rule === 'x509.common-name-only';
}

type Needed = Parameters<typeof dialledHosts>[0];

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
  return isMisplaced || isNameless || advertised.some((url) => url.includes(`//${host}:`));
}

function serverOf(member: string, facts: Needed) {
  return credentialsOf(facts, 'server').find(({ uses }) =>
    uses.some(({ owner, role }) => owner === member && role === 'server'),
  );
}

function namesOf(member: string, facts: Needed): string {
  const credential = serverOf(member, facts);
  return credential === undefined ? 'unknown' : showNames(credential.leaf);
}

function withCause(cause: string | undefined): { readonly cause?: string } {
  return cause === undefined ? {} : { cause };
}

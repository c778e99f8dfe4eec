import { defineCheck, inconclusive } from '../../model/check.ts';
import { wrongNames } from '../../deployment/advertised.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { showNames } from '../../deployment/names.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';
import { type Credential } from '../../deployment/certificate-uses.ts';
import type { Edge } from '../../model/forecast.ts';
import { enumerate } from '../../model/words.ts';

const rule = 'etcd.peer-san';

export const peerSourceNotInCertificate = defineCheck({
  id: 'peer-source-not-in-certificate',
  title: 'Peers reject a member whose source address is not in its certificate',
  severity: 'high',
  rationale:
    'The peer port compares the source address of a peer with the SANs of its certificate and closes the ' +
    'connection without a message if it is missing. Second addresses, address translation and missing PTR ' +
    'records cause this. The cluster stays healthy while connections in the other direction work, and ' +
    'loses quorum with the next restart.',
  remediation:
    'Reissue the peer certificate with the address that its peers see as an IP SAN. With address ' +
    'translation, let the member connect with a certificate without any SAN (`--peer-client-cert-file`, ' +
    '3.5 and later), which etcd does not compare with the address.',
  references: [etcdSecurity, etcdListener],

  explains: ['etcd.peer-san'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => {
    const unsure = facts.forecast.filter(
      ({ rule: by, wanted, outcome, observed }) =>
        by === rule && wanted === 'accepted' && outcome === 'not-sure' && observed === undefined,
    );
    return blamedBy(facts, rule).map((blamed) => ({
      ...blamed,
      // The address that it connects from is most often the one that it advertises: one cause, one finding.
      edges: blamed.edges.filter((edge) => !isFoundAtNames(edge, blamed.credential)),
      unsure: unsure.filter(({ blame }) => blame?.file === blamed.target.name),
    }));
  },

  examine(blamed) {
    const [open] = blamed.unsure;
    if (blamed.edges.length === 0 && open !== undefined) {
      return inconclusive(`the outcome depends on ${enumerate(open.dependsOn ?? ['DNS'])}`);
    }
    return examineBlamed(blamed, {
      message: `the ${blamed.role} does not contain the address from which the member connects`,
      expected: 'the source address among the IP SANs, or in the DNS records of its DNS SANs',
      actual: blamed.credential === undefined ? 'another name' : showNames(blamed.credential.leaf),
    });
  },
});

/** Whether an address that the member connects from is also one that its certificate should name. */
function isFoundAtNames({ blame }: Edge, credential: Credential | undefined): boolean {
  const wrong = credential === undefined ? [] : wrongNames(credential);
  return blame?.names?.some((name) => wrong.includes(name)) ?? false;
}

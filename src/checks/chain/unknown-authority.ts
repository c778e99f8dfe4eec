import { defineCheck, pass } from '../../model/check.ts';
import { aboutForeign, refusesEverything } from '../support/about-trust.ts';
import {
  aboutRefusals,
  blamedBy,
  examineBlamed,
  issuedBy,
  rejectersOf,
} from '../support/refused-certificates.ts';
import { byFault, failTrust } from '../support/wrong-trust.ts';
import { examineServed, examineTogether, servedTogether } from '../support/served-to-nobody.ts';
import { enumerate } from '../../model/words.ts';
import { etcdSecurity, goX509 } from '../support/references.ts';

/** A client that leaves its certificate out found no name of its CA in the list that etcd sends. */
const rules = ['x509.unknown-authority', 'tls.certificate-left-out'] as const;

export const unknownAuthority = defineCheck({
  id: 'unknown-authority',
  title: 'Certificate was issued by a CA that the other side does not trust',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'The verifying side finds no CA that issued the certificate and rejects the connection. For a member ' +
    'this costs part of the quorum; a client only sees a timeout.',
  remediation:
    'Add the CA that issued the certificate to the trusted CA file of the rejecting side, or reissue the ' +
    'certificate from the trusted CA. CA files are read at start: restart the members one at a time.',
  references: [goX509, etcdSecurity],

  explains: rules,
  needs: ['files', 'members', 'clients', 'forecast'],

  // A side that trusts an empty file rejects everything, and that is a finding at the file.
  targets: (facts) => {
    const trustsNothing = refusesEverything(facts);
    const all = blamedBy(facts, ...rules).map((blamed) => ({
      ...blamed,
      edges: blamed.edges.filter((edge) => !trustsNothing(edge)),
      foreign: aboutForeign(blamed, facts),
    }));
    const { certificates, trusts } = byFault(all, facts);
    return [...certificates, ...trusts, ...servedTogether(facts)];
  },

  examine(blamed, { facts, now }) {
    if ('together' in blamed) return examineTogether(blamed.together, facts, now);
    if ('trust' in blamed) return failTrust(blamed);
    const { credential, edges } = blamed;
    if (edges.length === 0)
      return credential === undefined ? pass : examineServed(credential, facts, now);
    return examineBlamed(blamed, {
      about: [...aboutRefusals(blamed.edges), ...blamed.foreign],
      message: `the ${blamed.role} was issued by a CA that the other side does not trust`,
      expected: `an issuer in the trusted CA file of ${enumerate(rejectersOf(edges), 4)}`,
      actual: issuedBy(blamed),
    });
  },
});

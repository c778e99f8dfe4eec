import { defineCheck } from '../../model/check.ts';
import { aboutForeign, refusesEverything } from '../support/about-trust.ts';
import {
  aboutRefusals,
  blamedBy,
  examineBlamed,
  issuedBy,
} from '../support/refused-certificates.ts';
import { etcdSecurity, goX509 } from '../support/references.ts';

export const unknownAuthority = defineCheck({
  id: 'unknown-authority',
  title: 'A certificate was issued by a CA that the other side does not trust',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Whoever verifies the certificate finds no CA that issued it and refuses the connection. With a ' +
    'member that is a part of the quorum, with a client it is a timeout that names no reason.',
  remediation:
    'Put the CA that issued the certificate into the trusted CA file of the side that refuses, or ' +
    'reissue the certificate by the CA it trusts. CA files are read at start: restart the members ' +
    'one at a time.',
  references: [goX509, etcdSecurity],
  standards: [],

  explains: ['x509.unknown-authority'],
  needs: ['files', 'members', 'clients', 'forecast'],

  // A side that trusts an empty file rejects everything, and that is a finding at the file.
  targets: (facts) => {
    const trustsNothing = refusesEverything(facts);
    return blamedBy(facts, 'x509.unknown-authority').map((blamed) => ({
      ...blamed,
      edges: blamed.edges.filter((edge) => !trustsNothing(edge)),
      foreign: aboutForeign(blamed, facts),
    }));
  },

  examine: (blamed) =>
    examineBlamed(blamed, {
      about: [...aboutRefusals(blamed.edges), ...blamed.foreign],
      message: `the ${blamed.role} was issued by a CA that is not trusted where it is shown`,
      expected: 'an issuer in the trusted CA file of the other side',
      actual: issuedBy(blamed),
    }),
});

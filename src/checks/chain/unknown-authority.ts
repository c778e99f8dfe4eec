import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed, issuedBy } from '../support/refused-certificates.ts';
import { etcdSecurity, goX509 } from '../support/references.ts';
import { trustingNothing } from '../../deployment/certificate-uses.ts';

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

  needs: ['files', 'members', 'clients', 'forecast'],

  // Who trusts an empty file refuses everybody, and that is a finding at the file.
  targets: (facts) => {
    const refusing = trustingNothing(facts);
    return blamedBy(facts, 'x509.unknown-authority').map((blamed) => ({
      ...blamed,
      edges: blamed.edges.filter(
        ({ refusedBy, from, member = '' }) => !refusing.has(refusedBy === 'client' ? from : member),
      ),
    }));
  },

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} was issued by a CA that is not trusted where it is shown`,
      expected: 'an issuer in the trusted CA file of the other side',
      actual: issuedBy(blamed),
    }),
});

import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { showNames } from '../../deployment/names.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const nameConstraintViolated = defineCheck({
  id: 'name-constraint-violated',
  title: 'Certificate contains names that its CA may not sign',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go checks every name in a certificate against the name constraints of its CAs. A single name that is ' +
    'not permitted (often localhost) makes the whole certificate invalid.',
  remediation:
    'Reissue the certificate without the rejected name, or from a CA whose constraints permit it.',
  references: [rfc5280('4.2.1.10'), goX509],

  explains: ['x509.name-constraints'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'x509.name-constraints'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message:
        blamed.credential === undefined
          ? `the ${blamed.role} forbids a name in a certificate that it issued`
          : `the ${blamed.role} contains a name that its CA may not sign`,
      expected: 'names within the constraints of the CA',
      actual:
        blamed.credential === undefined ? 'a name outside them' : showNames(blamed.credential.leaf),
    }),
});

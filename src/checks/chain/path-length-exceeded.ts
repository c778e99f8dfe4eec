import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed, issuedBy } from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const pathLengthExceeded = defineCheck({
  id: 'path-length-exceeded',
  title: 'Chain is longer than a CA allows',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'A CA with a path length of 0 may issue only leaf certificates. Go rejects a chain with an ' +
    'intermediate below it in every handshake.',
  remediation:
    'Issue the leaf from a CA closer to the root, or recreate the CA with a larger `pathlen`.',
  references: [rfc5280('4.2.1.9'), goX509],

  explains: ['x509.path-length'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'x509.path-length'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message:
        blamed.credential === undefined
          ? `the ${blamed.role} allows fewer intermediates below it than there are`
          : `the chain of the ${blamed.role} is longer than its CA allows`,
      expected: 'no more intermediates than the path length allows',
      actual: issuedBy(blamed),
    }),
});

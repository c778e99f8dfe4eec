import { defineCheck } from '../../model/check.ts';
import { allows } from '../../pki/key-usage.ts';
import { blamedBy, examineBlamed, issuedBy } from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

const usages = ['serverAuth', 'clientAuth'] as const;

export const authorityRestrictsUsage = defineCheck({
  id: 'authority-restricts-usage',
  title: 'CA does not allow the usage of its certificates',
  severity: 'high',
  rationale:
    'Go applies the extended key usage of a CA to everything the CA issued: below a CA with only ' +
    '`serverAuth` no certificate can be used by a client or by a connecting peer, even if the certificate ' +
    'itself has `clientAuth`.',
  remediation:
    'Issue the certificates from a CA without an extended key usage, or with both `serverAuth` and ' +
    '`clientAuth`.',
  references: [goX509, rfc5280('4.2.1.12')],

  explains: ['x509.key-usage'],
  needs: ['files', 'members', 'clients', 'forecast'],

  // A leaf that lacks the usage itself is another check's finding.
  targets: (facts) =>
    blamedBy(facts, 'x509.key-usage').filter(({ credential }) =>
      usages.every((usage) => credential === undefined || allows(credential.leaf, usage)),
    ),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message:
        blamed.credential === undefined
          ? `the ${blamed.role} does not allow what its certificates are used for`
          : `the ${blamed.role} is used for what a CA above this certificate does not allow`,
      expected: 'no extended key usage in CAs, or both',
      actual: issuedBy(blamed),
    }),
});

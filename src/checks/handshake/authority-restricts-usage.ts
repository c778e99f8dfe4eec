import { defineCheck } from '../../model/check.ts';
import { allows } from '../../pki/key-usage.ts';
import { blamedBy, examineBlamed, issuedBy } from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

const usages = ['serverAuth', 'clientAuth'] as const;

export const authorityRestrictsUsage = defineCheck({
  id: 'authority-restricts-usage',
  title: 'A CA does not allow the usage that its certificates are for',
  severity: 'high',
  rationale:
    'Go takes the extended key usage of a CA for a limit on all that it issued: below a CA with only ' +
    '`serverAuth` no certificate can be used by a client, or by a peer that dials, whatever it says ' +
    'itself.',
  remediation:
    'Issue the certificates by a CA without an extended key usage, or with both `serverAuth` and ' +
    '`clientAuth` in it.',
  references: [goX509, rfc5280('4.2.1.12')],
  standards: [],

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
          : `a CA above the ${blamed.role} does not allow what it is used for`,
      expected: 'no extended key usage in CAs, or both',
      actual: issuedBy(blamed),
    }),
});

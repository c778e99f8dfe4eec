import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const unhandledCriticalExtension = defineCheck({
  id: 'unhandled-critical-extension',
  title: 'Certificate has a critical extension that Go does not support',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go rejects a chain with a critical extension that it does not understand. Smart-card and government ' +
    'profiles add such extensions.',
  remediation: 'Reissue the certificate without the extension, or with it marked as not critical.',
  references: [rfc5280('4.2'), goX509],

  explains: ['x509.critical-extension'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'x509.critical-extension'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} has a critical extension that Go rejects`,
      expected: 'only critical extensions of RFC 5280',
      actual: blamed.credential?.leaf.unhandledCriticalExtensions.join(', ') || 'one in its chain',
    }),
});

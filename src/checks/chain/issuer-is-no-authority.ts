import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const issuerIsNoAuthority = defineCheck({
  id: 'issuer-is-no-authority',
  title: 'Certificate was issued by a certificate that is not a CA',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go rejects a chain if an issuer is not marked as a CA (basic constraints CA:TRUE) or may not sign ' +
    'certificates (key usage without keyCertSign). openssl issues certificates with such an issuer ' +
    'without a warning.',
  remediation:
    'Recreate the issuer with `basicConstraints=critical,CA:TRUE` and `keyUsage=keyCertSign,cRLSign`; ' +
    'with the same key and name the leaf certificates stay valid. Replace it in every trusted CA file and ' +
    'restart the members one at a time.',
  references: [rfc5280('4.2.1.9'), rfc5280('4.2.1.3'), goX509],

  explains: ['x509.issuer-not-an-authority'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'x509.issuer-not-an-authority'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} issued certificates, and is not a CA`,
      expected: 'basic constraints with CA:TRUE and key usage with keyCertSign',
      actual: 'a certificate that may not issue others',
    }),
});

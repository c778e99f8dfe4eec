import { defineCheck } from '../../model/check.ts';
import { aboutForeign } from '../support/about-trust.ts';
import {
  aboutRefusals,
  blamedBy,
  examineBlamed,
  issuedBy,
  togetherAtIssuer,
} from '../support/refused-certificates.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const authorityOfSameNameWithAnotherKey = defineCheck({
  id: 'authority-of-same-name-with-another-key',
  title: 'CA was recreated with the same name and a different key',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'The trusted CA file contains a CA with the name of the issuer but a different key: the CA was ' +
    'recreated, and some certificates are from before. The names match everywhere, so comparing subjects ' +
    'shows nothing wrong.',
  remediation:
    'Find out which CA is the right one (compare the subject key identifiers) and reissue the ' +
    'certificates of the other. To switch without an outage, trust both while the members are restarted ' +
    'one at a time.',
  references: [goX509, rfc5280('4.2.1.1')],

  explains: ['x509.same-name-other-key'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) =>
    togetherAtIssuer(blamedBy(facts, 'x509.same-name-other-key'), facts).map((blamed) => ({
      ...blamed,
      foreign: aboutForeign(blamed, facts),
    })),

  examine: (blamed) =>
    examineBlamed(blamed, {
      about: [...aboutRefusals(blamed.edges), ...blamed.foreign],
      message: `the ${blamed.role} was issued by a CA with the same name as the trusted CA but a different key`,
      expected: 'a signature by the key of the trusted CA',
      actual: issuedBy(blamed),
    }),
});

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
  title: 'A CA was made anew under its old name',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'The trusted CA file holds a CA with the name of the issuer and another key: the CA was created ' +
    'again, and a part of the set is still from before. Names agree everywhere, so a look at the ' +
    'subjects shows nothing wrong.',
  remediation:
    'Find out which CA is the right one (compare the subject key identifiers) and reissue the ' +
    'certificates of the other. To change over without an outage, trust both while the members are ' +
    'restarted one at a time.',
  references: [goX509, rfc5280('4.2.1.1')],
  standards: [],

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
      message: `the ${blamed.role} was issued by another CA of the same name than the one that is trusted`,
      expected: 'the key of the trusted CA to have signed it',
      actual: issuedBy(blamed),
    }),
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { describeTrust } from '../held.ts';
import { goX509 } from '../references.ts';
import { bundlesOf, certificatesIn } from '../uses.ts';

export const leafInAuthorityFile = defineCheck({
  id: 'leaf-in-authority-file',
  title: 'A trusted CA file holds a certificate that is no CA',
  severity: 'low',
  rationale:
    'Go trusts whatever stands in the file. A leaf there is accepted when it is shown itself, and nothing ' +
    'that it "issued" ever is. Most often a leaf was put in the place of its CA.',
  remediation:
    'Put the CA that issued the leaf in the file. Keep the leaf only where it is meant as a pin.',
  references: [goX509],
  standards: [],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => bundlesOf(facts).filter(({ file }) => certificatesIn(file).length > 0),

  examine({ file, trustedBy }) {
    // A version 1 certificate has no place to say that it is a CA; Go accepts it as a root.
    const leaf = certificatesIn(file).find(
      ({ basicConstraints, version }) => version === 3 && basicConstraints?.isCa !== true,
    );
    if (leaf === undefined) return pass;

    return fail({
      message: `the ${describeTrust(trustedBy)} holds a leaf certificate`,
      expected: 'basic constraints with CA:TRUE',
      actual: `${leaf.subject.text}, which is no CA`,
    });
  },
});

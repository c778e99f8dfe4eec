import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { goX509 } from '../support/references.ts';

export const leafInAuthorityFile = defineCheck({
  id: 'leaf-in-authority-file',
  title: 'Trusted CA file contains a certificate that is not a CA',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'Go trusts every certificate in the file. A leaf there is accepted when it is presented itself, but ' +
    'certificates that it "issued" are not. Most often a leaf was installed in place of its CA.',
  remediation:
    'Put the CA that issued the leaf in the file. Keep the leaf only if it is meant as a pin.',
  references: [goX509],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: (facts) => certificatesInUse(facts).filter(({ place }) => place === 'ca'),

  examine({ certificate: { basicConstraints, version, subject }, role, issued }) {
    // What has issued certificates in use is meant as a CA, and its marks are another check's matter.
    if (basicConstraints?.isCa === true || issued.length > 0) return pass;
    // A version 1 certificate has no place to say that it is a CA; Go accepts it as a root.
    if (version !== 3) return pass;

    return fail({
      message: `the ${role} is not a CA but a leaf certificate`,
      expected: 'basic constraints with CA:TRUE',
      actual: `${subject.text} without CA:TRUE`,
    });
  },
});

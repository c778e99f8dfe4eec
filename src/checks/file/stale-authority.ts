import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse, isLeftOver } from '../../deployment/certificates-in-use.ts';
import { etcdSecurity } from '../support/references.ts';
import { showDate } from '../support/when.ts';

export const staleAuthority = defineCheck({
  id: 'stale-authority',
  title: 'Trusted CA file contains an expired CA',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'An expired CA next to a valid one does no harm by itself, but is a sign of an unfinished rotation.',
  remediation: 'Remove the expired CA from the file once no certificate in use was issued by it.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: (facts) => certificatesInUse(facts).filter(({ place }) => place === 'ca'),

  examine(inUse, { now, facts }) {
    const { notAfter, subject } = inUse.certificate;
    if (now <= new Date(notAfter) || !isLeftOver(inUse, facts, now)) return pass;

    return fail({
      message: `${inUse.target.name} contains an expired CA`,
      expected: 'CAs that are valid',
      actual: `${subject.text} was valid until ${showDate(notAfter, now)}`,
    });
  },
});

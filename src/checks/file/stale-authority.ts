import { defineCheck, fail, pass } from '../../model/check.ts';
import { heldCertificates, isLeftOver } from '../../deployment/certificates-in-use.ts';
import { etcdSecurity } from '../support/references.ts';
import { showDate } from '../support/when.ts';

export const staleAuthority = defineCheck({
  id: 'stale-authority',
  title: 'An expired CA is left in a trusted CA file',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'An expired CA beside a good one does no harm by itself, but it is the sign of a rotation that was ' +
    'not finished, and of a file that nobody dares to change.',
  remediation: 'Take the expired CA out of the file once no certificate in use was issued by it.',
  references: [etcdSecurity],
  standards: [],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => heldCertificates(facts).filter(({ place }) => place === 'ca'),

  examine(held, { now, facts }) {
    const { notAfter, subject } = held.certificate;
    if (now <= new Date(notAfter) || !isLeftOver(held, facts, now)) return pass;

    return fail({
      message: `an expired CA is left among those that are trusted`,
      expected: 'CAs that are valid',
      actual: `${subject.text} was valid until ${showDate(notAfter, now)}`,
    });
  },
});

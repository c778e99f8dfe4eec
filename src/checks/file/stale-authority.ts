import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { isHarmless } from '../support/harmless-authorities.ts';
import { etcdSecurity } from '../support/references.ts';
import { showDate } from '../support/when.ts';

export const staleAuthority = defineCheck({
  id: 'stale-authority',
  title: 'File contains an expired CA that is not needed',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'An expired CA next to a valid one does no harm by itself, nor does one that is sent along where all who ' +
    'verify the certificate know another chain. It is a sign of an unfinished rotation, and a side that ' +
    'knows no other chain rejects the certificate.',
  remediation: 'Remove the expired CA from the file once no certificate in use was issued by it.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints', 'forecast'],

  targets: (facts) => certificatesInUse(facts).filter(({ place }) => place !== 'leaf'),

  examine(inUse, { now, facts }) {
    const { notAfter, subject } = inUse.certificate;
    if (now <= new Date(notAfter) || !isHarmless(inUse, facts, now)) return pass;

    return fail({
      message: `${inUse.target.name} contains an expired CA`,
      expected: 'CAs that are valid',
      actual: `${subject.text} was valid until ${showDate(notAfter, now)}`,
    });
  },
});

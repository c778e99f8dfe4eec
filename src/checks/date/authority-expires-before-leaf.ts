import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { daysBetween, showDate } from '../support/when.ts';
import { enumerate } from '../../model/words.ts';

export const authorityExpiresBeforeLeaf = defineCheck({
  id: 'authority-expires-before-leaf',
  title: 'CA expires before certificates that it issued',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Go rejects a chain as soon as any certificate in it has expired, including the root. The leaf ' +
    'certificates stop working earlier than their own dates suggest, and the whole cluster stops at once.',
  remediation:
    'Plan the replacement of the CA before its own end date: add the new CA to every trusted CA file, ' +
    'restart the members one at a time, reissue the leaves, then remove the old CA.',
  references: [rfc5280('4.1.2.5'), goX509],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets(facts) {
    const inUse = certificatesInUse(facts);
    const leaves = new Map(inUse.map((each) => [each.target.name, each.certificate]));
    return inUse
      .filter(({ certificate, issued }) => certificate.basicConstraints?.isCa && issued.length > 0)
      .map((authority) => {
        const end = new Date(authority.certificate.notAfter);
        const outlive = authority.issued.filter((name) => {
          const leaf = leaves.get(name);
          // A difference of less than a day is irrelevant.
          return leaf !== undefined && daysBetween(end, new Date(leaf.notAfter)) > 0;
        });
        return { ...authority, outlive };
      });
  },

  examine({ certificate, outlive, role }, { now }) {
    const { notAfter, subject } = certificate;
    // An expired CA is another check's finding already.
    if (outlive.length === 0 || now > new Date(notAfter)) return pass;

    return fail({
      due: notAfter,
      message: `the ${role} expires before ${outlive.length === 1 ? 'a certificate' : 'certificates'} that this CA issued`,
      expected: `a CA that outlives ${enumerate(outlive)}`,
      actual: `${subject.text} is valid until ${showDate(notAfter, now)}`,
    });
  },
});

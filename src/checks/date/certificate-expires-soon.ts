import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { rfc5280 } from '../support/references.ts';
import { renewalOf } from '../support/renewals.ts';
import { daysBetween, showDate, showMoment } from '../support/when.ts';
import { enumerate } from '../../model/words.ts';

export const certificateExpiresSoon = defineCheck({
  id: 'certificate-expires-soon',
  title: 'Certificate in use expires soon',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'etcd logs no warning before or after a certificate expires: members and clients with open ' +
    'connections continue until the first of them reconnects and is rejected.',
  remediation:
    'Reissue the certificate now, with the same names and usages, and replace certificate and key file ' +
    'together; leaf certificates need no restart. For a CA, first add its successor to every trusted CA ' +
    'file and restart the members one at a time.',
  references: [rfc5280('4.1.2.5')],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: certificatesInUse,

  examine(inUse, { now, policy }) {
    const { certificate, role, issued } = inUse;
    const { notAfter, subject } = certificate;
    const end = new Date(notAfter);
    if (now > end || daysBetween(now, end) >= policy.expiryWarningDays) return pass;

    return fail({
      due: notAfter,
      message: `the ${role} expires ${showDate(notAfter, now)}`,
      expected: `at least ${policy.expiryWarningDays} more days`,
      actual: `${subject.text} is valid until ${showMoment(notAfter)}`,
      ...(issued.length > 0 && { cause: `expires with it: ${enumerate(issued)}` }),
      fix: renewalOf(inUse),
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { isHarmless } from '../support/harmless-authorities.ts';
import { showDate, showMoment } from '../support/when.ts';

export const certificateNotYetValid = defineCheck({
  id: 'certificate-not-yet-valid',
  title: 'Certificate in use is not yet valid',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go rejects a certificate before its notBefore, to the second, anywhere in the chain. A CA or an ' +
    'issuing script whose clock is ahead issues certificates that members reject for a while.',
  remediation:
    'Compare the clocks of this host, of the members and of the host that issued the certificate ' +
    '(`chronyc tracking`), then wait or reissue with a notBefore some minutes in the past.',
  references: [rfc5280('4.1.2.5'), goX509],

  explains: ['x509.not-yet-valid'],
  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints', 'forecast'],

  targets: certificatesInUse,

  examine(inUse, { now, facts }) {
    const { certificate, role } = inUse;
    const { notBefore, subject } = certificate;
    if (now >= new Date(notBefore) || isHarmless(inUse, facts, now)) return pass;

    return fail({
      about: [aboutCertificate(certificate)],
      message: `the ${role} is not yet valid`,
      expected: `notBefore at or before ${showMoment(now.toISOString())}`,
      actual: `${subject.text} is valid from ${showMoment(notBefore)}, ${showDate(notBefore, now)}`,
    });
  },
});

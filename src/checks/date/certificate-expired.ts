import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { isHarmless } from '../support/harmless-authorities.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { renewalOf } from '../support/renewals.ts';
import { showDate } from '../support/when.ts';
import { enumerate } from '../../model/words.ts';

export const certificateExpired = defineCheck({
  id: 'certificate-expired',
  title: 'Certificate in use has expired',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Connections that present or verify against an expired certificate are rejected. Go checks every ' +
    'certificate of the chain, including the root, so one expired CA affects everything it issued. etcd ' +
    'starts without a warning, and open connections stay open: the outage comes with the next restart.',
  remediation:
    'Reissue the certificate, keep its names and usages, and replace certificate and key file together: ' +
    'etcd reads both again in every handshake. Replace a CA by adding the new one to every trusted CA ' +
    'file and restarting the members one at a time before the first new leaf is installed.',
  references: [rfc5280('4.1.2.5'), goX509],

  explains: ['x509.expired'],
  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints', 'forecast'],

  targets: certificatesInUse,

  examine(inUse, { now, facts }) {
    const { certificate, role, issued, paths } = inUse;
    const { notAfter, subject } = certificate;
    if (now <= new Date(notAfter) || isHarmless(inUse, facts, now)) return pass;

    const copies = paths.length > 1 ? [`copies are in ${enumerate(paths)}`] : [];
    const takenDown = issued.length > 0 ? [`rejected with it: ${enumerate(issued)}`] : [];
    const cause = [...copies, ...takenDown].join('; ');
    return fail({
      about: [aboutCertificate(certificate)],
      message: `the ${role} has expired`,
      expected: `a certificate that is valid on ${now.toISOString().slice(0, 10)}`,
      actual: `${subject.text} was valid until ${showDate(notAfter, now)}`,
      ...(cause !== '' && { cause }),
      fix: renewalOf(inUse),
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { heldCertificates, isLeftOver } from '../../deployment/certificates-in-use.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { showDate } from '../support/when.ts';
import { enumerate } from '../../model/words.ts';

export const certificateExpired = defineCheck({
  id: 'certificate-expired',
  title: 'A certificate in use has expired',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Whoever dials or is dialled with an expired certificate is refused. Go judges every certificate of ' +
    'the chain, the root included, so one expired CA takes down all that it issued. etcd itself starts ' +
    'without a word, and connections that are open stay open: the outage comes with the next restart.',
  remediation:
    'Reissue the certificate, keep its names and usages, and replace certificate and key file together: ' +
    'etcd reads both anew on every handshake. Replace a CA by adding the new one to every trusted CA ' +
    'file and restarting the members one at a time before the first new leaf is put in place.',
  references: [rfc5280('4.1.2.5'), goX509],
  standards: [],

  explains: ['x509.expired'],
  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: heldCertificates,

  examine(held, { now, facts }) {
    const { certificate, role, issued, paths } = held;
    const { notAfter, subject } = certificate;
    if (now <= new Date(notAfter) || isLeftOver(held, facts, now)) return pass;

    const copies = paths.length > 1 ? [`copies lie in ${enumerate(paths)}`] : [];
    const takenDown = issued.length > 0 ? [`refused with it: ${enumerate(issued)}`] : [];
    const cause = [...copies, ...takenDown].join('; ');
    return fail({
      about: [aboutCertificate(certificate)],
      message: `the ${role} has expired`,
      expected: `a certificate that is valid on ${now.toISOString().slice(0, 10)}`,
      actual: `${subject.text} was valid until ${showDate(notAfter, now)}`,
      ...(cause !== '' && { cause }),
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { rfc5280Complaints } from '../../pki/rfc5280.ts';
import { heldCertificates } from '../../deployment/certificates-in-use.ts';
import { rfc5280 } from '../support/references.ts';

export const certificateAgainstRfc5280 = defineCheck({
  id: 'certificate-against-rfc-5280',
  title: 'A certificate breaks a rule of RFC 5280 that Go lets pass',
  severity: 'info',
  decidedBy: 'file',
  rationale:
    'Go accepts the certificate, so etcd works with it. Clients on other libraries, and later releases of ' +
    'Go, may be stricter.',
  remediation: 'Mend the profile of the CA before the certificate is issued anew.',
  references: [rfc5280('4')],
  standards: [],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: heldCertificates,

  examine({ certificate, role }) {
    const complaints = rfc5280Complaints(certificate);
    const [first] = complaints;
    if (first === undefined) return pass;

    return fail({
      message: `the ${role} breaks RFC 5280 in ${complaints.map(({ clause }) => clause).join(', ')}`,
      expected: 'a certificate within the profile of RFC 5280',
      actual: complaints.map(({ text }) => text).join('\n'),
    });
  },
});

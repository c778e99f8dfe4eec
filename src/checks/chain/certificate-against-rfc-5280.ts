import { defineCheck, fail, pass } from '../../model/check.ts';
import { rfc5280Complaints } from '../../pki/rfc5280.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { rfc5280 } from '../support/references.ts';

export const certificateAgainstRfc5280 = defineCheck({
  id: 'certificate-against-rfc-5280',
  title: 'Certificate violates RFC 5280 in a way that Go accepts',
  severity: 'info',
  decidedBy: 'file',
  rationale:
    'Go accepts the certificate, so etcd works with it. Other TLS libraries, and later releases of Go, ' +
    'may reject it.',
  remediation: 'Fix the profile of the CA before the certificate is reissued.',
  references: [rfc5280('4')],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: certificatesInUse,

  examine({ certificate, role }) {
    const complaints = rfc5280Complaints(certificate);
    const [first] = complaints;
    if (first === undefined) return pass;

    return fail({
      message: `the ${role} breaks RFC 5280 in ${complaints.map(({ clause }) => clause).join(', ')}`,
      expected: 'a certificate that complies with RFC 5280',
      actual: complaints.map(({ text }) => text).join('\n'),
    });
  },
});

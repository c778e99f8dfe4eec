import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { namesIn } from '../../deployment/names.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const serverCertificateWithoutNames = defineCheck({
  id: 'server-certificate-without-names',
  title: 'Served certificate names no host',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Clients and peers built with Go 1.15 or later look for the host they connect to among the subject ' +
    'alternative names only; the common name no longer counts. Without any SAN every connection fails.',
  remediation:
    'Reissue the certificate with every address and name that clients and peers connect to as IP and DNS ' +
    'SANs, and 127.0.0.1 and localhost for health checks. Replace it on one member at a time.',
  references: [goX509, rfc5280('4.2.1.6'), 'https://go.dev/doc/go1.15#commonname'],

  explains: ['x509.host-name', 'x509.common-name-only'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer'),

  examine({ leaf, uses }) {
    if (namesIn(leaf).length > 0) return pass;

    return fail({
      about: [aboutCertificate(leaf)],
      message: `the ${describeUses(uses)} has no subject alternative name, so all clients and peers reject it`,
      expected: 'IP and DNS SANs for every host in use',
      actual: `${leaf.subject.text} and no SAN`,
    });
  },
});

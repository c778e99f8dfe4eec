import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { mozilla } from '../../standards/mozilla-tls.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { goX509 } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const weakSignatureAlgorithm = defineCheck({
  id: 'weak-signature-algorithm',
  title: 'Certificate is signed with SHA-1 or MD5',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Such signatures can be forged. Go always rejects MD5, and SHA-1 since 1.18, without a switch to ' +
    're-enable it since 1.24: members of the same cluster may accept the certificate today and reject it ' +
    'after an upgrade.',
  remediation:
    'Reissue the certificate with SHA-256 or better (`-sha256` in openssl). If the configuration of the ' +
    'CA says SHA-1, fix that first. The signature of a self-signed root does not matter.',
  references: ['https://go.dev/doc/go1.18#sha1', goX509],
  standards: [
    mozilla('intermediate', 'certificate signature'),
    mozilla('modern', 'certificate signature'),
  ],

  explains: ['x509.insecure-signature'],
  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  // A root's signature of itself is never verified.
  targets: (facts) =>
    certificatesInUse(facts).filter(
      ({ certificate }) => certificate.issuer.raw !== certificate.subject.raw,
    ),

  examine({ certificate, role, issued }) {
    if (!/SHA1|MD5|MD2/i.test(certificate.signatureAlgorithm)) return pass;

    return fail({
      about: [aboutCertificate(certificate)],
      message: `the ${role} has a signature that Go no longer accepts`,
      expected: 'SHA-256 or better, or Ed25519',
      actual: certificate.signatureAlgorithm,
      ...(issued.length > 0 && { cause: `rejected with it: ${enumerate(issued)}` }),
    });
  },
});

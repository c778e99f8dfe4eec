import { defineCheck, fail, pass } from '../../model/check.ts';
import { mozilla } from '../../standards/mozilla-tls.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';

export const weakRsaKey = defineCheck({
  id: 'weak-rsa-key',
  title: 'RSA key of the certificate is shorter than 2048 bits',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'RSA keys of 1024 bits can be broken. OpenSSL clients reject them at their default security level, ' +
    'and Go since 1.24 rejects keys below 1024 bits, while older members accept both.',
  remediation:
    'Reissue the certificate with a new key: ECDSA P-256, or RSA with at least 2048 bits.',
  references: [
    'https://go.dev/doc/go1.24#cryptorsapkgcryptorsa',
    'https://doi.org/10.6028/NIST.SP.800-57pt1r5',
  ],
  standards: [mozilla('intermediate', 'certificate key')],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: certificatesInUse,

  examine({ certificate, role }) {
    const { algorithm, bits } = certificate.publicKey;
    if (algorithm !== 'RSA' || bits === undefined || bits >= 2048) return pass;

    return fail({
      message: `the ${role} has a weak RSA key`,
      expected: 'at least 2048 bits',
      actual: `${bits} bits`,
    });
  },
});

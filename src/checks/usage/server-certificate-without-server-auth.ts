import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { allows } from '../../pki/key-usage.ts';
import { etcdSecurity, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const serverCertificateWithoutServerAuth = defineCheck({
  id: 'server-certificate-without-server-auth',
  title: 'Served certificate is not valid for server authentication',
  severity: 'high',
  rationale:
    'Every client and every peer that connects to this port rejects a certificate whose extended key ' +
    'usage does not include `serverAuth`. etcd starts without a warning.',
  remediation:
    'Reissue the certificate with both `serverAuth` and `clientAuth` in its extended key usage, because ' +
    'members also connect with it. Replace it on one member at a time.',
  references: [rfc5280('4.2.1.12'), etcdSecurity],

  explains: ['x509.key-usage'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer'),

  examine({ leaf, uses }) {
    if (allows(leaf, 'serverAuth')) return pass;

    const serving = uses.filter(({ role }) => role === 'server' || role === 'peer');
    return fail({
      about: [aboutCertificate(leaf)],
      message: `clients and peers reject the ${describeUses(serving)}`,
      expected: 'extended key usage with serverAuth',
      actual: leaf.extendedKeyUsage?.join(', ') ?? 'none',
    });
  },
});

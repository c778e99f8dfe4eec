import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { allows } from '../../pki/key-usage.ts';
import { etcdSecurity, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const clientCertificateWithoutClientAuth = defineCheck({
  id: 'client-certificate-without-client-auth',
  title: 'Client certificate is not valid for client authentication',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd verifies clients for `clientAuth`. Every member that requires certificates rejects a ' +
    'certificate whose extended key usage does not include it, and the client only reports a timeout.',
  remediation:
    'Reissue the client certificate with `clientAuth` in its extended key usage, or without the extension.',
  references: [rfc5280('4.2.1.12'), etcdSecurity],

  explains: ['x509.key-usage'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'client'),

  examine({ leaf, uses }) {
    if (allows(leaf, 'clientAuth')) return pass;

    return fail({
      about: [aboutCertificate(leaf)],
      message: `members that require certificates reject the ${describeUses(uses)}`,
      expected: 'extended key usage with clientAuth',
      actual: leaf.extendedKeyUsage?.join(', ') ?? 'none',
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import { allows } from '../../pki/key-usage.ts';
import { etcdSecurity, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses, type Use } from '../../deployment/certificate-uses.ts';

export const peerCertificateWithoutClientAuth = defineCheck({
  id: 'peer-certificate-without-client-auth',
  title: 'Peer certificate is not valid for client authentication',
  severity: 'high',
  rationale:
    'A member connects to its peers with the certificate that it serves to them, unless ' +
    '`--peer-client-cert-file` is set. Peers that require certificates reject one whose extended key ' +
    'usage lists only `serverAuth`, so the member cannot join, or rejoin after a restart.',
  remediation:
    'Reissue the peer certificate with both `serverAuth` and `clientAuth` in its extended key usage. ' +
    'Replace it one member at a time, so that the cluster keeps its quorum.',
  references: [etcdSecurity, rfc5280('4.2.1.12')],

  explains: ['x509.key-usage'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    credentialsOf(facts, 'peer', 'peer-dial').filter(({ uses }) => uses.some(dials)),

  examine({ leaf, uses }) {
    if (allows(leaf, 'clientAuth')) return pass;

    return fail({
      about: [aboutCertificate(leaf)],
      message: `peers reject the ${describeUses(uses.filter(dials))}: its extended key usage does not include clientAuth`,
      expected: 'extended key usage with clientAuth',
      actual: leaf.extendedKeyUsage?.join(', ') ?? 'none',
    });
  },
});

/** Without a certificate of its own for dialling, a member shows its peers the one that it serves. */
function dials({ role, member }: Use): boolean {
  if (role === 'peer-dial') return true;
  return role === 'peer' && member?.settings.peer.clientCertFile === undefined;
}

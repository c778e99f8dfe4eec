import { credentialsOf } from '../../deployment/certificate-uses.ts';
import { goOf } from '../../deployment/go-rules.ts';
import { protocolOfMember } from '../../forecast/negotiation.ts';
import { findSigningFault } from '../../forecast/signing-key.ts';
import { aboutCertificate } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { nameInWords } from '../../model/words.ts';
import { goTls } from '../support/references.ts';

export const rsaKeyTooSmallForTls = defineCheck({
  id: 'rsa-key-too-small-for-tls',
  title: 'RSA key of a server certificate is too small for TLS',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'etcd starts with a key that is too small to sign a handshake, such as one of 512 bits, and then fails every ' +
    'handshake. TLS 1.3 needs 528 bits or more, and Go since 1.24 needs 1024.',
  remediation:
    'Reissue the certificate with a new key: ECDSA P-256, or RSA with at least 2048 bits.',
  references: [goTls, 'https://go.dev/doc/go1.24#cryptorsapkgcryptorsa'],

  explains: ['tls.key-too-small'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    credentialsOf(facts, 'server').map(({ target, file, leaf, uses }) => {
      const servers = uses.flatMap(({ role, member }) => (role === 'server' && member) || []);
      return { target, path: file.path, leaf, servers };
    }),

  examine({ path, leaf, servers }) {
    for (const member of servers) {
      const { maximum: version } = protocolOfMember(member);
      const key = { leaf, file: path, side: 'server', version } as const;
      const found = findSigningFault(key, goOf(member));
      if (found?.refusal.rule === 'tls.key-too-small') {
        return fail({
          about: [aboutCertificate(leaf)],
          message: `no handshake with the server certificate of ${nameInWords(member.name)} can succeed: its key is too small`,
          expected: 'an RSA key of at least 2048 bits, or an ECDSA key',
          actual: `an RSA key of ${leaf.publicKey.bits} bits`,
          cause: `etcd logs: ${found.refusal.text}`,
        });
      }
    }
    return pass;
  },
});

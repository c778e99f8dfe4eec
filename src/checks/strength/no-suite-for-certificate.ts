import { credentialsOf } from '../../deployment/certificate-uses.ts';
import { protocolOfMember } from '../../forecast/negotiation.ts';
import { aboutCertificate, aboutSetting } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { goTls } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const noSuiteForCertificate = defineCheck({
  id: 'no-suite-for-certificate',
  title: 'No cipher suite matches the certificate',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'Up to TLS 1.2 a cipher suite names the type of the certificate key. With `tls-max-version` TLS1.2 ' +
    'and only RSA suites in `cipher-suites`, a member with an ECDSA key starts and then fails every ' +
    'handshake, and vice versa.',
  remediation:
    'List suites for the type of the key (`TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`, ' +
    '`TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`), or remove `cipher-suites`, or allow TLS 1.3.',
  references: [goTls, 'https://etcd.io/docs/latest/op-guide/security/'],

  explains: ['tls.no-common-suite'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    credentialsOf(facts, 'server', 'peer').flatMap(({ leaf, uses }) =>
      [...new Set(uses.flatMap(({ member }) => member ?? []))].flatMap((member) => {
        const { cipherSuites } = member.settings;
        const protocol = protocolOfMember(member);
        // With TLS 1.3 the list is not used.
        if (cipherSuites === undefined || protocol.maximum > 12) return [];
        const location = cipherSuites.origin.location ?? member.target.location;
        const target = { ...member.target, ...(location && { location }) };
        const roles = uses.filter((use) => use.member === member).map(({ role }) => role);
        const types = protocol.cipherSuites.map((suite) => suite.keyType);
        return [{ target, leaf, role: enumerate(roles), types, listed: cipherSuites.value }];
      }),
    ),

  examine({ target, leaf, role, types, listed }) {
    const keyType = leaf.publicKey.algorithm === 'RSA' ? 'RSA' : 'ECDSA';
    if (types.includes(keyType)) return pass;
    return fail({
      about: [aboutCertificate(leaf), aboutSetting(target.name, 'cipher-suites')],
      message: `no handshake with the ${role} certificate of ${target.name} can succeed: cipher-suites has no suite for ${keyType} keys`,
      expected: `a suite for ${keyType} keys`,
      actual: enumerate(listed),
      cause: 'etcd logs: tls: no cipher suite supported by both client and server',
    });
  },
});

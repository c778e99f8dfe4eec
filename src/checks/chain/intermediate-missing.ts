import { defineCheck, type Failure, fail, pass } from '../../model/check.ts';
import { aboutCertificate } from '../../model/about.ts';
import {
  aboutRefusals,
  blamedBy,
  examineBlamed,
  issuedBy,
} from '../support/refused-certificates.ts';
import { verifiersOf } from '../support/server-verifiers.ts';
import { goX509, rfc5280 } from '../support/references.ts';

export const intermediateMissing = defineCheck({
  id: 'intermediate-missing',
  title: 'Intermediate CA is neither sent nor trusted',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'The issuer of the certificate is an intermediate CA whose certificate is missing where the chain is ' +
    'verified. Go does not download it, so the handshake is rejected as if the CA were unknown.',
  remediation:
    'Append the intermediate to the certificate file, after the leaf: etcd sends every certificate in ' +
    'that file. The change takes effect with the next handshake, without a restart.',
  references: [goX509, rfc5280('6.1')],

  explains: ['x509.missing-intermediate'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'x509.missing-intermediate'),

  examine(blamed, { facts, now }) {
    const { credential, edges, role } = blamed;
    const words: Failure = {
      message: `the ${role} is sent without the intermediate CA that issued it`,
      expected: 'the certificate of its issuer, after the leaf in the same file',
      actual: issuedBy(blamed),
    };
    if (edges.length > 0 || credential?.uses.every((use) => use.role !== 'server') !== false) {
      return examineBlamed(blamed, words);
    }
    // No client is given, and no CA file given would do without the intermediate.
    const verifiers = verifiersOf(credential, facts, now);
    if (verifiers.kind !== 'without-intermediate') return pass;
    const { issuer } = verifiers;
    return fail({
      ...words,
      about: [...aboutRefusals(edges), aboutCertificate(credential.leaf)],
      fix: `Append the certificate of ${issuer.subject.text} to ${credential.file.path}, after the leaf.`,
    });
  },
});

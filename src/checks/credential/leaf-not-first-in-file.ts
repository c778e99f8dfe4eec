import { defineCheck } from '../../model/check.ts';
import {
  atCertificate,
  describePair,
  examinePair,
  readablePairsOf,
  loadingRules,
} from '../support/pair-check.ts';
import { goTls } from '../support/references.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';

export const leafNotFirstInFile = defineCheck({
  id: 'leaf-not-first-in-file',
  title: 'Certificate file does not start with the leaf',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go uses the first certificate in the file as the leaf and compares it with the key. With a CA or an ' +
    'intermediate first, etcd exits with "private key does not match public key".',
  remediation:
    'Put the leaf first and each issuer after it: `cat leaf.pem intermediate.pem > chain.pem`.',
  references: [goTls],

  explains: loadingRules,
  needs: ['files', 'members', 'clients'],

  targets: (facts) => atCertificate(readablePairsOf(facts)),

  examine: (pair) =>
    examinePair(pair, 'leaf-not-first', ({ certificate }) => ({
      message: `the file of the ${describePair(pair)} does not start with its own certificate`,
      expected: 'the leaf first, then its issuers',
      actual: order(certificate.file),
    })),
});

function order(file: Parameters<typeof certificatesIn>[0] | undefined): string {
  if (file === undefined) return 'nothing';
  return certificatesIn(file)
    .map(({ subject }) => subject.text)
    .join(', then ');
}

import { defineCheck } from '../../model/check.ts';
import type { FileFact } from '../../model/files.ts';
import { describePair, examinePair, pairsOf, loadingRules } from '../support/pair-check.ts';
import { goTls } from '../support/references.ts';
import { certificatesIn, keysIn, type Use } from '../../deployment/certificate-uses.ts';

export const keyOfAnotherCertificate = defineCheck({
  id: 'key-of-another-certificate',
  title: 'Certificate and private key do not match',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd does not start with such a pair. If it is installed under a running member, every new handshake ' +
    'fails with alert 80 until both files match again.',
  remediation:
    'Install the key that the certificate was issued for, or reissue the certificate for this key. ' +
    'Compare them with `openssl x509 -noout -pubkey -in CERTIFICATE` and `openssl pkey -pubout -in KEY`.',
  references: [goTls],

  explains: loadingRules,
  needs: ['files', 'members', 'clients'],

  targets: (facts) => pairsOf(facts).map((pair) => ({ ...pair, files: facts.files })),

  examine: (pair) =>
    examinePair(pair, 'another-key', (use) => ({
      message: `the private key does not match the ${describePair(pair)}`,
      expected: `the key of ${use.certificate.path}`,
      actual: ownerOfKey(use, pair.files),
    })),
});

/** The certificate that the key would fit, if it is in the set. */
function ownerOfKey({ key }: Use, files: readonly FileFact[]): string {
  const fingerprint = key?.file && keysIn(key.file)[0]?.publicKeySha256;
  const owner = files.find(
    (file) =>
      certificatesIn(file)[0]?.publicKey.sha256 === fingerprint && fingerprint !== undefined,
  );
  return owner === undefined ? 'the key of no certificate in this set' : `the key of ${owner.path}`;
}

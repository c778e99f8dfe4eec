import { defineCheck } from '../../model/check.ts';
import { describePair, examinePair, readablePairsOf, loadingRules } from '../support/pair-check.ts';
import { etcdSecurity, goTls } from '../support/references.ts';

export const encryptedPrivateKey = defineCheck({
  id: 'encrypted-private-key',
  title: 'Private key is encrypted with a passphrase',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd and its clients cannot ask for a passphrase, and fail with "failed to parse private key". On ' +
    'the client port this happens only after the member has joined the cluster.',
  remediation:
    'Write the key without its passphrase (`openssl pkey -in KEY -out NEW`) and protect it with its ' +
    'permissions: `chmod 600`, owned by the account that etcd runs as.',
  references: [goTls, etcdSecurity],

  explains: loadingRules,
  needs: ['files', 'members', 'clients'],

  targets: readablePairsOf,

  examine: (pair) =>
    examinePair(pair, 'encrypted-key', () => ({
      message: `the key of the ${describePair(pair)} is encrypted, and etcd cannot ask for its passphrase`,
      expected: 'a key without passphrase',
      actual: 'an encrypted key',
    })),
});

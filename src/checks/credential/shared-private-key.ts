import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../support/references.ts';
import { ownersOf } from '../../deployment/sharing.ts';
import { credentialsOf, fileTarget } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';

export const sharedPrivateKey = defineCheck({
  id: 'shared-private-key',
  title: 'Different certificates use the same key',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Certificates that share a key are one secret: its holder can impersonate each owner, and reissuing a ' +
    'certificate after a leak changes nothing while the key stays.',
  remediation:
    'Create a new key for each owner and reissue the certificates, one member at a time.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    [...groupBy(credentialsOf(facts), ({ leaf }) => leaf.publicKey.sha256).values()].map(
      (together) => ({
        target: fileTarget(
          together[0].file,
          together.flatMap(({ uses }) => uses),
        ),
        together,
      }),
    ),

  examine({ together }) {
    const { members, clients } = ownersOf(together.flatMap(({ uses }) => uses));
    const certificates = new Set(together.map(({ leaf }) => leaf.sha256));
    // One owner may renew a certificate and keep its key; one certificate in many places is another finding.
    if (certificates.size < 2 || members.length + clients.length < 2) return pass;

    return fail({
      message: `${enumerate([...members, ...clients])} have certificates with the same key`,
      expected: 'a key for each of them',
      actual: enumerate(together.map(({ file }) => file.path)),
    });
  },
});

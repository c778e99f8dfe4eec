import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../support/references.ts';
import { credentialsOf, describeUses, fileTarget } from '../../deployment/certificate-uses.ts';
import { ownersOf } from '../../deployment/sharing.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';

export const sharedCertificate = defineCheck({
  id: 'shared-certificate',
  title: 'Several members use the same certificate and key',
  severity: 'medium',
  rationale:
    'The key of one host can be used to impersonate every member, and the certificate cannot be replaced ' +
    'or revoked for one member alone. Its SANs must name every host, which also hides the origin of a ' +
    'connection.',
  remediation:
    'Issue each member its own certificate, with its own key and names, and install them one member at a ' +
    'time.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    [...groupBy(credentialsOf(facts), ({ leaf }) => leaf.sha256).values()].map((together) => ({
      target: fileTarget(
        together[0].file,
        together.flatMap(({ uses }) => uses),
      ),
      uses: together.flatMap(({ uses }) => uses),
    })),

  examine({ uses }) {
    const owners = ownersOf(uses);
    if (owners.members.length < 2) return pass;

    return fail({
      message: `${enumerate([...owners.members, ...owners.clients])} use the same certificate and key`,
      expected: 'a certificate and key for each member',
      actual: `one file, the ${describeUses(uses)}`,
    });
  },
});

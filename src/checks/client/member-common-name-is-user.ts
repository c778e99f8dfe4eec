import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdAuthentication } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const memberCommonNameIsUser = defineCheck({
  id: 'member-common-name-is-user',
  title: 'Member certificate has the common name of a client',
  severity: 'medium',
  rationale:
    'With users and roles enabled the common name is the user. A member certificate with the name of a ' +
    'client gives every etcd host the rights of that client, and up to 3.3.10 gave them to every request ' +
    'through the JSON gateway (CVE-2018-16886).',
  remediation:
    'Reissue the member certificate with a common name that is not a user, or with none: TLS uses only ' +
    'the names in the SANs.',
  references: [etcdAuthentication, 'https://nvd.nist.gov/vuln/detail/CVE-2018-16886'],

  needs: ['files', 'members', 'clients'],

  targets(facts) {
    const clients = credentialsOf(facts, 'client').filter(({ uses }) =>
      uses.every(({ member }) => member === undefined),
    );
    const users = new Map(
      clients.map(({ leaf, file }) => [leaf.subject.commonName ?? '', file.path]),
    );
    return credentialsOf(facts, 'server', 'peer', 'self-dial', 'peer-dial').map((credential) => ({
      ...credential,
      user: users.get(credential.leaf.subject.commonName ?? ''),
    }));
  },

  examine({ leaf, uses, user }) {
    const name = leaf.subject.commonName ?? '';
    if (name === '' || user === undefined) return pass;

    return fail({
      message: `the ${describeUses(uses)} has the common name ${name}, which is also that of a client`,
      expected: 'a common name that no client has',
      actual: `${leaf.subject.text}, as in ${user}`,
    });
  },
});

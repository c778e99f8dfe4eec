import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdAuthentication } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const commonNameIsRoot = defineCheck({
  id: 'common-name-is-root',
  title: 'A certificate has the common name root',
  severity: 'medium',
  rationale:
    'With users and roles switched on and `--client-cert-auth` set, the common name is the user: whoever ' +
    'holds this certificate is the administrator of etcd, without a password, until it expires.',
  remediation:
    'Issue the client a certificate with a common name of its own and give that user only the role it ' +
    'needs. Keep one with `CN=root` for emergencies, short-lived and off the hosts.',
  references: [etcdAuthentication],
  standards: [],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts),

  examine({ leaf, uses }) {
    if (leaf.subject.commonName !== 'root') return pass;

    return fail({
      message: `the ${describeUses(uses)} is a key to everything once users and roles are switched on`,
      expected: 'a common name that is an ordinary user, or none',
      actual: leaf.subject.text,
    });
  },
});

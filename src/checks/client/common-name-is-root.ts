import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdAuthentication } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const commonNameIsRoot = defineCheck({
  id: 'common-name-is-root',
  title: 'Certificate has the common name root',
  severity: 'medium',
  rationale:
    'With users and roles enabled and `--client-cert-auth` set, the common name is the user: the holder ' +
    'of this certificate is the administrator of etcd, without a password, until it expires.',
  remediation:
    'Issue the client a certificate with its own common name and give that user only the role it needs. ' +
    'Keep a certificate with `CN=root` for emergencies only, short-lived and off the hosts.',
  references: [etcdAuthentication],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts),

  examine({ leaf, uses }) {
    if (leaf.subject.commonName !== 'root') return pass;

    return fail({
      message: `the ${describeUses(uses)} has full access once users and roles are enabled`,
      expected: 'a common name that is an ordinary user, or none',
      actual: leaf.subject.text,
    });
  },
});

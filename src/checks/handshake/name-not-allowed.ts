import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const nameNotAllowed = defineCheck({
  id: 'name-not-allowed',
  title: 'Members reject each other because of allowed names',
  severity: 'high',
  rationale:
    'etcd applies `--peer-cert-allowed-cn` and `--peer-cert-allowed-hostname` to incoming and outgoing ' +
    'peer connections. A certificate that does not match isolates its member in both directions; on the ' +
    'client port an allowed host name always breaks the JSON gateway.',
  remediation:
    'Set the same allowed names on every member, and issue all peer certificates with one of them before ' +
    'enabling the setting. Until then keep at least a quorum of members without it.',
  references: [etcdSecurity, etcdListener],

  explains: ['etcd.name-not-allowed'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.name-not-allowed'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} has none of the allowed names`,
      expected: 'a common name or host name on the list',
      actual: blamed.credential?.leaf.subject.text ?? 'another name',
    }),
});

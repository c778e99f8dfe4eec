import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const nameNotAllowed = defineCheck({
  id: 'name-not-allowed',
  title: 'Members refuse each other by their allowed names',
  severity: 'high',
  rationale:
    '`--peer-cert-allowed-cn` and `--peer-cert-allowed-hostname` are held against peers that dial ' +
    'and against peers that are dialled. A certificate that does not match isolates its member in ' +
    'both directions; on the client port an allowed host name breaks the JSON gateway always.',
  remediation:
    'Set the same allowed names on every member, and issue all peer certificates with one of them, ' +
    'before the setting is switched on. Keep at least a quorum of members without the setting until ' +
    'then.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  explains: ['etcd.name-not-allowed'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.name-not-allowed'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} has none of the names that are allowed`,
      expected: 'a common name or host name on the list',
      actual: blamed.credential?.leaf.subject.text ?? 'another name',
    }),
});

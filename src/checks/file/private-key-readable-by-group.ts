import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { keyFilesWithMode, showMode } from '../support/modes.ts';
import { etcdSecurity } from '../support/references.ts';

export const privateKeyReadableByGroup = defineCheck({
  id: 'private-key-readable-by-group',
  title: 'Private key is readable by a group',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'Every member of the group can act as the owner of the key. This may be intended (a group for etcd ' +
    'and its backup job), but the benchmarks require 600.',
  remediation: 'Run `chmod 600` on the key file and make the account that etcd runs as its owner.',
  references: [etcdSecurity],
  standards: [...cis('1.1.21'), ...stig('V-242467')],

  needs: ['files'],

  // A key that every user can read is another check's finding.
  targets: (facts) => keyFilesWithMode(facts).filter(({ mode }) => (mode & 0o007) === 0),

  examine({ target, mode }) {
    if ((mode & 0o070) === 0) return pass;

    return fail({
      message: `a group has access to the private key ${target.name}`,
      expected: 'mode 0600',
      actual: `mode ${showMode(mode)}`,
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { filesWithMode, showMode } from '../support/modes.ts';
import { etcdSecurity } from '../support/references.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';

export const certificateWritableByOthers = defineCheck({
  id: 'certificate-writable-by-others',
  title: 'Everybody on the host can change a certificate file',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Whoever can write a trusted CA file decides whom etcd lets in after its next restart; whoever can ' +
    'write a certificate file can take the member off the network at once.',
  remediation: 'Run `chmod 644` (or 600) on the file and make root its owner.',
  references: [etcdSecurity],
  standards: [...cis('1.1.20'), ...stig('V-242466')],

  needs: ['files'],

  targets: (facts) => filesWithMode(facts, (file) => certificatesIn(file).length > 0),

  examine({ mode }) {
    if ((mode & 0o002) === 0) return pass;

    return fail({
      message: 'everybody on the host can replace these certificates',
      expected: 'mode 0644 or stricter',
      actual: `mode ${showMode(mode)}`,
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { filesWithMode, showMode } from '../support/modes.ts';
import { etcdSecurity } from '../support/references.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';

export const certificateWritableByOthers = defineCheck({
  id: 'certificate-writable-by-others',
  title: 'Certificate file is writable by other users',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Write access to a trusted CA file decides which certificates etcd accepts after its next restart; ' +
    'write access to a certificate file can take the member off the network at once.',
  remediation: 'Run `chmod 644` (or 600) on the file and make root its owner.',
  references: [etcdSecurity],
  standards: [...cis('1.1.20'), ...stig('V-242466')],

  needs: ['files'],

  targets: (facts) => filesWithMode(facts, (file) => certificatesIn(file).length > 0),

  examine({ target, mode }) {
    if ((mode & 0o002) === 0) return pass;

    return fail({
      message: `other users of the host can replace the certificates in ${target.name}`,
      expected: 'mode 0644 or stricter',
      actual: `mode ${showMode(mode)}`,
    });
  },
});

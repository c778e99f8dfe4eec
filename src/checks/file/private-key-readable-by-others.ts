import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { keyFilesWithMode, showMode } from '../support/modes.ts';
import { etcdSecurity } from '../support/references.ts';

export const privateKeyReadableByOthers = defineCheck({
  id: 'private-key-readable-by-others',
  title: 'Private key is readable by other users',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'etcd keys have no passphrase, because etcd cannot ask for one: only the permissions of the file ' +
    'protect them. Any account or container that can read the file can act as the member or client.',
  remediation:
    'Run `chmod 600` on the key file, make the account that etcd runs as its owner, and reissue the ' +
    'certificate with a new key if others may have read it.',
  references: [etcdSecurity],
  standards: [...cis('1.1.21'), ...stig('V-242467')],

  needs: ['files'],

  targets: keyFilesWithMode,

  examine({ target, mode }) {
    if ((mode & 0o007) === 0) return pass;

    return fail({
      message: `other users of the host have access to the private key ${target.name}`,
      expected: 'mode 0600',
      actual: `mode ${showMode(mode)}`,
    });
  },
});

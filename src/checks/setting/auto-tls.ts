import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { listenersOf, showOrigin } from '../../deployment/listeners.ts';
import { droppedBy } from '../support/settings-problems.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const autoTls = defineCheck({
  id: 'auto-tls',
  title: 'Client port uses a certificate that etcd generated',
  severity: 'medium',
  onceRunning: true,
  rationale:
    '`--auto-tls` replaces every TLS setting of the client port, including client authentication. The ' +
    'self-signed certificate cannot be verified, so clients have to skip verification, and etcd never ' +
    'renews it: the one in the data directory stays in use after it has expired.',
  remediation:
    'Give the port a certificate of your CA with `--cert-file` and `--key-file`, set `--trusted-ca-file` ' +
    'and `--client-cert-auth`, remove `--auto-tls`, and restart the members one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.3'), ...stig('V-242379')],

  explains: ['etcd.generated-certificate'],
  needs: ['members'],

  targets: (facts) => listenersOf(facts, 'client'),

  examine({ member, tls }) {
    if (tls.certificate !== 'generated') return pass;

    const setting = member.settings.client.autoTls;
    return fail({
      about: [aboutSetting(member.name, 'auto-tls')],
      message: `the client port of ${member.name} serves a self-signed certificate that clients cannot verify`,
      expected: '--cert-file and --key-file',
      actual: setting === undefined ? '--auto-tls' : showOrigin(setting.origin),
      ...droppedBy('auto-tls', member),
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { listenersOf, showOrigin } from '../../deployment/listeners.ts';
import { droppedBy } from '../support/settings-problems.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerAutoTls = defineCheck({
  id: 'peer-auto-tls',
  title: 'Peer port uses a certificate that etcd generated',
  severity: 'high',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'With `--peer-auto-tls` members encrypt but do not verify each other: any host on the path can ' +
    'intercept, read and change every write.',
  remediation:
    'Give each member a peer certificate with `--peer-cert-file` and `--peer-key-file`, set ' +
    '`--peer-trusted-ca-file` and `--peer-client-cert-auth`, and remove `--peer-auto-tls`. Members with ' +
    'old and new settings cannot connect to each other: plan a short stop of the whole cluster.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.6'), ...stig('V-242380')],

  explains: ['etcd.generated-certificate'],
  needs: ['members'],

  targets: (facts) => listenersOf(facts, 'peer'),

  examine({ member, tls }) {
    if (tls.certificate !== 'generated') return pass;

    const setting = member.settings.peer.autoTls;
    return fail({
      about: [aboutSetting(member.name, 'peer-auto-tls')],
      message: `${member.name} does not verify its peers and serves a certificate that etcd generated`,
      expected: '--peer-cert-file and --peer-key-file',
      actual: setting === undefined ? '--peer-auto-tls' : showOrigin(setting.origin),
      ...droppedBy('peer-auto-tls', member),
    });
  },
});

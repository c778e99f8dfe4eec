import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { listenersOf, showOrigin } from '../../deployment/listeners.ts';
import { etcdListener, goTls } from '../support/references.ts';

export const anySystemAuthorityAdmitted = defineCheck({
  id: 'any-system-authority-admitted',
  title: 'Any certificate from a CA in the system trust store is accepted',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'With client authentication and no trusted CA file, Go verifies clients against the system trust ' +
    'store. Anyone with a client certificate of a public CA is accepted, while clients of your own CA are ' +
    'rejected.',
  remediation:
    'Set `--trusted-ca-file` (`--peer-trusted-ca-file` for peers) to the CA that issues your clients, and ' +
    'restart the members one at a time.',
  references: [etcdListener, goTls],
  standards: [...cis('2.2'), ...cis('2.5'), ...stig('V-242423', 'V-242426')],

  explains: ['x509.system-roots'],
  needs: ['members'],

  targets: (facts) =>
    [...listenersOf(facts, 'client'), ...listenersOf(facts, 'peer')].map((listener) => ({
      ...listener,
      target: { ...listener.target, name: `${listener.member.name} ${listener.tls.listener} port` },
    })),

  examine({ member, tls }) {
    const asks = tls.encryptedUrls.length > 0 && tls.clientAuthentication === 'system-roots';
    if (!asks) return pass;

    const isPeer = tls.listener === 'peer';
    const setting = member.settings[isPeer ? 'peer' : 'client'].clientCertAuth;
    return fail({
      about: [aboutSetting(member.name, isPeer ? 'peer-trusted-ca-file' : 'trusted-ca-file')],
      message: `the ${tls.listener} port of ${member.name} accepts any certificate from a CA in the system trust store`,
      expected: isPeer ? '--peer-trusted-ca-file' : '--trusted-ca-file',
      actual: `${setting === undefined ? 'client authentication' : showOrigin(setting.origin)} and no CA file`,
    });
  },
});

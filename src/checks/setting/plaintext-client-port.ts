import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { openScheme } from '../support/open-scheme.ts';
import { plaintextListeners, showOrigin } from '../../deployment/listeners.ts';
import { etcdConfiguration, etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const plaintextClientPort = defineCheck({
  id: 'plaintext-client-port',
  title: 'Client port is served without TLS',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'Anyone who can reach an http URL can read and write every key, and anyone on the network path can ' +
    'read the traffic. Certificates and `--client-cert-auth` have no effect on that URL; etcd only logs a ' +
    'warning.',
  remediation:
    'Change the scheme in `--listen-client-urls` and `--advertise-client-urls` to https and restart the ' +
    'members one at a time. Move clients over first by listening on both.',
  references: [etcdConfiguration, etcdSecurity],
  standards: [...cis('2.1'), ...stig('V-242427', 'V-242428')],

  explains: ['tls.tls-to-plaintext'],
  needs: ['members'],

  targets: (facts) => plaintextListeners(facts, 'client', 'network'),

  examine({ open, member }) {
    if (open.length === 0) return pass;
    if (member.settings.listenClientUrls.origin.via === 'assumed')
      return openScheme(member.name, 'client');

    return fail({
      about: [aboutSetting(member.name, 'listen-client-urls')],
      message: `anyone who can reach ${enumerate(open)} can read and write all keys`,
      expected: 'https',
      actual: showOrigin(member.settings.listenClientUrls.origin),
    });
  },
});

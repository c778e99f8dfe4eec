import { defineCheck, fail, pass } from '../../model/check.ts';
import { isUnseen, plaintextListeners, showOrigin } from '../../deployment/listeners.ts';
import { etcdConfiguration } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const plaintextClientPortOnLoopback = defineCheck({
  id: 'plaintext-client-port-on-loopback',
  title: 'Client port is served without TLS on loopback',
  severity: 'medium',
  onceRunning: true,
  rationale:
    'Every account and every container in the host network can read and write all keys without a ' +
    'certificate. Tunnels and server-side request forgery reach loopback too.',
  remediation:
    'Listen with https on loopback as well, with 127.0.0.1 in the SAN, and give local scripts a client ' +
    'certificate.',
  references: [etcdConfiguration],

  needs: ['members'],

  targets: (facts) =>
    plaintextListeners(facts, 'client', 'loopback').filter(
      ({ member }) => !isUnseen(member, member.settings.listenClientUrls),
    ),

  examine({ open, member }) {
    if (open.length === 0) return pass;

    return fail({
      message: `any process on the host can read and write all keys through ${enumerate(open)}`,
      expected: 'https',
      actual: showOrigin(member.settings.listenClientUrls.origin),
    });
  },
});

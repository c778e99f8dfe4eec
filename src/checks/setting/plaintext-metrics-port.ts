import { defineCheck, fail, pass } from '../../model/check.ts';
import { plaintextListeners, showOrigin } from '../../deployment/listeners.ts';
import { etcdConfiguration } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const plaintextMetricsPort = defineCheck({
  id: 'plaintext-metrics-port',
  title: 'Metrics are served to the network without TLS',
  severity: 'low',
  onceRunning: true,
  rationale:
    'The metrics contain the versions of etcd and Go, the ids of the members, and the sizes and rates of ' +
    'the data: no keys, but information that helps an attacker.',
  remediation:
    'Listen on 127.0.0.1 only, or with https, which uses the certificate and client authentication of the ' +
    'client port. On an https metrics URL the SANs of the client must name its source address.',
  references: [etcdConfiguration],

  needs: ['members'],

  targets: (facts) => plaintextListeners(facts, 'metrics', 'network'),

  examine({ open, member }) {
    if (open.length === 0) return pass;

    const setting = member.settings.listenMetricsUrls;
    return fail({
      message: `anyone who can reach ${enumerate(open)} can read the metrics`,
      expected: 'a loopback address, or https',
      actual: setting === undefined ? enumerate(open) : showOrigin(setting.origin),
    });
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { etcdSecurity } from '../support/references.ts';
import { portNamed } from '../support/subjects.ts';

export const endpointWithoutTls = defineCheck({
  id: 'endpoint-without-tls',
  title: 'Port answers without TLS',
  severity: 'critical',
  decidedBy: 'observation',
  effect: 'admits-outsiders',
  rationale:
    'Anyone who can reach the port can use etcd without a certificate, and anyone on the network path can ' +
    'read the traffic. etcd serves http and https on the same port if its listen URLs contain both.',
  remediation:
    'Remove the http URLs from `--listen-client-urls` and `--listen-peer-urls`, and restart the members ' +
    'one at a time. If the answer does not come from etcd, correct the endpoint.',
  references: [etcdSecurity],
  standards: [...cis('2.1'), ...cis('2.4'), ...stig('V-242428', 'V-242432')],

  needs: ['endpoints'],

  targets: ({ endpoints }) =>
    endpoints.filter(
      ({ endpoint, speaks }) => endpoint.serves !== 'metrics' && speaks !== 'unreachable',
    ),

  examine(observed) {
    if (observed.plaintext === 'answered') {
      return fail({
        message: `${portNamed(observed.endpoint)} answers plain HTTP, so no certificate is needed`,
        expected: 'TLS only',
        actual: 'an answer to GET /version without TLS',
      });
    }
    // A response that is not etcd's admits no client, and is a finding about the endpoint.
    return pass;
  },
});

import { defineCheck, fail, pass } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { etcdSecurity } from '../support/references.ts';

export const endpointWithoutTls = defineCheck({
  id: 'endpoint-without-tls',
  title: 'A port answers without TLS',
  severity: 'critical',
  effect: 'admits-outsiders',
  rationale:
    'Whoever reaches the port talks to etcd without a certificate, and whoever sees the traffic reads it. ' +
    'etcd serves http and https on one port where both are in its listen URLs.',
  remediation:
    'Take the http URLs out of `--listen-client-urls` and `--listen-peer-urls`, and restart the members ' +
    'one at a time. If the answer is not from etcd, correct the endpoint.',
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
        message: 'etcd answers plain HTTP here, so a certificate is not needed',
        expected: 'TLS only',
        actual: 'an answer to GET /version without TLS',
      });
    }
    // What is not etcd's answer lets nobody in, and is a finding about the endpoint.
    return pass;
  },
});

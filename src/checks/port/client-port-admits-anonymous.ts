import { defineCheck } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessOf, judgeAccess, anonymousIntruder } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const clientPortAdmitsAnonymous = defineCheck({
  id: 'client-port-admits-anonymous',
  title: 'Client port accepts anonymous connections',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'A certificate and key encrypt the port but do not authenticate clients: anyone who can reach the ' +
    'port can read, change and delete every key, including every Kubernetes secret. The cluster reports ' +
    'healthy all the while.',
  remediation:
    'Set `--trusted-ca-file` (ETCD_TRUSTED_CA_FILE) to the CA of your clients and `--client-cert-auth` ' +
    '(ETCD_CLIENT_CERT_AUTH=true). Give every client its certificate first, then restart the members one ' +
    'at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.2'), ...stig('V-242423')],

  decidedBy: 'forecast',
  needs: ['forecast'],
  welcomes: ['admissions', 'members'],

  targets: (facts) => accessOf(facts, anonymousIntruder('client')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'accepts anonymous connections: anyone can read and write every key',
      observed: 'answered a request without a client certificate',
      expected: 'a client certificate is required (--trusted-ca-file and --client-cert-auth)',
    }),
});

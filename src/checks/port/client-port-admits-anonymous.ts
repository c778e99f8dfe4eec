import { defineCheck } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessOf, judgeAccess, nobody } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const clientPortAdmitsAnonymous = defineCheck({
  id: 'client-port-admits-anonymous',
  title: 'The client port is open to anyone',
  severity: 'critical',
  effect: 'admits-outsiders',
  rationale:
    'Certificate and key alone encrypt the port and ask nobody who they are: whoever reaches it can ' +
    'read, change and delete every key, for Kubernetes every secret. The cluster is healthy all the while.',
  remediation:
    'Set `--trusted-ca-file` (ETCD_TRUSTED_CA_FILE) to the CA of your clients and `--client-cert-auth` ' +
    '(ETCD_CLIENT_CERT_AUTH=true), give every client its certificate first, then restart the members one ' +
    'at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.2'), ...stig('V-242423')],

  needs: ['forecast'],
  welcomes: ['admissions'],

  targets: (facts) => accessOf(facts, nobody('client')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'the client port is encrypted and open to anyone, for reading and writing',
      observed: 'the client port answered a request that carried no client certificate',
      expected: 'a client certificate is demanded (--trusted-ca-file and --client-cert-auth)',
    }),
});

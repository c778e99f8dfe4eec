import { defineCheck } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessBeyond, foreigner, judgeAccess, nobody } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const clientPortAdmitsForeign = defineCheck({
  id: 'client-port-admits-foreign',
  title: 'The client port lets in a certificate of a foreign CA',
  severity: 'critical',
  effect: 'admits-outsiders',
  rationale:
    'The port asks for a certificate and does not mind who issued it: whoever makes one in a minute can ' +
    'read and write every key. A proxy in front that ends TLS, or a CA file with too much in it, does this.',
  remediation:
    'Keep only the CA of your clients in `--trusted-ca-file`, let no proxy end TLS in front of etcd, and ' +
    'restart the members one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.2'), ...stig('V-242423')],

  needs: ['forecast'],
  welcomes: ['admissions'],

  targets: (facts) => accessBeyond(facts, foreigner('client'), nobody('client')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'the client port lets in certificates of a foreign CA',
      observed:
        'the client port answered a request with a certificate of a CA made up for this audit',
      expected: 'only certificates of the CA in --trusted-ca-file',
    }),
});

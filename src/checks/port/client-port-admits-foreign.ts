import { defineCheck } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import {
  accessBeyond,
  foreignIntruder,
  judgeAccess,
  anonymousIntruder,
} from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const clientPortAdmitsForeign = defineCheck({
  id: 'client-port-admits-foreign',
  title: 'Client port accepts certificates of any CA',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'The port requires a certificate but does not check who issued it: anyone can create one and read and ' +
    'write every key. A proxy that terminates TLS in front of etcd, or a trusted CA file with too many ' +
    'CAs, causes this.',
  remediation:
    'Keep only the CA of your clients in `--trusted-ca-file`, do not terminate TLS in front of etcd, and ' +
    'restart the members one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.2'), ...stig('V-242423')],

  decidedBy: 'forecast',
  needs: ['forecast'],
  welcomes: ['admissions', 'members'],

  targets: (facts) => accessBeyond(facts, foreignIntruder('client'), anonymousIntruder('client')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'accepts certificates of an unrelated CA',
      observed: 'answered a request that presented a certificate of a CA created for this audit',
      expected: 'only certificates of the CA in --trusted-ca-file',
    }),
});

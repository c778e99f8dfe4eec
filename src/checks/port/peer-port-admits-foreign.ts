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

export const peerPortAdmitsForeign = defineCheck({
  id: 'peer-port-admits-foreign',
  title: 'Peer port accepts certificates of any CA',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'The port requires a certificate but does not check who issued it: anyone can create one, act as a ' +
    'member and download all data.',
  remediation:
    'Keep only the CA of the members in `--peer-trusted-ca-file`, do not terminate TLS in front of the ' +
    'port, and restart the members one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.5'), ...stig('V-242426')],

  decidedBy: 'forecast',
  needs: ['forecast'],
  welcomes: ['admissions', 'members'],

  targets: (facts) => accessBeyond(facts, foreignIntruder('peer'), anonymousIntruder('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'accepts certificates of an unrelated CA',
      observed: 'answered a request that presented a certificate of a CA created for this audit',
      expected: 'only certificates of the CA in --peer-trusted-ca-file',
    }),
});

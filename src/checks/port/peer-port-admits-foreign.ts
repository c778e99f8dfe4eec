import { defineCheck } from '../../model/check.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessBeyond, foreigner, judgeAccess, nobody } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerPortAdmitsForeign = defineCheck({
  id: 'peer-port-admits-foreign',
  title: 'The peer port lets in a certificate of a foreign CA',
  severity: 'critical',
  effect: 'admits-outsiders',
  rationale:
    'The port asks for a certificate and does not mind who issued it: whoever makes one can speak raft as ' +
    'if he were a member and fetch all data.',
  remediation:
    'Keep only the CA of the members in `--peer-trusted-ca-file`, let no proxy end TLS in front of the ' +
    'port, and restart the members one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.5'), ...stig('V-242426')],

  needs: ['forecast'],
  welcomes: ['admissions'],

  targets: (facts) => accessBeyond(facts, foreigner('peer'), nobody('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'the peer port lets in certificates of a foreign CA',
      observed:
        'the peer port answered a request with a certificate of a CA made up for this audit',
      expected: 'only certificates of the CA in --peer-trusted-ca-file',
    }),
});

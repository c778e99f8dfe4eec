import { defineCheck } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessOf, judgeAccess, anonymousIntruder } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerPortAdmitsAnonymous = defineCheck({
  id: 'peer-port-admits-anonymous',
  title: 'Peer port accepts anonymous connections',
  severity: 'critical',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'Anyone who can reach the port can act as a member: list the members, download a snapshot of all ' +
    'data, and send raft messages to the cluster.',
  remediation:
    'Set `--peer-trusted-ca-file` and `--peer-client-cert-auth` (ETCD_PEER_CLIENT_CERT_AUTH=true) on one ' +
    'member at a time; every peer certificate needs `clientAuth` first.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.5'), ...stig('V-242426')],

  explains: ['x509.system-roots'],
  decidedBy: 'forecast',
  needs: ['forecast'],
  welcomes: ['admissions', 'members'],

  targets: (facts) => accessOf(facts, anonymousIntruder('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'accepts anonymous connections',
      observed: 'answered a request without a certificate',
      // Without a CA of its own the member verifies its peers by the operating system, too.
      about:
        access.target.member === undefined
          ? []
          : [aboutSetting(access.target.member, 'peer-trusted-ca-file')],
      expected:
        'a client certificate is required (--peer-trusted-ca-file and --peer-client-cert-auth)',
    }),
});

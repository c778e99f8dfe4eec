import { defineCheck } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { accessOf, judgeAccess, nobody } from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerPortAdmitsAnonymous = defineCheck({
  id: 'peer-port-admits-anonymous',
  title: 'The peer port is open to anyone',
  severity: 'critical',
  effect: 'admits-outsiders',
  rationale:
    'Whoever reaches the port can speak raft as if he were a member: list the members, fetch a snapshot of ' +
    'all data, feed the cluster messages of his own.',
  remediation:
    'Set `--peer-trusted-ca-file` and `--peer-client-cert-auth` (ETCD_PEER_CLIENT_CERT_AUTH=true) on one ' +
    'member after the other; every peer certificate needs `clientAuth` first.',
  references: [etcdSecurity, etcdListener],
  standards: [...cis('2.5'), ...stig('V-242426')],

  explains: ['x509.system-roots'],
  needs: ['forecast'],
  welcomes: ['admissions'],

  targets: (facts) => accessOf(facts, nobody('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'the peer port is open to anyone',
      observed: 'the peer port answered a request that carried no certificate',
      // Without a CA of its own the member verifies its peers by the operating system, too.
      about:
        access.target.member === undefined
          ? []
          : [aboutSetting(access.target.member, 'peer-trusted-ca-file')],
      expected: 'a certificate is demanded (--peer-trusted-ca-file and --peer-client-cert-auth)',
    }),
});

import { defineCheck } from '../../model/check.ts';
import {
  accessBeyond,
  clientAtPeerPort,
  foreignIntruder,
  judgeAccess,
  anonymousIntruder,
} from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerPortAdmitsClient = defineCheck({
  id: 'peer-port-admits-client',
  title: 'Peer port accepts client certificates',
  severity: 'medium',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'With one CA for peers and clients and no list of allowed names, any client certificate is accepted ' +
    'on the peer port, where it can list the members and download a snapshot of all data. Without users ' +
    'and roles every client is an administrator anyway; with them, this port bypasses them.',
  remediation:
    'Issue the peer certificates from a CA of their own and set `--peer-trusted-ca-file` to that CA ' +
    'alone, or give the peer certificates a common name of their own and set `--peer-cert-allowed-cn`. ' +
    'When changing the CA, trust both CAs while the members are restarted one at a time.',
  references: [etcdSecurity, etcdListener],

  decidedBy: 'forecast',
  needs: ['forecast'],
  welcomes: ['admissions', 'members'],

  targets: (facts) =>
    accessBeyond(facts, clientAtPeerPort, anonymousIntruder('peer'), foreignIntruder('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'accepts a client certificate as that of a member',
      observed: 'answered a request that presented a client certificate',
      expected: 'only certificates of members (a CA for peers alone, or --peer-cert-allowed-cn)',
    }),
});

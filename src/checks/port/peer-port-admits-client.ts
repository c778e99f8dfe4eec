import { defineCheck } from '../../model/check.ts';
import {
  accessBeyond,
  clientAtPeerPort,
  foreigner,
  judgeAccess,
  nobody,
} from '../support/port-access.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const peerPortAdmitsClient = defineCheck({
  id: 'peer-port-admits-client',
  title: 'The peer port is open to client certificates',
  severity: 'medium',
  effect: 'admits-outsiders',
  rationale:
    'With one CA for peers and clients and no list of allowed names, the certificate of any client is ' +
    'accepted on the peer port, where it lists the members and downloads a snapshot of all data. Where ' +
    "etcd's users and roles are off, every client is an administrator anyway; where they are on, this " +
    'port bypasses them.',
  remediation:
    'Issue the peer certificates from a CA of their own and name that CA alone in ' +
    '`--peer-trusted-ca-file`, or give them a common name of their own and set `--peer-cert-allowed-cn`. ' +
    'For a change of CA trust both while the members are restarted one at a time.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  needs: ['forecast'],
  welcomes: ['admissions'],

  targets: (facts) => accessBeyond(facts, clientAtPeerPort, nobody('peer'), foreigner('peer')),

  examine: (access) =>
    judgeAccess(access, {
      forecast: 'the peer port accepts a client certificate as if a member had shown it',
      observed: 'the peer port answered a request with a client certificate as if it were a member',
      expected: 'only certificates of members (a CA for peers alone, or --peer-cert-allowed-cn)',
    }),
});

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
  severity: 'high',
  rationale:
    'One CA for peers and clients, and no list of allowed names, makes every client a member: with its ' +
    'certificate it can list the members, fetch a snapshot of all data and speak raft, past every user and ' +
    'role of etcd. Clients without any SAN are not even held against their address.',
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

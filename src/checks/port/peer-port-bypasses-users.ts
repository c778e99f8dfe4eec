import { defineCheck, inconclusive } from '../../model/check.ts';
import {
  accessBeyond,
  clientAtPeerPort,
  foreigner,
  judgeAccess,
  nobody,
} from '../support/port-access.ts';
import { etcdAuthentication, etcdSecurity } from '../support/references.ts';

export const peerPortBypassesUsers = defineCheck({
  id: 'peer-port-bypasses-users',
  title: 'Client certificates bypass users and roles on the peer port',
  severity: 'high',
  effect: 'admits-outsiders',
  rationale:
    'Users and roles are checked on the client port only. On the peer port a client certificate counts as ' +
    'a member: its owner can fetch a snapshot of every key, whatever its role, and speak raft.',
  remediation:
    'Issue the peer certificates from a CA of their own and name that CA alone in ' +
    '`--peer-trusted-ca-file`, or give them a common name of their own and set `--peer-cert-allowed-cn`. ' +
    'For a change of CA trust both while the members are restarted one at a time.',
  references: [etcdAuthentication, etcdSecurity],
  standards: [],

  needs: ['forecast', 'statuses'],
  welcomes: ['admissions'],

  // Without users and roles every client is an administrator anyway.
  targets: (facts) => {
    const known = facts.statuses.flatMap(({ authEnabled }) => authEnabled ?? []);
    const isOff = known.length > 0 && !known.includes(true);
    const ports = accessBeyond(facts, clientAtPeerPort, nobody('peer'), foreigner('peer'));
    return isOff ? [] : ports.map((port) => ({ ...port, isOn: known.includes(true) }));
  },

  examine({ isOn, ...access }) {
    const verdict = judgeAccess(access, {
      forecast: 'the peer port accepts a client certificate, past all users and roles',
      observed:
        'the peer port answered a request with a client certificate, past all users and roles',
      expected: 'only certificates of members (a CA for peers alone, or --peer-cert-allowed-cn)',
    });
    return verdict.status === 'fail' && !isOn
      ? inconclusive('no member said whether users and roles are switched on')
      : verdict;
  },
});

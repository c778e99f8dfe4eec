import { defineCheck, inconclusive } from '../../model/check.ts';
import {
  accessBeyond,
  clientAtPeerPort,
  foreignIntruder,
  judgeAccess,
  anonymousIntruder,
} from '../support/port-access.ts';
import { etcdAuthentication, etcdSecurity } from '../support/references.ts';

export const peerPortBypassesUsers = defineCheck({
  id: 'peer-port-bypasses-users',
  title: 'Peer port bypasses users and roles',
  severity: 'high',
  effect: 'admits-outsiders',
  onceRunning: true,
  rationale:
    'etcd checks users and roles on the client port only. On the peer port a client certificate counts as ' +
    'a member: its holder can download a snapshot of every key, whatever its role, and send raft ' +
    'messages.',
  remediation:
    'Issue the peer certificates from a CA of their own and set `--peer-trusted-ca-file` to that CA ' +
    'alone, or give the peer certificates a common name of their own and set `--peer-cert-allowed-cn`. ' +
    'When changing the CA, trust both CAs while the members are restarted one at a time.',
  references: [etcdAuthentication, etcdSecurity],

  decidedBy: 'forecast',
  needs: ['forecast', 'statuses'],
  welcomes: ['admissions', 'members'],

  // Without users and roles every client is an administrator anyway.
  targets: (facts) => {
    const known = facts.statuses.flatMap(({ authEnabled }) => authEnabled ?? []);
    const isOff = known.length > 0 && !known.includes(true);
    const ports = accessBeyond(
      facts,
      clientAtPeerPort,
      anonymousIntruder('peer'),
      foreignIntruder('peer'),
    );
    return isOff ? [] : ports.map((port) => ({ ...port, isOn: known.includes(true) }));
  },

  examine({ isOn, ...access }) {
    const verdict = judgeAccess(access, {
      forecast: 'accepts a client certificate and bypasses users and roles',
      observed: 'answered a request that presented a client certificate, bypassing users and roles',
      expected: 'only certificates of members (a CA for peers alone, or --peer-cert-allowed-cn)',
    });
    return verdict.status === 'fail' && !isOn
      ? inconclusive('no member reported whether users and roles are enabled')
      : verdict;
  },
});

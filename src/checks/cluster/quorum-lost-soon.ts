import { defineCheck, fail, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { areTooMany } from '../../deployment/quorums.ts';
import { quorumUnknown } from '../support/quorum.ts';
import { etcdSecurity } from '../support/references.ts';
import { daysBetween, showDate } from '../support/when.ts';
import { enumerate } from '../../model/words.ts';

export const quorumLostSoon = defineCheck({
  id: 'quorum-lost-soon',
  title: 'Expiring peer certificates will cost the quorum',
  severity: 'high',
  rationale:
    'Peer certificates that were issued together expire together. From that day a lost peer connection ' +
    'cannot be re-established: the next restart or network failure stops all writes.',
  remediation:
    'Renew the peer certificates now, one member at a time: etcd loads them without a restart. If the CA ' +
    'expires, trust its successor on every member first.',
  references: [etcdSecurity],

  needs: ['members', 'forecast'],
  welcomes: ['quorumLoss'],

  targets: ({ members }) => (members.length === 0 ? [] : [{ target: wholeCluster }]),

  examine(_cluster, { facts, now, policy }) {
    if (areTooMany(facts.members)) return quorumUnknown(facts.members);
    const loss = facts.quorumLoss;
    if (loss === undefined || daysBetween(now, new Date(loss.at)) >= policy.expiryWarningDays) {
      return pass;
    }
    return fail({
      due: loss.at,
      message: `peer certificates expire and the quorum is lost on ${showDate(loss.at, now)}`,
      expected: `a quorum of valid certificates for at least ${policy.expiryWarningDays} more days`,
      actual: `expired by then: ${enumerate(loss.expired)}`,
    });
  },
});

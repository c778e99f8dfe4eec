import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, type Known, pass } from '../../model/check.ts';
import { currentLists, hasLeader, isOfRemovedMember } from '../../deployment/leaders.ts';
import { listedMembers } from '../../deployment/member-lists.ts';
import type { StatusObservation } from '../../model/live.ts';
import { enumerate } from '../../model/words.ts';
import { memberNamed } from '../support/subjects.ts';

export const noLeader = defineCheck({
  id: 'no-leader',
  title: 'Member has no leader',
  severity: 'high',
  decidedBy: 'observation',
  effect: 'stops-connections',
  rationale:
    'A member without a leader accepts no write and has only old data to read. It reaches no majority of ' +
    'the members: the others are down, or peer connections are rejected or cut.',
  remediation:
    'Start the members that are down (`systemctl status etcd` on each host). If a majority is running, ' +
    'read the logs of two of them (`journalctl -u etcd | etcd-tls-audit explain -`). `member add` and ' +
    '`member remove` need a quorum and fail until then.',
  references: ['https://etcd.io/docs/latest/op-guide/failures/'],

  needs: ['statuses'],
  welcomes: ['processes', 'memberLists'],

  // A member that was removed is a finding of its own.
  targets: ({ statuses, processes = [], memberLists = [] }) =>
    statuses
      .filter((status) => !isOfRemovedMember(status, { memberLists, statuses }))
      .map((status) => ({
        ...status,
        // A learner of 3.5 rejects the status call, but its metrics have the answer.
        isLed: processes.find(({ endpoint }) => endpoint.url === status.endpoint.url)?.hasLeader,
      })),

  examine(status, { facts }) {
    const { endpoint, outcome, code, leaderId, errors = [], isLed } = status;
    if (outcome === 'failed' && isLed === true) return pass;
    if (outcome === 'failed') return inconclusive(`the status call failed${because(code)}`);
    if (hasLeader(status) !== false) return pass;

    return fail({
      message: `${memberNamed(endpoint)} has no leader${amongOthers(status, facts)}`,
      expected: 'a leader',
      actual: errors.join('; ') || `leader ${leaderId ?? '0'}`,
      ...(areLed(status, facts).length > 0 && { fix: cutOff }),
    });
  },
});

type Facts = Known<'statuses', 'memberLists'>;

const cutOff =
  'Leave the members that have a leader as they are. Read the log of this member and of one of them ' +
  '(`journalctl -u etcd | etcd-tls-audit explain -`): a peer connection between them is rejected or cut.';

/** One member without a leader may be cut off; only a majority of them is a cluster without a quorum. */
function amongOthers(status: StatusObservation, facts: Facts): string {
  const led = areLed(status, facts);
  if (led.length > 0) {
    return `, although ${enumerate(led)} ${led.length === 1 ? 'has' : 'have'} one`;
  }
  const voters = listedMembers(currentLists(facts)).filter(({ isLearner }) => !isLearner);
  const without = new Set(
    facts.statuses.filter((each) => hasLeader(each) === false).map(({ memberId }) => memberId),
  );
  return voters.length > 0 && without.size * 2 > voters.length
    ? ', so the cluster has no quorum'
    : ': it reaches no majority of the members';
}

/** The other members of the same cluster that have a leader. */
function areLed({ clusterId, memberId }: StatusObservation, { statuses }: Facts) {
  return statuses
    .filter((other) => other.clusterId === clusterId && other.memberId !== memberId)
    .filter((other) => hasLeader(other) === true)
    .map(({ endpoint }) => memberNamed(endpoint));
}

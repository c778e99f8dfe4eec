import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { memberNamed } from '../support/subjects.ts';

export const noLeader = defineCheck({
  id: 'no-leader',
  title: 'Member has no leader',
  severity: 'high',
  decidedBy: 'observation',
  effect: 'stops-connections',
  rationale:
    'Without a leader nothing can be written, and only stale data can be read. Fewer than half of the ' +
    'members reach each other: the others are down, or peer connections are rejected.',
  remediation:
    'Start the members that are down (`systemctl status etcd` on each host). If a majority is running, ' +
    'read the logs of two of them (`journalctl -u etcd | etcd-tls-audit explain -`). `member add` and ' +
    '`member remove` need a quorum and fail until then.',
  references: ['https://etcd.io/docs/latest/op-guide/failures/'],

  needs: ['statuses'],
  welcomes: ['processes'],

  targets: ({ statuses, processes = [] }) =>
    statuses.map((status) => ({
      ...status,
      // A learner of 3.5 rejects the status call, but its metrics have the answer.
      hasLeader: processes.find(({ endpoint }) => endpoint.url === status.endpoint.url)?.hasLeader,
    })),

  examine({ endpoint, outcome, code, leaderId, errors = [], hasLeader }) {
    if (outcome === 'failed' && hasLeader === true) return pass;
    if (outcome === 'failed') return inconclusive(`the status call failed${because(code)}`);
    const isLost =
      leaderId === undefined
        ? errors.some((error) => /no leader/i.test(error))
        : /^0+$/.test(leaderId);
    if (!isLost) return pass;

    return fail({
      message: `${memberNamed(endpoint)} has no leader, so the cluster has no quorum`,
      expected: 'a leader',
      actual: errors.join('; ') || 'leader 0',
    });
  },
});

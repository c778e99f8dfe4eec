import { isOfRemovedMember } from '../../deployment/leaders.ts';
import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, pass, type Verdict } from '../../model/check.ts';
import type { ProcessObservation } from '../../model/live.ts';
import { memberNamed } from '../support/subjects.ts';

export const unhealthyMember = defineCheck({
  id: 'unhealthy-member',
  title: 'Member reports that it is not healthy',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'The member cannot write through raft: no leader, no quorum, or an alarm. If its process is running, ' +
    'rejected peer connections are the usual reason.',
  remediation:
    'Read the log of the member (`journalctl -u etcd | etcd-tls-audit explain -`); `etcdctl endpoint ' +
    'status -w table` shows the leader of each member, even without a quorum.',
  references: ['https://etcd.io/docs/latest/op-guide/monitoring/'],

  needs: ['processes'],
  welcomes: ['statuses', 'memberLists'],

  // A peer port has neither page, and a member that was removed is a finding of its own.
  targets: ({ processes, memberLists = [], statuses = [] }) =>
    processes.filter(
      (process) =>
        process.endpoint.serves !== 'peer' &&
        !isOfRemovedMember(process, { memberLists, statuses }),
    ),

  examine(observed, { facts: { statuses = [] } }) {
    const { endpoint, healthy, hasLeader } = observed;
    if (healthy === undefined && hasLeader === undefined) return neitherAnswered(observed);
    if (healthy === false) {
      const status = statuses.find((each) => each.endpoint.url === endpoint.url);
      // An alarm makes etcd say so, and is a finding of its own.
      return (status?.alarms ?? []).length > 0 ? pass : saysUnhealthy(observed);
    }
    if (healthy === true || hasLeader === true) return pass;
    return fail({
      message: `${memberNamed(endpoint)} reports in /metrics that there is no leader`,
      expected: 'etcd_server_has_leader 1',
      actual: 'etcd_server_has_leader 0',
    });
  },
});

function neitherAnswered({ pages }: ProcessObservation): Verdict {
  const code = pages.find((page) => page.outcome === 'failed')?.code;
  return inconclusive(`neither /health nor /metrics answered${because(code)}`);
}

function saysUnhealthy({ endpoint, healthReason = '' }: ProcessObservation): Verdict {
  return fail({
    message: `${memberNamed(endpoint)} reports in /health that the member is not healthy`,
    expected: 'health true',
    actual: healthReason === '' ? 'health false' : healthReason,
  });
}

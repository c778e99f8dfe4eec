import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { memberNamed } from '../support/subjects.ts';
import { alarmsReportedBy } from '../../deployment/alarms.ts';
import { listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { enumerate } from '../../model/words.ts';

export const clusterAlarm = defineCheck({
  id: 'cluster-alarm',
  title: 'Cluster has raised an alarm',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'NOSPACE stops all writes; CORRUPT means that members disagree about the data. Clients report both as ' +
    'failures that are easily mistaken for TLS problems.',
  remediation:
    'Compact, defragment one member at a time and clear a NOSPACE alarm (`etcdctl compact`, `etcdctl ' +
    'defrag`, `etcdctl alarm disarm`). For CORRUPT restore the member from the others.',
  references: ['https://etcd.io/docs/latest/op-guide/maintenance/'],

  needs: ['statuses'],
  welcomes: ['memberLists'],

  // Where a cluster answered, what others of it did not is in the answer.
  targets: ({ statuses }) => {
    const answered = statuses.filter(({ outcome }) => outcome === 'answered');
    const clusters = new Set(answered.map(({ clusterId }) => clusterId));
    return statuses.filter(({ outcome, alarms }) =>
      outcome === 'failed' ? clusters.size !== 1 : alarms !== undefined,
    );
  },

  examine(status, { facts: { statuses, memberLists = [] } }) {
    const { endpoint, outcome, code, memberId } = status;
    if (outcome === 'failed') return inconclusive(`the status call failed${because(code)}`);
    const reported = alarmsReportedBy(status, statuses);
    if (reported.length === 0) return pass;

    const nameOfId = (id: string): string => {
      if (id === memberId || memberId === undefined) return memberNamed(endpoint);
      const listed = listedMembers(memberLists).find((each) => each.id === id);
      return listed === undefined ? `member ${id}` : nameOf(listed);
    };
    const names = [...new Set(reported.map(({ alarm }) => alarm))];
    const raisers = [...new Set(reported.map((each) => nameOfId(each.memberId)))];
    return fail({
      message: `${enumerate(raisers)} ${raisers.length > 1 ? 'have' : 'has'} raised the alarm ${names.join(' and ')}`,
      expected: 'no alarm',
      actual: names.join(', '),
    });
  },
});

import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { memberNamed } from '../support/subjects.ts';

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

  // Any member lists the alarms of all.
  targets: ({ statuses }) => {
    const answered = statuses.filter(({ outcome }) => outcome === 'answered');
    const clusters = new Set(answered.map(({ clusterId }) => clusterId));
    return clusters.size === 1 ? answered : statuses;
  },

  examine({ endpoint, outcome, code, alarms, memberId, version = 'of unknown version' }) {
    if (outcome === 'failed') return inconclusive(`the status call failed${because(code)}`);
    if (alarms === undefined) return inconclusive(`etcd ${version} lists no alarms in its status`);
    const own = alarms.filter((alarm) => alarm.memberId === memberId || memberId === undefined);
    if (own.length === 0) return pass;

    const names = [...new Set(own.map(({ alarm }) => alarm))];
    return fail({
      message: `${memberNamed(endpoint)} has raised the alarm ${names.join(' and ')}`,
      expected: 'no alarm',
      actual: names.join(', '),
    });
  },
});

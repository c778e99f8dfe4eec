import { defineCheck, fail, pass } from '../../model/check.ts';

export const unhealthyMember = defineCheck({
  id: 'unhealthy-member',
  title: 'A member says that it is not healthy',
  severity: 'high',
  rationale:
    'It cannot write through raft: no leader, no quorum, or an alarm. When its process runs, refused peer ' +
    'connections are the usual reason.',
  remediation:
    'Mend the findings about peers first, then read its log (`etcd-tls-audit explain`); `etcdctl endpoint ' +
    'status -w table` shows who leads.',
  references: ['https://etcd.io/docs/latest/op-guide/monitoring/'],
  standards: [],

  needs: ['processes'],

  targets: ({ processes }) => processes.filter(({ healthy }) => healthy !== undefined),

  examine({ healthy, healthReason }) {
    if (healthy !== false) return pass;

    return fail({
      message: '/health says that it is not healthy',
      expected: 'health true',
      actual: healthReason === undefined || healthReason === '' ? 'health false' : healthReason,
    });
  },
});

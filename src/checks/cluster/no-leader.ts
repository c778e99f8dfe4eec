import { because } from '../support/unanswered.ts';
import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';

export const noLeader = defineCheck({
  id: 'no-leader',
  title: 'A member knows of no leader',
  severity: 'high',
  rationale:
    'Without a leader nothing can be written, and nothing read but stale data. When the members run, their ' +
    'peer connections are refused: look at the findings about peers first.',
  remediation:
    'Mend the peer connections that are named beside this finding, then read the logs of the members ' +
    '(`etcd-tls-audit explain`).',
  references: ['https://etcd.io/docs/latest/op-guide/failures/'],
  standards: [],

  needs: ['statuses'],

  targets: ({ statuses }) => statuses,

  examine({ outcome, code, leaderId, errors = [] }) {
    if (outcome === 'failed') return inconclusive(`the status call failed${because(code)}`);
    const isLost =
      leaderId === undefined
        ? errors.some((error) => /no leader/i.test(error))
        : /^0+$/.test(leaderId);
    if (!isLost) return pass;

    return fail({
      message: 'it knows of no leader, so the cluster has no quorum as seen from here',
      expected: 'a leader',
      actual: errors.join('; ') || 'leader 0',
    });
  },
});

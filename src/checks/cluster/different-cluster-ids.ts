import { defineCheck, fail, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { answeredLists } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, withoutMemberList } from '../support/unanswered.ts';
import { enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';

export const differentClusterIds = defineCheck({
  id: 'different-cluster-ids',
  title: 'Endpoints belong to different clusters',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'Clients with all these endpoints read and write in two clusters at random. A member that was started ' +
    'with an empty data directory and `--initial-cluster-state new` causes this, or an endpoint of ' +
    'another environment with the same CA.',
  remediation:
    'Find out which cluster holds the data (`etcdctl endpoint status -w table`), stop the stray member, ' +
    'and add it again with `etcdctl member add` and an empty data directory.',
  references: [etcdRuntimeReconfiguration],

  needs: ['memberLists'],

  targets: ({ memberLists }) => {
    const lists = answeredLists(memberLists).filter(({ clusterId }) => clusterId !== undefined);
    const known = lists.length === 0 ? [] : [{ target: wholeCluster, lists }];
    return [...withoutMemberList(memberLists), ...known];
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { lists } = subject;
    const byCluster = groupBy(
      lists,
      ({ clusterId = '' }) => clusterId,
      ({ target }) => target.name,
    );
    if (byCluster.size < 2) return pass;

    const parts = [...byCluster].map(([id, urls]) => `${id} at ${enumerate([...new Set(urls)])}`);
    return fail({
      message: `the endpoints belong to ${byCluster.size} different clusters`,
      expected: 'one cluster id',
      actual: parts.join('; '),
    });
  },
});

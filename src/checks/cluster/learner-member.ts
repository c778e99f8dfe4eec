import { defineCheck, fail, pass } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { currentLists } from '../../deployment/leaders.ts';
import { listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { isSilent, withoutMemberList } from '../support/unanswered.ts';
import { counted } from '../../model/words.ts';

export const learnerMember = defineCheck({
  id: 'learner-member',
  title: 'Member is a learner and does not vote',
  severity: 'info',
  decidedBy: 'observation',
  rationale:
    'A learner has the data but does not count for the quorum. The cluster tolerates fewer failures than ' +
    'its number of members suggests.',
  remediation: 'Promote the learner when it has caught up: `etcdctl member promote ID`.',
  references: ['https://etcd.io/docs/latest/learning/design-learner/'],

  needs: ['memberLists'],
  welcomes: ['statuses'],

  targets: ({ memberLists, statuses = [] }) => {
    const all = listedMembers(currentLists({ memberLists, statuses }));
    return [
      ...withoutMemberList(memberLists),
      ...all.map((listed) => ({
        target: { ...wholeCluster, name: `member ${nameOf(listed)}` },
        listed,
        voters: all.filter(({ isLearner }) => !isLearner).length,
      })),
    ];
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed, voters } = subject;
    if (!listed.isLearner) return pass;

    return fail({
      message: `${nameOf(listed)} is a learner`,
      expected: 'a voting member',
      actual: `a learner in addition to ${counted(voters, 'voting member')}`,
    });
  },
});

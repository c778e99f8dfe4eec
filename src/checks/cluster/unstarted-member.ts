import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';

export const unstartedMember = defineCheck({
  id: 'unstarted-member',
  title: 'A member was added and never started',
  severity: 'high',
  rationale:
    'It counts for the quorum from the moment it was added: with three members and one that never ' +
    'started, the loss of one more stops all writes. TLS settings that do not fit are the usual reason.',
  remediation:
    'Start it and read its log (`etcd-tls-audit explain`), or, as long as there is a quorum, remove it again ' +
    'with `etcdctl member remove ID`.',
  references: [etcdRuntimeReconfiguration],
  standards: [],

  needs: ['memberLists'],

  targets: ({ memberLists }) => {
    const subjects = membersInLists(memberLists);
    // Client URLs are published through raft: a list without any is of a cluster that never had a leader.
    const wasLed = subjects.some(
      (subject) => isSilent(subject) || subject.listed.clientUrls.length > 0,
    );
    return wasLed ? subjects : [];
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed } = subject;
    if (listed.name !== '' && listed.clientUrls.length > 0) return pass;

    return fail({
      message: `the member at ${listed.peerUrls.join(', ')} has never started`,
      expected: 'a name and client URLs',
      actual: `id ${listed.id} without ${listed.name === '' ? 'a name' : 'client URLs'}`,
    });
  },
});

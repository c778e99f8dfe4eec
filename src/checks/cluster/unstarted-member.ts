import { defineCheck, fail, pass } from '../../model/check.ts';
import { type EndpointObservation, isAt, type ListedMember } from '../../model/live.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';

export const unstartedMember = defineCheck({
  id: 'unstarted-member',
  title: 'Member was added and never joined',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'A member counts for the quorum from the moment it is added: with three members and one that never ' +
    'joined, the loss of one more stops all writes. Wrong TLS settings are the usual reason.',
  remediation:
    'Start the member and read its log (`journalctl -u etcd | etcd-tls-audit explain -`), or, while there ' +
    'is a quorum, remove it with `etcdctl member remove ID`.',
  references: [etcdRuntimeReconfiguration],

  needs: ['memberLists'],
  welcomes: ['endpoints', 'statuses'],

  targets: ({ endpoints = [], ...lists }) => {
    const subjects = membersInLists(lists);
    // Client URLs are published through raft: a list without any is of a cluster that never had a leader.
    const wasLed = subjects.some(
      (subject) => isSilent(subject) || subject.listed.clientUrls.length > 0,
    );
    if (!wasLed) return [];
    return subjects.map((subject) =>
      isSilent(subject) ? subject : { ...subject, answers: answersAt(subject.listed, endpoints) },
    );
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed, answers } = subject;
    if (listed.name !== '' && listed.clientUrls.length > 0) return pass;

    return fail({
      message: answers
        ? `the member at ${listed.peerUrls.join(', ')} has not joined the cluster, although a process answers there`
        : `the member at ${listed.peerUrls.join(', ')} has never started`,
      expected: 'a name and client URLs',
      actual: `id ${listed.id} without ${listed.name === '' ? 'a name' : 'client URLs'}`,
    });
  },
});

/** Whether anything listens where the member is listed. */
function answersAt({ peerUrls }: ListedMember, endpoints: readonly EndpointObservation[]): boolean {
  return endpoints.some(
    ({ endpoint, speaks }) =>
      speaks !== 'unreachable' && peerUrls.some((url) => isAt(endpoint, { url })),
  );
}

import { defineCheck, fail, pass } from '../../model/check.ts';
import { nameOf } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';

export const plaintextUrlInMemberList = defineCheck({
  id: 'plaintext-url-in-member-list',
  title: 'Member list contains http URLs',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'The member list keeps the advertised URLs whatever the listeners do. Peers connect to the http URL ' +
    'and fail or use no encryption; clients that sync their endpoints follow it and report timeouts.',
  remediation:
    'Set `--advertise-client-urls` to https and restart the member; change its peer URL with `etcdctl ' +
    'member update ID --peer-urls=https://…`. One member at a time.',
  references: [etcdRuntimeReconfiguration],

  needs: ['memberLists'],
  welcomes: ['statuses'],

  targets: membersInLists,

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed } = subject;
    const plain = [...listed.peerUrls, ...listed.clientUrls].filter((url) => /^http:/i.test(url));
    if (plain.length === 0) return pass;

    return fail({
      message: `${nameOf(listed)} advertises ${plain.join(', ')}`,
      expected: 'https URLs',
      actual: plain.join(', '),
    });
  },
});

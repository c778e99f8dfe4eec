import { defineCheck, fail, pass } from '../../model/check.ts';
import { nameOf } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';
import { hostOf } from '../../model/host.ts';

export const unknownMember = defineCheck({
  id: 'unknown-member',
  title: 'The cluster has a member that the inventory does not know',
  severity: 'medium',
  rationale:
    'Every member holds all data and counts for the quorum. One that nobody planned is a forgotten host, ' +
    'the remains of a replacement, or somebody who should not be there; its certificates were not judged.',
  remediation:
    'Find out whose it is. Give its files and settings to this audit, or remove it with ' +
    '`etcdctl member remove ID`.',
  references: [etcdRuntimeReconfiguration],
  standards: [],

  needs: ['members', 'memberLists'],

  targets: ({ members, memberLists }) => (members.length === 0 ? [] : membersInLists(memberLists)),

  examine(subject, { facts: { members } }) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed } = subject;
    const hosts = [...listed.peerUrls, ...listed.clientUrls].map(hostOf);
    const isKnown = members.some(
      ({ name, addresses, settings }) =>
        name === listed.name ||
        addresses.some((address) => hosts.includes(address)) ||
        settings.initialAdvertisePeerUrls.value.some((url) => hosts.includes(hostOf(url))),
    );
    if (isKnown) return pass;

    return fail({
      message: `nobody planned the member ${nameOf(listed)}`,
      expected: members.map(({ name }) => name).join(', '),
      actual: `${nameOf(listed)} at ${listed.peerUrls.join(', ')}, id ${listed.id}`,
    });
  },
});

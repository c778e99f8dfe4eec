import { defineCheck, fail, pass } from '../../model/check.ts';
import { nameOf } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';
import { hostOf } from '../../model/host.ts';

export const unknownMember = defineCheck({
  id: 'unknown-member',
  title: 'Cluster has a member that is not in the inventory',
  severity: 'medium',
  rationale:
    'Every member holds all data and counts for the quorum. An unplanned member is a forgotten host, the ' +
    'remains of a replacement, or an intruder; its certificates were not checked.',
  remediation:
    'Find out who owns the member. Give its files and settings to this audit, or remove it with `etcdctl ' +
    'member remove ID`.',
  references: [etcdRuntimeReconfiguration],

  decidedBy: 'comparison',
  needs: ['members', 'memberLists'],
  welcomes: ['statuses'],

  targets: (facts) =>
    facts.members.every(({ known }) => known === 'listed') ? [] : membersInLists(facts),

  examine(subject, { facts }) {
    if (isSilent(subject)) return subject.unanswered;
    const members = facts.members.filter(({ known }) => known !== 'listed');
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
      message: `member ${nameOf(listed)} is not in the inventory`,
      expected: members.map(({ name }) => name).join(', '),
      actual: `${nameOf(listed)} at ${listed.peerUrls.join(', ')}, id ${listed.id}`,
    });
  },
});

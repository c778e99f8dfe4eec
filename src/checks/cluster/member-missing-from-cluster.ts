import { defineCheck, fail, pass } from '../../model/check.ts';
import { answeredLists, listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, withoutMemberList } from '../support/unanswered.ts';
import { hostOf } from '../../model/host.ts';

export const memberMissingFromCluster = defineCheck({
  id: 'member-missing-from-cluster',
  title: 'Member of the inventory is not in the cluster',
  severity: 'high',
  rationale:
    'The cluster runs with fewer members than planned and tolerates fewer failures than expected; or its ' +
    'settings are for another cluster.',
  remediation:
    'Add the member with `etcdctl member add NAME --peer-urls=…` and start it with the settings that the ' +
    'command prints, or remove it from the inventory.',
  references: [etcdRuntimeReconfiguration],

  decidedBy: 'comparison',
  needs: ['members', 'memberLists'],

  targets: ({ members, memberLists }) => [
    ...withoutMemberList(memberLists),
    ...(answeredLists(memberLists).length === 0 ? [] : members).map((member) => ({
      ...member,
      listed: listedMembers(memberLists),
    })),
  ],

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { name, settings, addresses, listed } = subject;
    const hosts = [
      ...addresses,
      ...settings.initialAdvertisePeerUrls.value.map(hostOf),
      ...settings.advertiseClientUrls.value.map(hostOf),
    ];
    // Names differ between inventory and cluster more often than addresses do.
    const isListed = listed.some(
      (other) =>
        other.name === name ||
        [...other.peerUrls, ...other.clientUrls].some((url) => hosts.includes(hostOf(url))),
    );
    if (isListed) return pass;

    return fail({
      message: `the cluster does not list ${name} as a member`,
      expected: `${name} among the members`,
      actual: listed.map(nameOf).join(', '),
    });
  },
});

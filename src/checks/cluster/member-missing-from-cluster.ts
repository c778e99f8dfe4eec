import { defineCheck, fail, type Known, pass, type Verdict } from '../../model/check.ts';
import { currentLists, removedMembers } from '../../deployment/leaders.ts';
import { answeredLists, listedMembers, nameOf } from '../../deployment/member-lists.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { memberNamed } from '../support/subjects.ts';
import { isSilent, withoutMemberList } from '../support/unanswered.ts';
import { hostOf } from '../../model/host.ts';
import type { Member } from '../../model/inventory.ts';
import type { ListedMember } from '../../model/live.ts';

export const memberMissingFromCluster = defineCheck({
  id: 'member-missing-from-cluster',
  title: 'Member is not in the cluster',
  severity: 'high',
  rationale:
    'The cluster runs with fewer members than planned and tolerates fewer failures than expected; or its ' +
    'settings are for another cluster. A member that was removed while it was cut off from the others ' +
    'does not know of it: it runs on, and answers clients with old data or not at all.',
  remediation:
    'Add the member with `etcdctl member add NAME --peer-urls=…` and start it with the settings that the ' +
    'command prints and an empty data directory, or remove it from the inventory.',
  references: [etcdRuntimeReconfiguration],

  decidedBy: 'comparison',
  needs: ['memberLists'],
  welcomes: ['members', 'statuses'],

  targets: (facts) => [
    ...withoutMemberList(facts.memberLists),
    ...runningOn(facts),
    ...plannedMembers(facts),
  ],

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    return 'runsOn' in subject ? subject.runsOn : isListed(subject) ? pass : missing(subject);
  },
});

type Facts = Known<'memberLists', 'members' | 'statuses'>;

function runningOn(facts: Facts) {
  const actual = listedMembers(currentLists(facts)).map(nameOf).join(', ');
  const byUrl = new Map(removedMembers(facts).map((list) => [list.target.name, list]));
  return [...byUrl.values()].map(({ target, endpoint }) => {
    const name = memberNamed(endpoint);
    const runsOn: Verdict = fail({
      message: `${name} runs without a leader, and the cluster does not list it as a member`,
      expected: `${name} among the members, or stopped`,
      actual,
      cause: `${name} was removed while no other member reached it, and has not heard of it`,
      fix:
        `Stop etcd there, and take the endpoint out of the settings of clients. To take it in again: empty its ` +
        'data directory, `etcdctl member add NAME --peer-urls=…`, and start it with the settings that the command prints.',
    });
    return { target, runsOn };
  });
}

interface Planned extends Member {
  readonly listed: readonly ListedMember[];
}

function plannedMembers(facts: Facts): readonly Planned[] {
  const { memberLists, members = [] } = facts;
  if (answeredLists(memberLists).length === 0) return [];
  const listed = listedMembers(currentLists(facts));
  const removed = removedMembers(facts).flatMap(({ endpoint }) => endpoint.member ?? []);
  return members
    .filter(({ name }) => !removed.includes(name))
    .map((member) => ({ ...member, listed }));
}

/** Names differ between inventory and cluster more often than addresses do. */
function isListed({ name, addresses, settings, listed }: Planned): boolean {
  const hosts = [
    ...addresses,
    ...settings.initialAdvertisePeerUrls.value.map(hostOf),
    ...settings.advertiseClientUrls.value.map(hostOf),
  ];
  return listed.some(
    (other) =>
      other.name === name ||
      [...other.peerUrls, ...other.clientUrls].some((url) => hosts.includes(hostOf(url))),
  );
}

function missing({ name, listed }: Planned): Verdict {
  return fail({
    message: `the cluster does not list ${name} as a member`,
    expected: `${name} among the members`,
    actual: listed.map(nameOf).join(', '),
  });
}

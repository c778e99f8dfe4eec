import type { AtEndpoint, MemberListObservation, StatusObservation } from '../model/live.ts';
import { answeredLists } from './member-lists.ts';

type Status = Pick<
  StatusObservation,
  'endpoint' | 'outcome' | 'leaderId' | 'errors' | 'clusterId' | 'memberId'
>;

interface Seen {
  readonly memberLists?: readonly MemberListObservation[];
  readonly statuses?: readonly Status[];
}

/** Whether a member said that it has a leader; undefined where it did not answer. */
export function hasLeader({ outcome, leaderId, errors = [] }: Status): boolean | undefined {
  if (outcome === 'failed') return undefined;
  return leaderId === undefined
    ? !errors.some((error) => /no leader/i.test(error))
    : !/^0+$/.test(leaderId);
}

/**
 * The lists that are the cluster's of today. A member without a leader hears of no change: its list is of the day on
 * which it lost its leader, and does not count next to that of a member which has one.
 */
export function currentLists({ memberLists = [], statuses = [] }: Seen) {
  const leads = new Map(statuses.map((status) => [status.endpoint.url, hasLeader(status)]));
  const lists = answeredLists(memberLists);
  return lists.filter(
    (list) =>
      leads.get(list.endpoint.url) !== false ||
      !lists.some(
        (other) => other.clusterId === list.clusterId && leads.get(other.endpoint.url) === true,
      ),
  );
}

/** Processes of members that the cluster has removed, and that run on without having heard of it. */
export function removedMembers(seen: Seen): readonly MemberListObservation[] {
  const current = currentLists(seen);
  return answeredLists(seen.memberLists ?? []).filter(
    (list) =>
      list.respondingMemberId !== undefined &&
      !current.includes(list) &&
      !current.some(
        ({ clusterId, members }) =>
          clusterId === list.clusterId && members.some(({ id }) => id === list.respondingMemberId),
      ),
  );
}

/** Whether an endpoint is of such a process. */
export function isOfRemovedMember({ endpoint }: Pick<AtEndpoint, 'endpoint'>, seen: Seen): boolean {
  return removedMembers(seen).some((list) => isSameMember(list.endpoint, endpoint));
}

function isSameMember(one: AtEndpoint['endpoint'], other: AtEndpoint['endpoint']): boolean {
  return one.url === other.url || (one.member !== undefined && one.member === other.member);
}

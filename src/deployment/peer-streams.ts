import type { MemberListObservation, ProcessObservation } from '../model/live.ts';
import { hasJoined, listedMembers, nameOf, wasEverLed } from './member-lists.ts';

type Counting = Pick<ProcessObservation, 'memberId' | 'peerTraffic'>;

/**
 * Whether a process has an open stream to a member, by its own counters; undefined where it has none of them. etcd
 * counts a peer from the first connection on (rafthttp.peerStatus), so that one which it never reached is not there.
 */
export function hasStreamTo(id: string, { peerTraffic = [] }: Counting): boolean | undefined {
  const counted = peerTraffic.filter(({ active }) => active !== undefined);
  if (counted.length === 0) return undefined;
  return counted.some(({ remote, active = 0 }) => remote === id && active > 0);
}

/**
 * The peers to which a process has no open stream: of the members that its cluster lists, or without a list of those it
 * counts. Members that never joined are left out, as they have no stream to anyone.
 */
export function lostPeers(
  process: Counting,
  lists: readonly Pick<MemberListObservation, 'outcome' | 'members'>[],
): readonly string[] {
  const { memberId, peerTraffic = [] } = process;
  const listed = listedMembers(
    lists.filter(
      ({ members }) => memberId === undefined || members.some(({ id }) => id === memberId),
    ),
  );
  const wasLed = wasEverLed(listed);
  const expected = listed.filter((each) => (wasLed ? hasJoined(each) : each.name !== ''));
  const counted = peerTraffic.flatMap(({ remote, active }) => (active === undefined ? [] : remote));
  // Where it does not say who it is, one that it does not count may be itself.
  const isPeer = (id: string): boolean =>
    memberId === undefined ? counted.includes(id) : id !== memberId;
  const peers =
    listed.length === 0
      ? counted.map((id) => ({ id, shown: id }))
      : expected
          .filter(({ id }) => isPeer(id))
          .map((each) => ({ id: each.id, shown: nameOf(each) }));
  return peers.flatMap(({ id, shown }) => (hasStreamTo(id, process) === false ? [shown] : []));
}

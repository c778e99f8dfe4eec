import type { ListedMember, MemberListObservation } from '../model/live.ts';

type Answer = Pick<MemberListObservation, 'outcome' | 'members'>;

/** The lists that came from members. etcd's gRPC proxy lists itself instead. */
export function answeredLists<List extends Answer>(memberLists: readonly List[]): readonly List[] {
  return memberLists.filter((list) => list.outcome === 'answered' && !isOfGrpcProxy(list));
}

/** Every member that any endpoint listed, once. */
export function listedMembers(memberLists: readonly Answer[]): readonly ListedMember[] {
  const all = answeredLists(memberLists).flatMap(({ members }) => members);
  return [...new Map(all.map((member) => [member.id, member])).values()];
}

/** Client URLs are published through raft: a list without any is of a cluster that never had a leader. */
export function wasEverLed(all: readonly ListedMember[]): boolean {
  return all.some(({ clientUrls }) => clientUrls.length > 0);
}

/** Whether a member of a cluster that was led ever took part in it. */
export function hasJoined({ name, clientUrls }: ListedMember): boolean {
  return name !== '' && clientUrls.length > 0;
}

/** The name, or the id of a member that never started. */
export function nameOf({ name, id }: ListedMember): string {
  return name === '' ? id : name;
}

/** `etcd grpc-proxy` answers with one member that has the id 0 and no peer URLs: itself. */
export function isOfGrpcProxy({ outcome, members }: Answer): boolean {
  return (
    outcome === 'answered' &&
    members.length > 0 &&
    members.every(({ id, peerUrls }) => /^0*$/.test(id) && peerUrls.length === 0)
  );
}

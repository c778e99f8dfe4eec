import type { ListedMember, MemberListObservation } from '../model/live.ts';

/** The lists that came. */
export function answeredLists(
  memberLists: readonly MemberListObservation[],
): readonly MemberListObservation[] {
  return memberLists.filter(({ outcome }) => outcome === 'answered');
}

/** Every member that any endpoint listed, once. */
export function listedMembers(
  memberLists: readonly MemberListObservation[],
): readonly ListedMember[] {
  const all = answeredLists(memberLists).flatMap(({ members }) => members);
  return [...new Map(all.map((member) => [member.id, member])).values()];
}

/** The name, or the id of a member that never started. */
export function nameOf({ name, id }: ListedMember): string {
  return name === '' ? id : name;
}

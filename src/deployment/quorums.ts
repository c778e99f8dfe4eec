/**
 * More members than any one cluster has: etcd advises seven at most. A set with more of them holds
 * several clusters, whose quorums cannot be derived from it.
 */
const mostMembers = 25;

export function areTooMany({ length }: readonly unknown[]): boolean {
  return length > mostMembers;
}

/** Whether there is a quorum to speak of. */
export function isOneCluster(members: readonly unknown[]): boolean {
  return members.length >= 2 && !areTooMany(members);
}

import type { Deadline } from '../probes/deadline.ts';
import { type ChannelTarget, openChannel } from './channel.ts';
import { readMemberListResponse } from './messages.ts';

/** `answered`: etcd's API did, be it with a refusal of its own. Else the code of what came instead. */
export async function callEtcd(target: ChannelTarget, deadline: Deadline): Promise<string> {
  using channel = openChannel(target, deadline);
  const called = await channel.call('/etcdserverpb.Cluster/MemberList', readMemberListResponse);
  // `etcd grpc-proxy` names no cluster, but members.
  if (called.ok) return called.reply.members.length === 0 ? 'NOT_ETCD' : 'answered';
  return called.detail?.startsWith('etcdserver: ') === true ? 'answered' : called.code;
}

import type {
  Endpoint,
  EtcdUser,
  MemberListObservation,
  Seen,
  StatusObservation,
} from '../../model/live.ts';
import type { Deadline } from '../probes/deadline.ts';
import { since } from '../probes/dial.ts';
import type { UserSurvey } from '../probes/user-survey.ts';
import { type Called, type Channel, type ChannelTarget, openChannel } from './channel.ts';
import {
  everyKeyCounted,
  readMemberListResponse,
  readStatusResponse,
  readUserGetResponse,
  type StatusReply,
  userGetRequest,
} from './messages.ts';

/** What a member says of itself and its cluster, over one connection. */
export interface ClusterAnswers {
  readonly memberList: Seen<MemberListObservation>;
  readonly status: Seen<StatusObservation>;
}

/** Which endpoint to call, and with which certificate. */
export interface ClusterTarget extends ChannelTarget {
  /** The common name of the certificate that is shown. */
  readonly commonName?: string;
  /** Where set, the user's roles are asked for, which adds an entry to the raft log of the cluster. */
  readonly survey?: UserSurvey;
}

/**
 * Asks for member list, status, and whether users are switched on. Reads only, and nothing that etcd puts
 * through raft: `Alarm`, `AuthStatus`, `UserList` and `UserGet` add an entry each (3.4 to 3.6).
 */
export async function observeCluster(
  endpoint: Endpoint,
  target: ClusterTarget,
  deadline: Deadline,
): Promise<ClusterAnswers> {
  using channel = openChannel(target, deadline);
  const started = performance.now();
  const about = { url: endpoint.url };

  const listed = await channel.call('/etcdserverpb.Cluster/MemberList', readMemberListResponse);
  const connection = channel.evidence();
  const memberList: Seen<MemberListObservation> = {
    ...about,
    through: 'grpc',
    milliseconds: since(started),
    ...(connection !== undefined && { connection }),
    ...(listed.ok
      ? { outcome: 'answered', ...listed.reply }
      : { outcome: 'failed', ...failed(listed), members: [] }),
  };
  if (!listed.ok && isLost(listed.code)) {
    return { memberList, status: { ...about, outcome: 'failed', ...failed(listed) } };
  }

  const status = await channel.call('/etcdserverpb.Maintenance/Status', readStatusResponse);
  const users = await askForUser(channel, { target, listed }, status);
  return {
    memberList,
    status: {
      ...about,
      ...(status.ok
        ? { outcome: 'answered', ...status.reply }
        : { outcome: 'failed', ...failed(status) }),
      ...users,
    },
  };
}

/** `Authenticate` waits for the leader, and without one it would wait in vain. */
function hasLeader({ leaderId = '0' }: StatusReply): boolean {
  return !/^0*$/.test(leaderId);
}

const answeredCodes = [
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'UNIMPLEMENTED',
  'NOT_PROTOBUF',
];

/** Whether a second call over the same connection would be in vain. */
function isLost(code: string): boolean {
  return !answeredCodes.includes(code);
}

interface Asked {
  readonly target: ClusterTarget;
  readonly listed: Called<ReturnType<typeof readMemberListResponse>>;
}

type UserFacts = Pick<StatusObservation, 'authEnabled' | 'user' | 'rights'>;

async function askForUser(
  channel: Channel,
  asked: Asked,
  status: Called<StatusReply>,
): Promise<UserFacts> {
  // From 3.5.30 on, and not in every 3.6, Status itself is for users.
  if (!status.ok) {
    if (!needsUser(status)) return {};
    return { authEnabled: true, ...rightsIn(status), ...(await surveyUser(channel, asked)) };
  }
  const authEnabled = hasLeader(status.reply) ? await isAuthEnabled(channel) : undefined;
  if (authEnabled !== true) return authEnabled === undefined ? {} : { authEnabled };
  const rights = await rightsOf(channel);
  return {
    authEnabled,
    ...(rights !== undefined && { rights }),
    ...(await surveyUser(channel, asked)),
  };
}

async function surveyUser(
  channel: Channel,
  { target: { commonName, survey }, listed }: Asked,
): Promise<Pick<StatusObservation, 'user'>> {
  if (survey === undefined || commonName === undefined || !listed.ok) return {};
  const { clusterId = '', respondingMemberId: memberId = '' } = listed.reply;
  const ask = async () => await userNamed(channel, commonName);
  const user = await survey({ clusterId, memberId }, ask);
  return user === undefined ? {} : { user };
}

/**
 * Counts every key without reading one, from this member's own store. etcd answers those who may read all
 * of them and refuses the rest, a user without roles like one whose roles are for some keys.
 */
async function rightsOf(channel: Channel): Promise<StatusObservation['rights']> {
  const counted = await channel.call('/etcdserverpb.KV/Range', () => true, everyKeyCounted);
  return counted.ok ? 'every-key' : rightsIn(counted).rights;
}

/** What a rejection reveals about the rejected user. */
function rightsIn({ code, detail = '' }: Called<unknown> & { readonly ok: false }): UserFacts {
  if (/^etcdserver: user name (?:is empty|not found)$/.test(detail)) return { rights: 'no-user' };
  return code === 'PERMISSION_DENIED' ? { rights: 'not-every-key' } : {};
}

/** What etcd says only once users are switched on. */
function needsUser(called: Called<unknown> & { readonly ok: false }): boolean {
  return called.code === 'UNAUTHENTICATED' || rightsIn(called).rights !== undefined;
}

/**
 * etcd lets every client read one user: that of its own certificate (authApplierV3.UserGet).
 * Without `--client-cert-auth` certificates identify no user, which it reports as `user name is empty`.
 */
async function userNamed(channel: Channel, name: string): Promise<EtcdUser | undefined> {
  const asked = await channel.call(
    '/etcdserverpb.Auth/UserGet',
    readUserGetResponse,
    userGetRequest(name),
  );
  if (asked.ok) return { name, isKnown: true, roles: asked.reply };
  const isUnknown = asked.detail === 'etcdserver: user name not found';
  return isUnknown ? { name, isKnown: false, roles: [] } : undefined;
}

/** No user has the empty name, so etcd refuses before it proposes anything, and says why. */
async function isAuthEnabled(channel: Channel): Promise<boolean | undefined> {
  const asked = await channel.call('/etcdserverpb.Auth/Authenticate', () => undefined);
  if (asked.ok) return undefined;
  if (asked.detail === 'etcdserver: authentication is not enabled') return false;
  return asked.detail?.startsWith('etcdserver: authentication failed') === true ? true : undefined;
}

function failed({ code, detail }: Called<unknown> & { readonly ok: false }): {
  readonly code: string;
  readonly detail?: string;
} {
  return detail === undefined ? { code } : { code, detail };
}

import type {
  Endpoint,
  EtcdUser,
  MemberListObservation,
  StatusObservation,
} from '../../model/live.ts';
import type { Deadline } from '../probes/deadline.ts';
import { since } from '../probes/dial.ts';
import { endpointTarget } from '../probes/surface.ts';
import { type Called, type Channel, type ChannelTarget, openChannel } from './channel.ts';
import {
  readAlarmResponse,
  readAuthStatusResponse,
  readMemberListResponse,
  readStatusResponse,
  readUserGetResponse,
  userGetRequest,
} from './messages.ts';

/** What a member says of itself and its cluster, over one connection. */
export interface ClusterAnswers {
  readonly memberList: MemberListObservation;
  readonly status: StatusObservation;
}

/** Whom to dial, and as whom. */
export interface ClusterTarget extends ChannelTarget {
  /** The common name of the certificate that is shown. */
  readonly commonName?: string;
}

/** Asks for member list, status, alarms, whether users are switched on and who we are to them. Reads only. */
export async function observeCluster(
  endpoint: Endpoint,
  target: ClusterTarget,
  deadline: Deadline,
): Promise<ClusterAnswers> {
  using channel = openChannel(target, deadline);
  const started = performance.now();
  const about = { target: endpointTarget(endpoint), endpoint };

  const listed = await channel.call('/etcdserverpb.Cluster/MemberList', readMemberListResponse);
  const connection = channel.evidence();
  const memberList: MemberListObservation = {
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

  const [status, alarms, users] = await Promise.all([
    channel.call('/etcdserverpb.Maintenance/Status', readStatusResponse),
    channel.call('/etcdserverpb.Maintenance/Alarm', readAlarmResponse),
    askForUser(channel, target.commonName),
  ]);
  return {
    memberList,
    status: {
      ...about,
      ...(status.ok
        ? { outcome: 'answered', ...status.reply }
        : { outcome: 'failed', ...failed(status) }),
      ...(alarms.ok && { alarms: alarms.reply }),
      ...users,
    },
  };
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

async function askForUser(
  channel: Channel,
  commonName: string | undefined,
): Promise<Pick<StatusObservation, 'authEnabled' | 'user'>> {
  const authEnabled = await isAuthEnabled(channel);
  if (authEnabled !== true || commonName === undefined) {
    return authEnabled === undefined ? {} : { authEnabled };
  }
  const user = await userNamed(channel, commonName);
  return { authEnabled, ...(user !== undefined && { user }) };
}

/**
 * etcd lets everybody ask for one user: the one whom its own certificate stands for (authApplierV3.UserGet).
 * Without `--client-cert-auth` certificates stand for nobody, which it tells as `user name is empty`.
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

async function isAuthEnabled(channel: Channel): Promise<boolean | undefined> {
  const asked = await channel.call('/etcdserverpb.Auth/AuthStatus', readAuthStatusResponse);
  if (asked.ok) return asked.reply;
  if (needsUser(asked)) return true;
  if (asked.code !== 'UNIMPLEMENTED') return undefined;
  // etcd 3.4 has no AuthStatus. Its UserList answers everybody as long as users are switched off.
  const users = await channel.call('/etcdserverpb.Auth/UserList', () => false);
  if (users.ok) return users.reply;
  return needsUser(users) ? true : undefined;
}

/**
 * What etcd says once users are switched on: `user name is empty` to one without a common name in the
 * certificate, `user name not found` to one whose common name is no user, `permission denied` to the rest.
 */
function needsUser(called: Called<unknown> & { readonly ok: false }): boolean {
  return (
    called.code === 'PERMISSION_DENIED' ||
    called.code === 'UNAUTHENTICATED' ||
    (called.detail?.startsWith('etcdserver: user name ') ?? false)
  );
}

function failed({ code, detail }: Called<unknown> & { readonly ok: false }): {
  readonly code: string;
  readonly detail?: string;
} {
  return detail === undefined ? { code } : { code, detail };
}

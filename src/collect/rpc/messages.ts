import type { ListedMember, MemberListObservation, StatusObservation } from '../../model/live.ts';
import {
  bytesAt,
  type Field,
  hexId,
  numberAt,
  readFields,
  textAt,
  textsAt,
  encodeVarint,
} from './protobuf.ts';

// Field numbers from etcd's api/etcdserverpb/rpc.proto; they are the same from 3.3 to 3.7.

/** Enough for any cluster; a list that is longer is counted and cut. */
export const memberLimit = 1000;

export type MemberListReply = Pick<
  MemberListObservation,
  'clusterId' | 'respondingMemberId' | 'members' | 'listed'
>;

export function readMemberListResponse(bytes: Buffer): MemberListReply {
  const fields = readFields(bytes);
  const members = bytesAt(fields, 2);
  return {
    ...readHeader(fields),
    members: members.slice(0, memberLimit).map(readMember),
    ...(members.length > memberLimit && { listed: members.length }),
  };
}

function readMember(bytes: Buffer): ListedMember {
  const fields = readFields(bytes);
  return {
    id: hexId(numberAt(fields, 1)),
    name: textAt(fields, 2),
    peerUrls: textsAt(fields, 3),
    clientUrls: textsAt(fields, 4),
    isLearner: numberAt(fields, 5) !== 0n,
  };
}

export type StatusReply = Pick<
  StatusObservation,
  'clusterId' | 'version' | 'memberId' | 'leaderId' | 'isLearner' | 'errors'
>;

export function readStatusResponse(bytes: Buffer): StatusReply {
  const fields = readFields(bytes);
  const { clusterId, respondingMemberId } = readHeader(fields);
  const errors = textsAt(fields, 8);
  return {
    clusterId,
    memberId: respondingMemberId,
    version: textAt(fields, 2, 64),
    leaderId: hexId(numberAt(fields, 4)),
    isLearner: numberAt(fields, 10) !== 0n,
    ...(errors.length > 0 && { errors }),
  };
}

const alarmNames: ReadonlyMap<bigint, string> = new Map([
  [1n, 'NOSPACE'],
  [2n, 'CORRUPT'],
]);

export function readAlarmResponse(bytes: Buffer): NonNullable<StatusObservation['alarms']> {
  return bytesAt(readFields(bytes), 2)
    .slice(0, memberLimit)
    .map((alarm) => {
      const fields = readFields(alarm);
      const type = numberAt(fields, 2);
      return { memberId: hexId(numberAt(fields, 1)), alarm: alarmNames.get(type) ?? `${type}` };
    });
}

/** AuthUserGetRequest: field 1 is the name. */
export function userGetRequest(name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([Buffer.from([0x0a]), encodeVarint(bytes.length), bytes]);
}

/** The names of the roles of an AuthUserGetResponse. */
export function readUserGetResponse(bytes: Buffer): readonly string[] {
  return bytesAt(readFields(bytes), 2)
    .slice(0, 100)
    .map((role) => role.subarray(0, 1024).toString('utf8'));
}

export function readAuthStatusResponse(bytes: Buffer): boolean {
  return numberAt(readFields(bytes), 2) !== 0n;
}

function readHeader(fields: readonly Field[]): {
  readonly clusterId: string;
  readonly respondingMemberId: string;
} {
  const header = readFields(bytesAt(fields, 1)[0] ?? Buffer.alloc(0));
  return { clusterId: hexId(numberAt(header, 1)), respondingMemberId: hexId(numberAt(header, 2)) };
}

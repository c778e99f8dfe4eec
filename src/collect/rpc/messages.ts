import type { ListedMember, MemberListObservation, StatusObservation } from '../../model/live.ts';
import { publicText } from '../../model/public-text.ts';
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
    peerUrls: textsAt(fields, 3).map(publicText),
    clientUrls: textsAt(fields, 4).map(publicText),
    isLearner: numberAt(fields, 5) !== 0n,
  };
}

export type StatusReply = Pick<
  StatusObservation,
  'clusterId' | 'version' | 'memberId' | 'leaderId' | 'isLearner' | 'errors' | 'alarms'
>;

export function readStatusResponse(bytes: Buffer): StatusReply {
  const fields = readFields(bytes);
  const { clusterId, respondingMemberId } = readHeader(fields);
  const version = textAt(fields, 2);
  const errors = textsAt(fields, 8);
  // Status lists errors, alarms among them, from etcd 3.4 on.
  const tellsErrors = !/^[0-2]\.|^3\.[0-3]\./.test(version);
  return {
    clusterId,
    memberId: respondingMemberId,
    version,
    leaderId: hexId(numberAt(fields, 4)),
    isLearner: numberAt(fields, 10) !== 0n,
    ...(tellsErrors && { alarms: errors.flatMap(alarmIn) }),
    ...(errors.length > 0 && { errors }),
  };
}

/** RangeRequest: from `\0` without an end, limit 1, serializable (7), count_only (9). */
export const everyKeyCounted: Buffer = Buffer.from([
  0x0a, 0x01, 0x00, 0x12, 0x01, 0x00, 0x18, 0x01, 0x38, 0x01, 0x48, 0x01,
]);

/** An alarm as Status.errors has it: `memberID:10501334649042878790 alarm:NOSPACE `. */
function alarmIn(error: string): NonNullable<StatusObservation['alarms']> {
  const [, id, alarm] = /^(?:memberID:(\d{1,20}) )?alarm:([A-Z]{1,32}) *$/.exec(error) ?? [];
  return alarm === undefined ? [] : [{ memberId: hexId(BigInt(id ?? '0')), alarm }];
}

/** AuthUserGetRequest: field 1 is the name. */
export function userGetRequest(name: string): Buffer {
  const bytes = Buffer.from(name);
  return Buffer.concat([Buffer.from([0x0a]), encodeVarint(bytes.length), bytes]);
}

/** The names of the roles of an AuthUserGetResponse. */
export function readUserGetResponse(bytes: Buffer): readonly string[] {
  return textsAt(readFields(bytes), 2);
}

function readHeader(fields: readonly Field[]): {
  readonly clusterId: string;
  readonly respondingMemberId: string;
} {
  const header = readFields(bytesAt(fields, 1)[0] ?? Buffer.alloc(0));
  return { clusterId: hexId(numberAt(header, 1)), respondingMemberId: hexId(numberAt(header, 2)) };
}

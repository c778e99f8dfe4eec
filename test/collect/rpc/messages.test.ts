import { describe, expect, test } from 'vitest';
import {
  memberLimit,
  readMemberListResponse,
  readStatusResponse,
  readUserGetResponse,
  userGetRequest,
} from '../../../src/collect/rpc/messages.ts';
import { readFields } from '../../../src/collect/rpc/protobuf.ts';
import { bytesField, numberField } from '../support/protobuf.ts';

test('64-bit ids are never rounded', () => {
  const header = Buffer.concat([numberField(1, 0xfffffffffffffff1n), numberField(2, 1n)]);
  const member = Buffer.concat([numberField(1, 0x8e9e05c52164694dn), bytesField(2, 'm1')]);
  const response = Buffer.concat([bytesField(1, header), bytesField(2, member)]);

  expect(readMemberListResponse(response)).toEqual({
    clusterId: 'fffffffffffffff1',
    respondingMemberId: '1',
    members: [
      { id: '8e9e05c52164694d', name: 'm1', peerUrls: [], clientUrls: [], isLearner: false },
    ],
  });
});

test('a list of 10,000 members is counted and cut, and long names are', () => {
  const member = bytesField(2, bytesField(2, 'x'.repeat(5000)));
  const response = Buffer.concat(Array.from({ length: 10_000 }, () => member));

  const { members, listed } = readMemberListResponse(response);

  expect(members).toHaveLength(memberLimit);
  expect(listed).toBe(10_000);
  expect(members[0]?.name).toBe(`${'x'.repeat(1024)}… (5000 bytes)`);
});

test('every URL of a member and every error of a status is read', () => {
  const urls = Array.from({ length: 40 }, (_, index) => `https://10.0.0.${index}:2380`);
  const member = Buffer.concat(urls.map((url) => bytesField(3, url)));
  const status = Buffer.concat([
    bytesField(2, '3.5.30'),
    ...urls.map(() => bytesField(8, 'etcdserver: no leader')),
    bytesField(8, 'memberID:16 alarm:CORRUPT '),
  ]);

  expect(readMemberListResponse(bytesField(2, member)).members[0]?.peerUrls).toEqual(urls);
  expect(readStatusResponse(status).alarms).toEqual([{ memberId: '10', alarm: 'CORRUPT' }]);
});

test('a password in a URL that a member advertises goes no further', () => {
  const member = bytesField(4, 'https://root:hunter2@10.0.0.1:2379');

  const { members } = readMemberListResponse(bytesField(2, member));

  expect(members).toMatchObject([{ clientUrls: ['https://***@10.0.0.1:2379'] }]);
});

test('hostile names stay as they were sent; what shows them escapes them', () => {
  const member = Buffer.concat([bytesField(2, '\u001b[2J'), bytesField(3, 'https://[::1]:2380')]);

  const { members } = readMemberListResponse(bytesField(2, member));

  expect(members).toMatchObject([{ name: '\u001b[2J', peerUrls: ['https://[::1]:2380'] }]);
});

test('a status is read with its learner, leader and errors', () => {
  const response = Buffer.concat([
    bytesField(1, Buffer.concat([numberField(1, 7n), numberField(2, 10n)])),
    bytesField(2, '3.5.21'),
    numberField(4, 255n),
    bytesField(8, 'etcdserver: no leader'),
    numberField(10, 1n),
  ]);

  expect(readStatusResponse(response)).toEqual({
    clusterId: '7',
    memberId: 'a',
    version: '3.5.21',
    leaderId: 'ff',
    errors: ['etcdserver: no leader'],
    alarms: [],
    isLearner: true,
  });
});

test('alarms are read from the errors of a status, which etcd has from 3.4 on', () => {
  expect(readStatusResponse(answer('3.5.30')).alarms).toEqual([
    { memberId: '10', alarm: 'NOSPACE' },
    { memberId: '0', alarm: 'CORRUPT' },
  ]);
  expect(readStatusResponse(answer('3.3.25'))).not.toHaveProperty('alarms');
});

test('a user is asked for by name, however long, and its roles are read', () => {
  const name = 'é'.repeat(100);

  expect(readFields(userGetRequest(name))).toEqual([{ number: 1, value: Buffer.from(name) }]);
  const roles = Buffer.concat([bytesField(2, 'app'), bytesField(2, '\u001b[2J')]);
  expect(readUserGetResponse(roles)).toEqual(['app', '\u001b[2J']);
  const many = Buffer.concat(Array.from({ length: 500 }, () => bytesField(2, 'r'.repeat(2000))));
  expect(readUserGetResponse(many)).toHaveLength(500);
});

describe('what is no protobuf is refused', () => {
  test.each([
    ['a varint without end', Buffer.alloc(20, 0xff)],
    ['a varint that breaks off', Buffer.from([0x08, 0x80])],
    ['bytes that break off', Buffer.from([0x12, 0x7f, 1])],
    ['a group', Buffer.from([0x0b])],
    ['half a fixed number', Buffer.from([0x09, 1, 2])],
    ['a hundred thousand fields and one', Buffer.alloc(200_002, Buffer.from([0x08, 1]))],
  ])('%s', (_, bytes) => {
    expect(() => readFields(bytes)).toThrow('NOT_PROTOBUF');
  });
});

test('fixed-width numbers are read', () => {
  const bytes = Buffer.from([0x09, 1, 0, 0, 0, 0, 0, 0, 0x80, 0x0d, 2, 0, 0, 0]);

  expect(readFields(bytes)).toEqual([
    { number: 1, value: 0x8000000000000001n },
    { number: 1, value: 2n },
  ]);
});

function answer(version: string): Buffer {
  return Buffer.concat([
    bytesField(2, version),
    bytesField(8, 'memberID:16 alarm:NOSPACE '),
    bytesField(8, 'alarm:CORRUPT'),
    bytesField(8, 'etcdserver: no leader'),
  ]);
}

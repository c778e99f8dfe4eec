import { expect, test } from 'vitest';
import { memberMissingFromCluster } from '../../src/checks/cluster/member-missing-from-cluster.ts';
import { noLeader } from '../../src/checks/cluster/no-leader.ts';
import { unhealthyMember } from '../../src/checks/cluster/unhealthy-member.ts';
import { unknownMember } from '../../src/checks/cluster/unknown-member.ts';
import { peerConnectionDown } from '../../src/checks/handshake/peer-connection-down.ts';
import { endpoint, listed, memberList, members, process, status } from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';

const places = ['node1', 'node2', 'node3'].map((member, index) =>
  endpoint({ host: `10.0.0.${index + 1}`, member }),
);
const ids = ['node1', 'node2', 'node3'].map((name) => listed(name).id);
const clusterId = 'cdf818194e3a8c32';

/** What each of three members says: which members there are, and whether there is a leader. */
function said(...answers: readonly (readonly [lists: readonly string[], isLed: boolean])[]) {
  return {
    memberLists: answers.map(([names, _isLed], index) =>
      memberList({
        of: places[index] ?? endpoint(),
        respondingMemberId: ids[index] ?? '',
        members: names.map((name) => listed(name)),
      }),
    ),
    statuses: answers.map(([_names, isLed], index) =>
      status({
        of: places[index] ?? endpoint(),
        clusterId,
        memberId: ids[index] ?? '',
        leaderId: isLed ? (ids[0] ?? '') : '0',
      }),
    ),
    processes: answers.map(([_names, isLed], index) =>
      process({
        of: places[index] ?? endpoint(),
        healthy: isLed,
        peerTraffic: ids
          .filter((_id, other) => other !== index)
          .map((remote) => ({
            local: ids[index] ?? '',
            remote,
            active: remote === ids[2] || index === 2 ? 0 : 1,
          })),
      }),
    ),
  };
}

const all = ['node1', 'node2', 'node3'];
const left = ['node1', 'node2'];

/** node3 was removed while nobody reached it. */
const removed = said([left, true], [left, true], [all, false]);
/** node3 is still a member, and nobody reaches it. */
const cutOff = said([all, true], [all, true], [all, false]);
const withoutQuorum = said([all, false], [all, false], [all, false]);

const failing = (...[check, facts]: Parameters<typeof verdicts>) =>
  verdicts(check, facts).flatMap((verdict) => (verdict.status === 'fail' ? [verdict.message] : []));

test('a member that was removed and runs on is one finding, about it', () => {
  expect(failing(memberMissingFromCluster, removed)).toEqual([
    'node3 runs without a leader, and the cluster does not list it as a member',
  ]);
  expect(failing(memberMissingFromCluster, { ...removed, members: members() })).toEqual([
    'node3 runs without a leader, and the cluster does not list it as a member',
  ]);
  expect(failing(noLeader, removed)).toEqual([]);
  expect(failing(unhealthyMember, removed)).toEqual([]);
  expect(failing(peerConnectionDown, removed)).toEqual([]);
});

test('a member that is cut off is still one, and takes no quorum from the others', () => {
  expect(failing(memberMissingFromCluster, { ...cutOff, members: members() })).toEqual([]);
  expect(failing(noLeader, cutOff)).toEqual([
    'node3 has no leader, although node1 and node2 have one',
  ]);
  expect(failing(unhealthyMember, cutOff)).toHaveLength(1);
  expect(failing(peerConnectionDown, cutOff)).toEqual([
    'node1 has no open stream to node3',
    'node2 has no open stream to node3',
    'node3 has no open stream to node1, node2',
  ]);
});

test('a majority without a leader is a cluster without a quorum, and one member alone is not', () => {
  expect(failing(noLeader, withoutQuorum)[0]).toBe(
    'node1 has no leader, so the cluster has no quorum',
  );
  expect(failing(noLeader, said([all, false]))).toEqual([
    'node1 has no leader: it reaches no majority of the members',
  ]);
});

test('the old list of a member without a leader adds no member to the cluster', () => {
  const before = said([left, true], [left, true], [[...all, 'node9'], false]);

  expect(failing(unknownMember, { ...before, members: members() })).toEqual([]);
  expect(
    failing(unknownMember, { ...said([[...all, 'node9'], true]), members: members() }),
  ).toHaveLength(1);
});

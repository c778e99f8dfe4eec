import { describe, expect, test } from 'vitest';
import { keepsQuorum, membersCutOff, quorumOutlook } from '../../src/forecast/quorum.ts';
import { peerMesh } from '../support/edges.ts';

const three = ['node1', 'node2', 'node3'];

describe('the outlook for a quorum', () => {
  test('a sound cluster tolerates the loss of any member', () => {
    expect(quorumOutlook(peerMesh(three), three)).toEqual({
      hasQuorum: true,
      refused: [],
      total: 6,
      oneWay: [],
      severed: [],
      indispensable: [],
    });
  });

  test('a member that alone can dial the others is indispensable, though all looks healthy', () => {
    const refused = ['node2>node1', 'node3>node1', 'node2>node3', 'node3>node2'];
    const outlook = quorumOutlook(peerMesh(three, refused), three);

    expect(outlook.hasQuorum).toBe(true);
    expect(outlook.refused).toHaveLength(4);
    expect(outlook.oneWay).toEqual([
      ['node1', 'node2'],
      ['node1', 'node3'],
    ]);
    expect(outlook.severed).toEqual([['node2', 'node3']]);
    expect(outlook.indispensable).toEqual(['node1']);
  });

  test('one working direction for each pair is enough', () => {
    const refused = ['node2>node1', 'node3>node1', 'node3>node2'];
    const outlook = quorumOutlook(peerMesh(three, refused), three);

    expect(outlook.hasQuorum).toBe(true);
    expect(outlook.severed).toEqual([]);
    expect(outlook.indispensable).toEqual([]);
  });

  test('an isolated member makes each of the two others indispensable', () => {
    const refused = ['node1>node3', 'node3>node1', 'node2>node3', 'node3>node2'];

    expect(quorumOutlook(peerMesh(three, refused), three).indispensable).toEqual([
      'node1',
      'node2',
    ]);
  });

  test('without a member that reaches a majority there is none', () => {
    const refused = peerMesh(three).map(({ from, member }) => `${from}>${member}`);
    const outlook = quorumOutlook(peerMesh(three, refused), three);

    expect(outlook.hasQuorum).toBe(false);
    expect(outlook.indispensable).toEqual([]);
  });

  test('two members tolerate no loss, of which neither is to blame', () => {
    const two = ['node1', 'node2'];

    expect(quorumOutlook(peerMesh(two), two).indispensable).toEqual([]);
  });
});

test.each([
  [['node1'], true],
  [['node1', 'node2'], false],
])('with %j down quorum is kept: %s', (down, kept) => {
  expect(keepsQuorum(peerMesh(three), three, down)).toBe(kept);
});

test.each([
  [[], []],
  [['node2>node1', 'node3>node1'], []],
  [['node2>node1', 'node3>node1', 'node1>node2', 'node1>node3'], ['node1']],
  [
    ['node1>node2', 'node2>node1', 'node1>node3', 'node3>node1', 'node2>node3', 'node3>node2'],
    three,
  ],
])('with %j refused these are cut off: %j', (refused, cutOff) => {
  expect(membersCutOff(peerMesh(three, refused), three)).toEqual(cutOff);
});

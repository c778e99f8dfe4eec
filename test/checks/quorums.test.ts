import { describe, expect, test } from 'vitest';
import { noQuorum } from '../../src/checks/cluster/no-quorum.ts';
import { oneWayPeerHandshakes } from '../../src/checks/cluster/one-way-peer-handshakes.ts';
import { quorumLostSoon } from '../../src/checks/cluster/quorum-lost-soon.ts';
import { edge, member } from '../fixtures/builders.ts';
import { textWith } from '../support/matching.ts';
import { verdicts } from '../support/verdicts.ts';

function cluster(size: number) {
  const members = Array.from({ length: size }, (_, index) => member({ name: `node${index + 1}` }));
  const forecast = members.flatMap((from) =>
    members
      .filter((to) => to !== from)
      .map((to) => edge({ from: from.name, member: to.name, to: `https://${to.name}:2380` })),
  );
  return { members, forecast };
}

describe.each([noQuorum, oneWayPeerHandshakes, quorumLostSoon])('$id', (check) => {
  test('is answered of the members of one cluster', () => {
    expect(verdicts(check, cluster(25))).toMatchObject([{ status: 'pass' }]);
  });

  test('is open where there are more members than a cluster has', () => {
    expect(verdicts(check, cluster(26))).toMatchObject([
      { status: 'inconclusive', because: textWith('26 members were given as one') },
    ]);
  });
});

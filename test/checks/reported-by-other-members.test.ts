import { expect, test } from 'vitest';
import { clusterAlarm } from '../../src/checks/cluster/cluster-alarm.ts';
import { noLeader } from '../../src/checks/cluster/no-leader.ts';
import { unhealthyMember } from '../../src/checks/cluster/unhealthy-member.ts';
import { unstartedMember } from '../../src/checks/cluster/unstarted-member.ts';
import { unseenOfOldReleases } from '../../src/deployment/alarms.ts';
import {
  endpoint,
  listed,
  memberList,
  observation,
  process,
  status,
} from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';

test('a list without any published URL is of a cluster that never had a leader', () => {
  const ofBootstrap = ['node1', 'node2'].map((name) => listed(name, { clientUrls: [] }));

  expect(
    verdicts(unstartedMember, { memberLists: [memberList({ members: ofBootstrap })] }),
  ).toMatchObject([{ status: 'not-applicable' }]);
});

test('a member that answers and is not in the cluster was started', () => {
  const peerUrl = 'https://10.0.0.9:2380';
  const memberLists = [
    memberList({
      members: [listed('node1'), listed('node9', { clientUrls: [], peerUrls: [peerUrl] })],
    }),
  ];
  const of = endpoint({ host: '10.0.0.9', port: 2380, serves: 'peer' });
  const messages = (speaks: 'tls' | 'unreachable') =>
    verdicts(unstartedMember, { memberLists, endpoints: [observation({ of, speaks })] });

  expect(messages('unreachable')).toMatchObject([
    { status: 'pass' },
    { message: `the member at ${peerUrl} has never started` },
  ]);
  expect(messages('tls')).toMatchObject([
    { status: 'pass' },
    {
      message: `the member at ${peerUrl} has not joined the cluster, although a process answers there`,
    },
  ]);
});

test('a client port that is open shows that the member was started, on a host of its own', () => {
  const of = endpoint({ host: '10.0.0.9' });
  const messages = (open: 'ok' | 'failed', host: string) =>
    verdicts(unstartedMember, {
      memberLists: [
        memberList({
          members: [
            listed('node1', { peerUrls: [`https://${host}:2380`] }),
            listed('', { clientUrls: [], peerUrls: ['https://10.0.0.9:12380'] }),
          ],
        }),
      ],
      endpoints: [
        observation({
          of,
          speaks: 'unreachable',
          stages: [{ name: 'connect', outcome: open, milliseconds: 1 }],
        }),
      ],
    });

  const joined = 'the member at https://10.0.0.9:12380 has not joined the cluster, although';
  expect(messages('ok', '10.0.0.1')[1]).toMatchObject({
    message: `${joined} a process listens at https://10.0.0.9:2379`,
  });
  const never = { message: 'the member at https://10.0.0.9:12380 has never started' };
  expect(messages('failed', '10.0.0.1')[1]).toMatchObject(never);
  expect(messages('ok', '10.0.0.9')[1]).toMatchObject(never);
});

test('any member tells the alarms of all, and a learner its leader by its metrics', () => {
  const of = endpoint({ host: '10.0.0.2', member: 'node2' });
  const statuses = [status(), status({ of, outcome: 'failed', code: 'UNAVAILABLE' })];

  expect(verdicts(clusterAlarm, { statuses })).toMatchObject([{ status: 'pass' }]);
  expect(
    verdicts(noLeader, { statuses, processes: [process({ of, hasLeader: true })] }),
  ).toMatchObject([{ status: 'pass' }, { status: 'pass' }]);
  expect(verdicts(noLeader, { statuses })).toMatchObject([
    { status: 'pass' },
    { status: 'inconclusive' },
  ]);
});

test('an alarm is the reason of bad health, and told once', () => {
  const processes = [process({ healthy: false })];
  const raised = [status({ alarms: [{ memberId: '8e9e05c521646941', alarm: 'NOSPACE' }] })];

  expect(verdicts(unhealthyMember, { processes, statuses: raised })).toMatchObject([
    { status: 'pass' },
  ]);
  expect(verdicts(unhealthyMember, { processes, statuses: [status()] })).toMatchObject([
    { status: 'fail' },
  ]);
});

test('an alarm of a member that did not answer is reported once, by the first that lists it', () => {
  const raised = [{ memberId: '2a', alarm: 'NOSPACE' }];
  const first = status({ alarms: raised, clusterId: 'c' });
  const of = endpoint({ host: '10.0.0.3', member: 'node3' });
  const second = status({ of, memberId: '3a', alarms: raised, clusterId: 'c' });
  const memberLists = [memberList({ members: [listed('node2', { id: '2a' })] })];

  expect(verdicts(clusterAlarm, { statuses: [first, second], memberLists })).toMatchObject([
    { status: 'fail', message: 'node2 has raised the alarm NOSPACE' },
    { status: 'pass' },
  ]);
  const answering = { ...second, memberId: '2a' };
  expect(verdicts(clusterAlarm, { statuses: [first, answering], memberLists })).toMatchObject([
    { status: 'pass' },
    { status: 'fail', message: 'node3 has raised the alarm NOSPACE' },
  ]);
});

test('a release that lists no alarms in its status leaves them out of what is examined', () => {
  const { alarms: _none, ...older } = status({ version: '3.3.25', clusterId: 'c' });
  const of = endpoint({ host: '10.0.0.3', member: 'node3' });
  const newer = status({ of, memberId: '3a', clusterId: 'c' });

  expect(verdicts(clusterAlarm, { statuses: [older] })).toMatchObject([
    { status: 'not-applicable' },
  ]);
  expect(unseenOfOldReleases({ statuses: [older] })).toMatchObject([
    { notCovered: 'etcd 3.3.25 lists no alarms in its status, so alarms were not seen' },
  ]);
  expect(unseenOfOldReleases({ statuses: [older], memberLists: [memberList()] })).toMatchObject([
    {
      notCovered:
        'etcd 3.3.25 reports neither alarms nor whether its members are connected, so these were not seen',
    },
  ]);
  expect(unseenOfOldReleases({ statuses: [older, newer] })).toEqual([]);
  expect(unseenOfOldReleases({ statuses: [older, { ...newer, clusterId: 'd' }] })).toHaveLength(1);
});

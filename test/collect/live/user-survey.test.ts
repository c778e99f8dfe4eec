import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createUserSurvey } from '../../../src/collect/probes/user-survey.ts';
import { type Cluster, startCluster } from '../../../testcluster/cluster.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { observe } from '../support/observe.ts';
import { endpoint } from '../support/start-etcd.ts';

skipWithout('etcd');

const user = { name: 'client', isKnown: true, roles: ['reader'] };

test.each([
  { what: 'two members of a cluster', second: ['a', '2'], answers: [user], asked: 1 },
  { what: 'members of two clusters', second: ['b', '2'], answers: [user, user], asked: 2 },
  { what: 'two that say they are one', second: ['a', '1'], answers: [user, user], asked: 2 },
  {
    what: 'one that does not answer, and another',
    second: ['a', '2'],
    answers: [undefined, user],
    asked: 2,
  },
] as const)('$what: $asked asked', async ({ second, answers, asked }) => {
  const survey = createUserSurvey();
  let calls = 0;
  const ask = async () => Promise.resolve(answers[calls++]);
  const [clusterId, memberId] = second;

  const [, told] = await Promise.all([
    survey({ clusterId: 'a', memberId: '1' }, ask),
    survey({ clusterId, memberId }, ask),
  ]);

  expect(told).toEqual(user);
  expect(calls).toBe(asked);
});

test('the roles of a user cost one entry in the raft log, however many members there are', async () => {
  await using cluster = await startCluster({ runtime: 'native', settings: 'fixed', ports: 'free' });
  for (const words of [
    'user add root:unused',
    'user grant-role root root',
    'user add etcd-client:unused',
    'auth enable',
  ]) {
    await cluster.etcdctl(...words.split(' '));
  }
  const before = await indexOf(cluster);
  const at = (name: string): string => `${cluster.certificates}/client_${name}.pem`;
  const certificateFile = at('cert');

  const { statuses } = await observe({
    endpoints: cluster.members.map(({ clientUrl, name }) => endpoint(clientUrl, 'client', name)),
    credentials: {
      client: { owner: 'client', certificateFile, keyFile: at('key_insecure') },
      members: [],
    },
    timeoutMs: 20_000,
    concurrency: 64,
    negativeProbes: false,
    survey: true,
  });

  const named = { authEnabled: true, user: { name: 'etcd-client', isKnown: true, roles: [] } };
  expect(statuses).toMatchObject([named, named, named]);
  expect((await indexOf(cluster)) - before).toBe(1);
});

/** Once nothing is added any more. */
async function indexOf(cluster: Cluster): Promise<number> {
  let last = -1;
  for (let tries = 0; tries < 40; tries += 1) {
    const { stdout } = await cluster.etcdctl('endpoint', 'status', '--write-out=json');
    const index = Math.max(
      ...[...stdout.matchAll(/"raftIndex":(\d+)/g)].map(([, digits]) => Number(digits)),
    );
    if (index === last) return index;
    last = index;
    await pause(300);
  }
  return last;
}

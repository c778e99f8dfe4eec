import { afterAll, beforeAll, expect, test } from 'vitest';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { situations, stages } from '../../testcluster/situations/index.ts';
import { judgeExplain, judgeVerify } from '../../testcluster/situations/judge.ts';
import { standing, type Standing } from '../../testcluster/situations/stage.ts';
import { tryIn } from '../../testcluster/situations/trial.ts';
import type { CauseCode } from '../../src/model/cause-code.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'network', 'openssl', 'proxies');

const ready = !(['etcd', 'network', 'proxies'] as const).some(isMissing);
const sample = ['sound-three', 'you-another-ca', 'captive-proxy', 'path-loses-full-packets'];
let stands: Standing | undefined;

beforeAll(async () => {
  if (!ready || stages['three'] === undefined) return;
  stands = await standing(stages['three'], await etcdBinaries());
}, 90_000);

afterAll(async () => stands?.stop());

test.each(situations.filter(({ name }) => sample.includes(name)))(
  '$name: $what',
  { timeout: 60_000 },
  async (situation) => {
    if (stands === undefined) throw new Error('there is no cluster');

    const trial = await tryIn(situation, stands, {});

    const right = { isRight: true, others: [] };
    expect(judgeVerify(trial)).toMatchObject(right);
    expect(judgeExplain(trial)).toMatchObject(right);
    expect(trial).toMatchObject({ exit: situation.exit, raft: 0, otherwise: [] });
  },
);

test('every situation has a name of its own and a cluster that there is', () => {
  const names = situations.map(({ name }) => name);

  expect(names).toEqual([...new Set(names)]);
  expect(names.length).toBeGreaterThanOrEqual(60);
  const shared = situations.flatMap(({ on }) => (typeof on === 'string' ? [on] : []));
  expect(Object.keys(stages)).toEqual(expect.arrayContaining(shared));
});

const named: readonly { cause?: CauseCode; isRight: boolean }[] = [
  { cause: 'PROXY', isRight: true },
  { cause: 'NET', isRight: false },
  { isRight: true },
];

test.each(named)('a finding of an expected check is right by its cause: $cause', (row) => {
  const { isRight, ...cause } = row;
  const situation = situations.find(({ name }) => name === 'peer-port-forwarded');
  if (situation === undefined) throw new Error('there is no situation of that name');
  const finding = {
    check: 'peer-connection-down',
    severity: 'high',
    target: 'node1',
    message: 'node1 has no open stream to node3',
    alternatives: [],
    ...cause,
  } as const;

  expect(judgeVerify({ situation, findings: [finding] }).isRight).toBe(isRight);
});

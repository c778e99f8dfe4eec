import { afterAll, beforeAll, expect, test } from 'vitest';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { situations, stages } from '../../testcluster/situations/index.ts';
import { judgeExplain, judgeVerify } from '../../testcluster/situations/judge.ts';
import { standing, type Standing } from '../../testcluster/situations/stage.ts';
import { tryIn } from '../../testcluster/situations/trial.ts';
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
    expect(trial).toMatchObject({ exit: situation.exit, raft: 0 });
  },
);

test('every situation has a name of its own and a cluster that there is', () => {
  const names = situations.map(({ name }) => name);

  expect(names).toEqual([...new Set(names)]);
  expect(names.length).toBeGreaterThanOrEqual(60);
  const shared = situations.flatMap(({ on }) => (typeof on === 'string' ? [on] : []));
  expect(Object.keys(stages)).toEqual(expect.arrayContaining(shared));
});

test.each([
  { cause: 'PROXY', isRight: true },
  { cause: 'NET', isRight: false },
  { isRight: true },
] as const)(
  'a finding of an expected check with the cause $cause: $isRight',
  ({ isRight, ...named }) => {
    const situation = situations.find(({ name }) => name === 'peer-port-forwarded');
    if (situation === undefined) throw new Error('there is no situation of that name');
    const finding = { check: 'peer-connection-down', severity: 'high', ...named } as const;

    expect(judgeVerify({ situation, findings: [finding] }).isRight).toBe(isRight);
  },
);

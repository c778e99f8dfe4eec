import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

skipWithout('etcd');

const name = 'etcd.example';

// The name has two addresses; everything behind them is real.
vi.mock('node:dns/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:dns/promises')>();
  const two = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
  const lookup = async (host: string, options: object): Promise<unknown> =>
    host === name ? two : await original.lookup(host, options);
  return { ...original, lookup };
});

const started: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

const serverLeaf = { commonName: name, hosts: [name, '127.0.0.1', '127.0.0.2'] };

const reachedAtSecond = {
  open: ['pass', 'high'],
  asks: ['pass', 'high'],
  absent: ['inconclusive', 'medium'],
  silent: ['fail', 'high'],
};

async function verify(etcd: RunningEtcd) {
  return await audit({
    paths: [],
    maps: [],
    you: { endpoints: [`https://${name}:${etcd.client.port}`] },
    live: { timeoutMs: 4000, concurrency: 16, negativeProbes: true, discover: false },
  });
}

test.each([
  { second: 'open', open: ['127.0.0.2'] },
  { second: 'asks', open: [] },
  { second: 'absent', open: [] },
  { second: 'silent', open: [] },
] as const)('a name of two addresses, the second is $second', async ({ second, open }) => {
  const first = await startEtcd({ serverLeaf });
  started.push(first);
  if (second === 'silent') {
    const silent = createServer((socket) => socket.resume()).listen(first.client.port, '127.0.0.2');
    await once(silent, 'listening');
    started.push(silent);
  } else if (second !== 'absent') {
    const at = `https://127.0.0.2:${first.client.port}`;
    const flags = [`--listen-client-urls=${at}`, `--advertise-client-urls=${at}`];
    started.push(await startEtcd({ serverLeaf, flags, clientAuth: second === 'asks' }));
  }
  const url = `https://${name}:${first.client.port}`;

  const { results, facts } = await verify(first);

  const failed = results.filter(
    ({ check, verdict }) =>
      check.id === 'client-port-admits-anonymous' && verdict.status === 'fail',
  );
  expect(failed.map(({ target }) => target.name)).toEqual(open.map((each) => `${url} at ${each}`));
  expect(facts.endpoints?.map(({ target }) => target.name)).toEqual(
    ['127.0.0.1', '127.0.0.2'].map((each) => `${url} at ${each}`),
  );
  const tried = facts.admissions?.filter(({ target }) => target.name === `${url} at 127.0.0.1`);
  expect(new Set(tried?.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
  const reached = results.filter(({ check }) => check.id === 'endpoint-unreachable');
  expect(
    reached.map(({ verdict: { status }, severity, check }) => [status, severity ?? check.severity]),
  ).toEqual([['pass', 'high'], reachedAtSecond[second]]);
});

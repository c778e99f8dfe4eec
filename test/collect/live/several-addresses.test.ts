import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { audit } from '../../support/audit-twice.ts';
import { listCertificates } from '../../../src/cli/commands/certs.ts';
import type { ProbeRequest } from '../../../src/model/probe-plan.ts';
import { relayTo } from '../support/relay.ts';
import { observe } from '../support/observe.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

skipWithout('etcd');

const name = 'etcd.example';

const many = 'many.etcd.example';

const crowd = 'crowd.etcd.example';

// The names have two, twelve and twenty addresses; everything behind them is real.
vi.mock('node:dns/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:dns/promises')>();
  const loopback = Array.from({ length: 20 }, (_, index) => ({
    address: `127.0.0.${index + 1}`,
    family: 4,
  }));
  const lookup = async (host: string, options: object): Promise<unknown> => {
    if (host === 'crowd.etcd.example') return loopback;
    if (host === 'many.etcd.example') return loopback.slice(0, 12);
    return host === 'etcd.example' ? loopback.slice(0, 2) : await original.lookup(host, options);
  };
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

async function verify(etcd: RunningEtcd, you: ProbeRequest = {}, paths: readonly string[] = []) {
  return await audit({
    paths,
    maps: [],
    you: { endpoints: [`https://${name}:${etcd.client.port}`], ...you },
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

test('an ordinary client is told apart at each address of a name', async () => {
  const first = await startEtcd({ serverLeaf });
  started.push(first);
  const at = `https://127.0.0.2:${first.client.port}`;
  const flags = [`--listen-client-urls=${at}`, `--advertise-client-urls=${at}`];
  // OpenSSL and Go accept the first, and this one neither: it is of another CA.
  const second = await startEtcd({ serverLeaf, flags });
  started.push(second);

  const { facts } = await verify(first, {
    trustedCaFile: first.file('ca'),
    certificateFile: first.file('client'),
    keyFile: first.file('client-key'),
  });

  const lists = facts.memberLists?.filter(({ through }) => through === 'etcd3') ?? [];
  expect(lists.map(({ endpoint, outcome }) => [endpoint.address, outcome])).toEqual([
    ['127.0.0.1', 'answered'],
    ['127.0.0.2', 'failed'],
  ]);
});

test('certs shows what one address serves, and names the other, without waiting for it', async () => {
  const first = await startEtcd({ serverLeaf });
  const silent = createServer((socket) => socket.resume()).listen(first.client.port, '127.0.0.2');
  await once(silent, 'listening');
  started.push(first, silent);
  const url = `https://${name}:${first.client.port}`;
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);

  // As long as that it would have to wait, were it to wait for all of them.
  const code = await listCertificates([url], { report: 'json', timeout: '10m' });

  const text = written.mock.calls.join('');
  written.mockRestore();
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    certificates: [{ files: [`served by ${url} at 127.0.0.1`] }],
    notUnderstood: [{ path: `${url} at 127.0.0.2` }],
  });
});

test('how many addresses of a name were not looked at is an open question', async () => {
  const etcd = await startEtcd({ serverLeaf: { commonName: crowd, hosts: [crowd] } });
  started.push(etcd);
  const url = `https://${crowd}:${etcd.client.port}`;

  const { gaps } = await verify(etcd, { endpoints: [url] });
  expect(gaps).toContainEqual({
    what: `4 of the 20 addresses of ${crowd}`,
    because: 'only the first 16 addresses of a name are connected to',
    give: 'name the other addresses in `--endpoints`',
    asked: true,
  });

  const few = await verify(etcd);
  expect(few.gaps.filter(({ what }) => what.includes('addresses'))).toEqual([]);

  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await listCertificates([url], { report: 'json' });
  const text = written.mock.calls.join('');
  written.mockRestore();
  expect(text).toContain('4 of its 20 addresses were not connected to');
});

test('a name of many addresses is looked at with few connections, in all and at a time', async () => {
  const etcd = await startEtcd({ serverLeaf: { commonName: many, hosts: [many] } });
  started.push(etcd);
  const { port } = etcd.client;
  let open = 0;
  let most = 0;
  const onChange = (by: number): void => {
    open += by;
    most = Math.max(most, open);
  };
  const hosts = Array.from({ length: 11 }, (_, index) => `127.0.0.${index + 2}`);
  const relays = await Promise.all(
    hosts.map(async (host) => await relayTo(etcd.client, { host, port, onChange })),
  );
  started.push(...relays);
  const [certificateFile, keyFile] = [etcd.file('client'), etcd.file('client-key')];

  const { endpoints, memberLists } = await observe({
    endpoints: [{ ...etcd.client, url: `https://${many}:${port}`, host: many }],
    credentials: { client: { owner: 'client', certificateFile, keyFile }, members: [] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 20_000,
    concurrency: 12,
    negativeProbes: true,
  });

  expect(endpoints.map(({ speaks }) => speaks)).toEqual(Array.from({ length: 12 }, () => 'tls'));
  expect(memberLists.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 24 }, () => 'answered'),
  );
  expect(Math.max(...relays.map(({ connections }) => connections()))).toBeLessThanOrEqual(12);
  expect(most).toBeLessThanOrEqual(12);
});

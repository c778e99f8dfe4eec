import { beforeAll, expect, test } from 'vitest';
import type { LiveProgress } from '../../../src/collect/live.ts';
import { type LiveRequest, observe } from '../support/observe.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import { closedPort, startServer, startTlsServer, type TestServer } from '../support/servers.ts';

let identity: Issued;

beforeAll(async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  identity = await authority.issue({ commonName: 'm1', hosts: ['127.0.0.1'] });
});

const anonymous: Omit<LiveRequest, 'endpoints'> = {
  credentials: { members: [] },
  timeoutMs: 20_000,
  concurrency: 64,
  negativeProbes: false,
};

test('a silent endpoint costs its own row the time-out, and the others nothing', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using sound = await startTlsServer({ cert, key }, 'peer');
  await using silent = await startServer(() => undefined, 'peer');
  const finished: string[] = [];
  const onProgress = ({ endpoint, state }: LiveProgress): void => {
    if (state === 'finished') finished.push(endpoint.url);
  };
  const endpoints = [silent.endpoint, await closedPort(), sound.endpoint];

  const facts = await observe({ ...anonymous, endpoints, timeoutMs: 1500, onProgress });

  expect(facts.endpoints.map(({ speaks }) => speaks)).toEqual(['silence', 'unreachable', 'tls']);
  expect(finished).toHaveLength(3);
  expect(finished.at(-1)).toBe(silent.endpoint.url);
});

test('silent endpoints do not keep those behind them from being looked at', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using sound = await startTlsServer({ cert, key }, 'peer');
  await using silent = await startServer(() => undefined, 'peer');
  const mute = Array.from({ length: 40 }, () => silent.endpoint);
  const order: string[] = [];
  const onProgress = ({ endpoint, state }: LiveProgress): void => {
    if (state === 'finished') order.push(endpoint.url);
  };

  await observe({
    ...anonymous,
    endpoints: [...mute, sound.endpoint],
    concurrency: 100,
    timeoutMs: 3000,
    onProgress,
  });

  expect(order[0]).toBe(sound.endpoint.url);
});

test('1,000 endpoints are looked at with few sockets at a time', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer');
  const sockets = watchSockets(server);
  const endpoints = Array.from({ length: 1000 }, (_, index) => ({
    ...server.endpoint,
    url: `${server.endpoint.url}/${index}`,
  }));

  const facts = await observe({ ...anonymous, endpoints });

  expect(facts.endpoints.filter(({ speaks }) => speaks === 'tls')).toHaveLength(1000);
  expect(facts.endpoints[999]?.url).toMatch(/\/999$/);
  expect(sockets.most()).toBeLessThanOrEqual(64 * 4);
});

test('ends at once when it is told to, with what it has', async () => {
  await using silent = await startServer(() => undefined);
  const controller = new AbortController();
  const endpoints = Array.from({ length: 50 }, () => silent.endpoint);

  const observing = observe({
    ...anonymous,
    endpoints,
    timeoutMs: 600_000,
    signal: controller.signal,
    onProgress: ({ state }) => {
      if (state === 'started') controller.abort();
    },
  });
  const facts = await observing;

  expect(facts.endpoints).toHaveLength(50);
  expect(
    new Set(facts.endpoints.flatMap(({ stages }) => stages.map(({ code }) => code))),
  ).toContain('ABORTED');
});

test('leaves no connection behind', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer');

  await observe({ ...anonymous, endpoints: [server.endpoint], survey: true });

  await server.idle();
  expect(server.open()).toBe(0);
});

function watchSockets(server: TestServer): { most(): number } {
  let most = 0;
  server.onConnection(() => {
    most = Math.max(most, server.open());
  });
  return { most: () => most };
}

test('reports each stage of each endpoint as it happens', async () => {
  const { certificatePem: cert, privateKeyPem: key } = identity;
  await using server = await startTlsServer({ cert, key }, 'peer');
  const seen: string[] = [];

  await observe({
    ...anonymous,
    endpoints: [server.endpoint],
    onProgress: ({ state, stage }) => seen.push([state, stage?.name ?? ''].join(' ').trim()),
  });

  expect(seen).toEqual([
    'started',
    'running resolve',
    'running connect',
    'running first-bytes',
    'running tls',
    'finished application',
  ]);
});

test('many endpoints under one signal bring no warning of Node', async () => {
  await using silent = await startServer((socket) => socket.end());
  const warnings: Error[] = [];
  const note = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', note);
  const { signal } = new AbortController();
  const endpoints = Array.from({ length: 40 }, () => silent.endpoint);

  await observe({ ...anonymous, endpoints, signal });
  await new Promise(setImmediate);
  process.off('warning', note);

  expect(warnings).toEqual([]);
});

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type LiveRequest, observe } from '../support/observe.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { etcdReleases } from '../../support/etcd-releases.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { relayTo } from '../support/relay.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

skipWithout('etcd');

/** The most that one run may leave behind: lines in a member's log, connections to a port. */
const most = { lines: 10, connections: 12 };

describe.each(etcdReleases)('etcd $version', ({ etcd: binary }) => {
  test('a run leaves few lines, few connections and no entry in the raft log', async () => {
    await using etcd = await startEtcd({ binary });

    const noise = await noiseOf(etcd, {});

    expect(noise.raftEntries).toBe(0);
    expect(noise.lines.length).toBeGreaterThan(0);
    expect(noise.lines.slice(most.lines)).toEqual([]);
    for (const connections of noise.connections) {
      expect(connections).toBeLessThanOrEqual(most.connections);
    }
  });

  test('the same of a run with a certificate that is refused', async () => {
    await using etcd = await startEtcd({ binary });
    const client = credential(etcd, 'stranger');

    const noise = await noiseOf(etcd, { credentials: { client, members: members(etcd) } });

    expect(noise.raftEntries).toBe(0);
    expect(noise.lines.slice(most.lines)).toEqual([]);
  });

  test('the same where users are on, and of a member that dials from elsewhere', async () => {
    await using etcd = await startEtcd({ binary });
    await etcdctl(etcd, 'user', 'add', 'root:secret');
    await etcdctl(etcd, 'user', 'grant-role', 'root', 'root');
    await etcdctl(etcd, 'auth', 'enable');
    await etcdctl(etcd, '--user=root:secret', 'user', 'add', 'client:unused');
    const elsewhere = ['elsewhere', 'elsewhere2', 'elsewhere3'].map((name) => ({
      ...credential(etcd, 'elsewhere'),
      owner: name,
    }));

    const noise = await noiseOf(etcd, {
      credentials: { client: credential(etcd, 'client'), members: elsewhere },
    });

    expect(noise.lines.filter(isRejection).slice(most.lines)).toEqual([]);
    expect(noise.raftEntries).toBe(0);
    expect(noise.statuses).toMatchObject([{ authEnabled: true, rights: 'not-every-key' }]);
  });
});

test('pages take no connection of their own: they are read over the one that was accepted', async () => {
  await using etcd = await startEtcd();

  const alone = await noiseOf(etcd, { questions: ['admissions'] });
  const { connections, processes } = await noiseOf(etcd, {
    questions: ['admissions', 'processes'],
  });

  expect(processes.map(({ pages }) => pages[1])).toMatchObject([
    { path: '/metrics', outcome: 'answered' },
    { path: '/members', outcome: 'answered' },
  ]);
  expect(connections).toEqual(alone.connections);
});

test.each([
  { who: 'clients with a certificate', clientAuth: true },
  { who: 'anyone', clientAuth: false },
])('no connection is left open where $who may ask', async ({ clientAuth }) => {
  await using etcd = await startEtcd({ clientAuth });
  const open = { now: 0, ever: 0 };
  await using client = await relayTo(etcd.client, {
    onChange: (by) => {
      open.now += by;
      open.ever += Math.max(0, by);
    },
  });

  await observe({
    endpoints: [client.endpoint],
    credentials: { client: credential(etcd, 'client'), members: [] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 20_000,
    concurrency: 64,
    negativeProbes: true,
  });
  await pause(500);

  expect(open.ever).toBeGreaterThan(5);
  expect(open.now).toBe(0);
});

test('a survey asks for everything, and says so by its connections', async () => {
  await using etcd = await startEtcd();

  const { connections } = await noiseOf(etcd, { survey: true });

  expect(Math.max(...connections)).toBeGreaterThan(most.connections);
});

async function noiseOf(etcd: RunningEtcd, changes: Partial<LiveRequest>) {
  await using client = await relayTo(etcd.client);
  await using peer = await relayTo(etcd.peer);
  const before = await settledIndex(etcd);
  const from = etcd.log().length;

  const facts = await observe({
    endpoints: [client.endpoint, peer.endpoint],
    credentials: { client: credential(etcd, 'client'), members: members(etcd) },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 20_000,
    concurrency: 64,
    negativeProbes: true,
    ...changes,
  });
  await pause(300);

  const lines = etcd
    .log()
    .slice(from)
    .split('\n')
    .filter((line) => line !== '');
  const raftEntries = (await indexOf(etcd)) - before;
  return {
    lines,
    raftEntries,
    connections: [client.connections(), peer.connections()],
    statuses: facts.statuses,
    processes: facts.processes,
  };
}

function isRejection(line: string): boolean {
  return line.includes('rejected connection');
}

function credential(etcd: RunningEtcd, owner: string) {
  return { owner, certificateFile: etcd.file(owner), keyFile: etcd.file(`${owner}-key`) };
}

function members(etcd: RunningEtcd) {
  return [credential(etcd, 'm1')];
}

/** etcd writes the version of the cluster into its log soon after the start. */
async function settledIndex(etcd: RunningEtcd): Promise<number> {
  let index = await indexOf(etcd);
  for (let quiet = 0; quiet < 4; quiet += 1) {
    await pause(250);
    const now = await indexOf(etcd);
    if (now !== index) quiet = 0;
    index = now;
  }
  return index;
}

/** How many entries raft has committed, read without adding one. */
async function indexOf(etcd: RunningEtcd): Promise<number> {
  const [ca, cert, key] = await Promise.all(
    ['ca', 'client', 'client-key'].map(async (name) => await readFile(etcd.file(name))),
  );
  const metrics = await new Promise<string>((resolve, reject) => {
    get(`${etcd.client.url}/metrics`, { ca, cert, key, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('end', () => resolve(text));
    }).once('error', reject);
  });
  const committed = /^etcd_server_proposals_committed_total (\S+)$/m.exec(metrics)?.[1];
  if (committed === undefined) throw new Error('etcd counts no proposals');
  return Number(committed);
}

async function etcdctl(etcd: RunningEtcd, ...command: readonly string[]): Promise<string> {
  const flags = [
    `--endpoints=${etcd.client.url}`,
    `--cacert=${etcd.file('ca')}`,
    `--cert=${etcd.file('client')}`,
    `--key=${etcd.file('client-key')}`,
  ];
  const env = { PATH: process.env['PATH'] ?? '', ETCDCTL_API: '3' };
  const { etcdctl: program } = await etcdBinaries();
  return (await promisify(execFile)(program, [...flags, ...command], { env })).stdout;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster } from '../../../testcluster/cluster.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { clientSection, configText } from '../../../testcluster/faults/variables.ts';
import { withFault } from '../../../testcluster/faults/index.ts';
import { planOf } from '../../../testcluster/plan.ts';
import { endProcess } from '../../../testcluster/processes.ts';
import { isReady } from '../../../testcluster/readiness.ts';
import { servesAlone } from '../../../testcluster/truth/alone.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('etcd', 'network');

const options = { runtime: 'netns', settings: 'fixed', keys: 'ecdsa' } as const;

const inFile = (environment: Parameters<typeof configText>[0]) =>
  configText(environment, {
    client: clientSection(),
    more: 'heartbeat-interval: 400\nelection-timeout: 4000',
  });

test.each([
  { from: 'variables', changes: {} },
  { from: 'a configuration file', changes: { configFile: inFile } },
])(
  'a member with settings from $from that lost its quorum serves alone, and ends',
  { timeout: 60_000 },
  async ({ changes }) => {
    const binaries = await etcdBinaries();
    await using cluster = await startCluster({
      runtime: 'netns',
      unready: 'everybody',
      // The others end long before the first election.
      tuning: { ETCD_HEARTBEAT_INTERVAL: '2000', ETCD_ELECTION_TIMEOUT: '30000' },
      plan: (nodes) => withFault(planOf({ ...options, nodes }), { name: '', what: '', changes }),
    });
    const { node2, node3 } = cluster.handle.processes;
    for (const other of [node2, node3]) if (other !== undefined) await endProcess(other);

    const before = await isReady(cluster, 'node1');

    const alone = await servesAlone(cluster, 'node1', binaries, {});
    const listed = await cluster.etcdctl('member', 'list');
    await alone.stop();
    const afterwards = await cluster.etcdctl('member', 'list', '--command-timeout=2s');

    expect({ before, alone: alone.isReady }).toEqual({ before: false, alone: true });
    expect(listed.stdout).toContain('node1');
    expect(listed.stdout).not.toContain('node2');
    expect(afterwards.code).not.toBe(0);
    // What it knew as one of three is kept.
    expect(existsSync(join(cluster.set, '..', 'work', 'node1.etcd', 'member'))).toBe(true);
  },
);

test('a member that was never started cannot serve alone', async () => {
  const binaries = await etcdBinaries();
  await using cluster = await startCluster({ runtime: 'netns' });

  await expect(servesAlone(cluster, 'node9', binaries, {})).rejects.toThrow('never started');
});

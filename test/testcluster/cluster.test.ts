import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startCluster } from '../../testcluster/cluster.ts';
import { faultNamed, withFault } from '../../testcluster/faults/index.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { planOf } from '../../testcluster/plan.ts';
import { isRunning } from '../../testcluster/processes.ts';
import type { Ended } from '../../testcluster/run.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** etcdctl has changed its mind about where the answer goes. */
function wordsOf({ stdout, stderr }: Ended): string {
  return stdout + stderr;
}

test('three plain processes form a healthy cluster, and end with it', async () => {
  const cluster = await startCluster({ runtime: 'native', settings: 'seed', ports: 'free' });
  const health = await cluster.etcdctl('endpoint', 'health');
  const processes = Object.values(cluster.handle.processes);
  await cluster.stop();

  expect(wordsOf(health).match(/is healthy/g)).toHaveLength(3);
  expect(await Promise.all(processes.map(isRunning))).toEqual([false, false, false]);
  await expect(readFile(cluster.set)).rejects.toThrow('ENOENT');
});

test.skipIf(isMissing('network'))(
  'three namespaces have the addresses of the document',
  async () => {
    await using cluster = await startCluster({ runtime: 'netns', settings: 'fixed' });
    const health = await cluster.etcdctl('endpoint', 'health');
    const inside = await cluster.run('ip', ['-br', 'address', 'show', 'eth0'], { inside: 'node2' });

    expect(wordsOf(health)).toContain('https://10.104.100.236:2379 is healthy');
    expect(wordsOf(health).match(/is healthy/g)).toHaveLength(3);
    expect(inside.stdout).toContain('10.104.100.245/24');
  },
);

test.skipIf(isMissing('docker'))(
  'three containers run what docker-compose.yml says',
  async () => {
    const { version } = await etcdBinaries();
    await using cluster = await startCluster({
      runtime: 'docker',
      etcd: version,
      settings: 'seed',
    });
    const health = await cluster.etcdctl('endpoint', 'health');
    const inside = await cluster.run('etcd', ['--version'], { inside: 'node3' });

    expect(wordsOf(health).match(/is healthy/g)).toHaveLength(3);
    expect(inside.stdout).toContain(`etcd Version: ${version}`);
    expect(cluster.version).toBe(version);
  },
  180_000,
);

test('a member that cannot start is told with the last lines of its log', async () => {
  const fault = faultNamed('peer-key-mismatch');
  const started = startCluster({
    runtime: 'native',
    ports: 'free',
    plan: (nodes) => {
      const one = nodes.slice(0, 1);
      const sound = planOf({ runtime: 'native', settings: 'fixed', keys: 'ecdsa', nodes: one });
      return fault === undefined ? sound : withFault(sound, fault);
    },
  });

  await expect(started).rejects.toThrow(/node1 has ended[^]*private key does not match public key/);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { Report, Result } from '../../src/model/report.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { startCluster } from '../../testcluster/cluster.ts';
import { firstTen, withFault } from '../../testcluster/faults/index.ts';
import { deployedDirectory, planOf } from '../../testcluster/plan.ts';
import type { Cluster } from '../../testcluster/types.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** True of every etcd of its release that nobody has set otherwise, and no mistake in certificates. */
const remarks = new Set([
  'authorization-off',
  'known-advisory',
  'tls-1-2-accepted',
  'weak-cipher-suite',
]);

/** What a running cluster shows of a mistake beside the mistake itself. */
const consequences = new Set([
  'endpoint-unreachable',
  'no-leader',
  'ordinary-client-refused',
  'peer-connection-down',
  'right-certificate-refused',
  'unhealthy-member',
]);

const live = { timeoutMs: 5000, concurrency: 16, negativeProbes: true, discover: false };

async function auditOf(cluster: Cluster, more: Partial<Parameters<typeof audit>[0]>) {
  const maps = [{ prefix: deployedDirectory, directory: cluster.certificates }];
  return audit({ paths: [cluster.set], maps, ...more });
}

function findings({ results }: Report): readonly Result[] {
  return results.filter(
    ({ check, verdict }) =>
      (verdict.status === 'fail' || verdict.status === 'crashed') && !remarks.has(check.id),
  );
}

function about({ check, target }: Result): string {
  return `${check.id} at ${target.member ?? basename(target.name)}`;
}

test('a sound cluster is green, from its files and on the wire', async () => {
  await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
  const offline = await auditOf(cluster, { etcdVersion: cluster.version });
  const online = await auditOf(cluster, { live });

  expect(findings(offline).map(about)).toEqual([]);
  expect(findings(online).map(about)).toEqual([]);
});

test('the document as it stands has the mistakes that it is known for, and no others', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'seed-'));
  const certificates = await writeCertSet(directory, { settings: 'seed' });
  const report = await audit({
    paths: [directory],
    maps: [{ prefix: deployedDirectory, directory: certificates }],
    etcdVersion: '3.5.30',
  });
  await rm(directory, { recursive: true });

  expect([...new Set(findings(report).map(({ check }) => check.id))].toSorted()).toEqual([
    'client-endpoint-not-a-member',
    'client-endpoint-not-in-certificate',
    'client-port-admits-anonymous',
    'client-with-one-endpoint',
    'client-without-certificate',
    'loopback-not-in-certificate',
    'name-in-common-name-only',
    'peer-port-admits-client',
  ]);
});

test.each(firstTen)('$name: $what', async (fault) => {
  await using cluster = await startCluster({
    runtime: 'native',
    ports: 'free',
    plan: (nodes) =>
      withFault(planOf({ runtime: 'native', settings: 'fixed', keys: 'ecdsa', nodes }), fault),
    unready: fault.unready ?? [],
  });
  const offline = await auditOf(cluster, { etcdVersion: cluster.version });
  const online = await auditOf(cluster, { live });
  const causes = findings(online).filter(({ check }) => !consequences.has(check.id));
  const wanted = [`${fault.finding?.check} at ${fault.finding?.at}`];

  expect(findings(offline).map(about)).toEqual(wanted);
  expect(causes.map(about)).toEqual(wanted);
});

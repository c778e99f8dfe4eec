import { expect, test } from 'vitest';
import { deploy } from '../support/deploy.ts';
import { startCluster } from '../../testcluster/cluster.ts';

test('an endpoint that is given brings the peer port of its member, and no other host', async () => {
  await using cluster = await startCluster({
    runtime: 'native',
    settings: 'fixed',
    ports: 'free',
  });
  const [first] = cluster.members;

  const { facts } = await deploy({
    paths: [cluster.set],
    maps: [{ prefix: '/etc/ssl/certs/etcd', directory: cluster.certificates }],
    you: { endpoints: [first?.clientUrl ?? ''] },
    live: {
      timeoutMs: 10_000,
      concurrency: 64,
      negativeProbes: true,
      discover: false,
    },
  });

  expect(
    facts.endpoints?.map(({ endpoint, speaks }) => [endpoint.url, endpoint.serves, speaks]),
  ).toEqual([
    [first?.clientUrl, 'client', 'tls'],
    [first?.peerUrl, 'peer', 'tls'],
  ]);
});

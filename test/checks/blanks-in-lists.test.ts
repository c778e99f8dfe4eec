import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf, onFreePorts } from '../../testcluster/nodes.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

const urls = ['https://10.0.0.1:2379', 'https://10.0.0.2:2379', 'https://10.0.0.3:2379'];
const files =
  '--cacert /etc/etcd/ca.pem --cert /etc/etcd/client.pem --key /etc/etcd/client-key.pem';

const etcdctl = (command: string) =>
  `#!/bin/sh\netcdctl --endpoints "${urls.join(', ')}" ${files} ${command}\n`;

const refused = urls.slice(1).map((url) => `client etcdctl ->  ${url}`);

test.each([
  { command: 'get /', edges: [] },
  { command: 'snapshot save /b.db', edges: [] },
  { command: 'endpoint health', edges: refused },
  { command: 'endpoint status -w table', edges: refused },
  { command: 'endpoint health --cluster', edges: [] },
])('etcdctl $command with blanks between its endpoints', async ({ command, edges }) => {
  await using set = await threeMembers({}, { 'ask.sh': etcdctl(command) });

  const { forecast } = await audit({ paths: [set.path], maps: [] });

  const unreached = forecast.filter(({ rule }) => rule === 'endpoint.blanks');
  expect(unreached.map(({ target }) => target.name)).toEqual(edges);
});

test('a script that exports the list, and then asks each endpoint', async () => {
  const script = [
    `export ETCDCTL_ENDPOINTS='${urls.join(', ')}'`,
    'export ETCDCTL_CACERT=/etc/etcd/ca.pem',
    'export ETCDCTL_CERT=/etc/etcd/client.pem ETCDCTL_KEY=/etc/etcd/client-key.pem',
    'etcdctl endpoint status',
    '',
  ].join('\n');
  await using set = await threeMembers({}, { 'etcd-env.sh': script });

  const { forecast } = await audit({ paths: [set.path], maps: [] });

  const unreached = forecast.filter(({ rule }) => rule === 'endpoint.blanks');
  expect(unreached.map(({ target }) => target.name)).toEqual(refused);
});

test('kube-apiserver reaches no endpoint after a blank, and its line is to blame', async () => {
  const tls =
    '--etcd-cafile=/etc/etcd/ca.pem --etcd-certfile=/etc/etcd/client.pem --etcd-keyfile=/etc/etcd/client-key.pem';
  await using set = await threeMembers(
    {},
    { 'api.sh': `kube-apiserver "--etcd-servers=${urls.join(', ')}" ${tls}\n` },
  );

  const { results, verdict } = await audit({ paths: [set.path], maps: [] });

  const failing = results.filter(
    ({ check, verdict: { status } }) => status === 'fail' && check.severity === 'high',
  );
  expect(failing).toMatchObject([
    { target: { location: { file: set.at('api.sh'), line: 1 } } },
    { target: { location: { file: set.at('api.sh'), line: 1 } } },
  ]);
  expect(verdict.next).toBe(
    'Remove the blanks around https://10.0.0.2:2379 from the list of endpoints.',
  );
});

test('a member whose name has a blank in initial-cluster does not start for the first time', async () => {
  const list = ['n1', ' n2', ' n3'].map(
    (name, index) => `${name}=https://10.0.0.${index + 1}:2380`,
  );
  const written = { ETCD_INITIAL_CLUSTER: `"${list.join(',')}"` };
  await using set = await threeMembers({ n1: written, n2: written, n3: written });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const open = results.filter(
    ({ check, verdict: { status } }) => status === 'inconclusive' && check.severity === 'high',
  );
  expect(open.map(({ check, target }) => [check.id, target.member])).toEqual([
    ['settings-refused-at-start', 'n2'],
    ['settings-refused-at-start', 'n3'],
  ]);
});

describe('real etcd', () => {
  skipWithout('etcd');

  test('real etcdctl drops blanks, but where it asks each endpoint', async () => {
    const { etcd, etcdctl: program } = await etcdBinaries();
    await using directory = await directoryWith({});
    const [node] = await onFreePorts(nodesOf('native'));
    const [client, peer] = [node?.clientPort, node?.peerPort].map(
      (port) => `http://127.0.0.1:${port}`,
    );
    const words = [
      `--data-dir=${directory.at('data')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ];
    const server = spawn(etcd, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(server, 'close');
    const ask = async (...command: readonly string[]) => {
      const env = { ETCDCTL_API: '3', ETCDCTL_ENDPOINTS: ` ${client}` };
      const child = spawn(program, ['--command-timeout=2s', ...command], { env, stdio: 'ignore' });
      await once(child, 'close');
      return child.exitCode;
    };
    try {
      await expect.poll(() => ask('get', 'a'), { timeout: 20_000 }).toBe(0);
      expect(await ask('endpoint', 'health')).not.toBe(0);
    } finally {
      server.kill('SIGKILL');
      await ended;
    }
  }, 40_000);
});

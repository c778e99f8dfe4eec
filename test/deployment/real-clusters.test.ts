import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf, onFreePorts } from '../../testcluster/nodes.ts';
import { directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

const { etcd } = isMissing('etcd') ? { etcd: '' } : await etcdBinaries();

/** What the second of two members is told differently, and whether they form one cluster. */
const cases = [
  { what: 'nothing', change: (list: string) => ({ list }), isOne: true },
  { what: 'the token', change: (list: string) => ({ list, token: 'green' }), isOne: false },
  {
    what: 'the port of the other',
    change: (list: string) => ({ list: list.replace(/(a=[^,]*):\d+/, '$1:1') }),
    isOne: false,
  },
  {
    what: 'the scheme of the other',
    change: (list: string) => ({ list: list.replace('a=http:', 'a=https:') }),
    isOne: false,
  },
  {
    what: 'the host of the other',
    change: (list: string) => ({ list: list.replace('a=http://127.0.0.1', 'a=http://localhost') }),
    isOne: false,
  },
  {
    what: 'a third member',
    change: (list: string) => ({ list: `${list},c=http://127.0.0.1:1` }),
    isOne: false,
  },
  {
    what: 'the name of the other',
    change: (list: string) => ({ list: list.replace('a=', 'x=') }),
    isOne: true,
  },
  {
    what: 'the order',
    change: (list: string) => ({ list: list.split(',').toReversed().join(',') }),
    isOne: true,
  },
];

test.each(cases)(
  'two members that differ in $what: one cluster $isOne',
  async (each) => {
    const [first, second] = await onFreePorts(nodesOf('native'));
    const ports = [first, second].map(
      (node) => [node?.clientPort ?? 0, node?.peerPort ?? 0] as const,
    );
    const list = ports
      .map(([, peer], index) => `${'ab'[index]}=http://127.0.0.1:${peer}`)
      .join(',');
    const stated = [
      { list, token: 'blue' },
      { token: 'blue', ...each.change(list) },
    ];
    const variables = ports.map(([client, peer], index) => ({
      ETCD_NAME: 'ab'[index] ?? '',
      ETCD_LISTEN_CLIENT_URLS: `http://127.0.0.1:${client}`,
      ETCD_ADVERTISE_CLIENT_URLS: `http://127.0.0.1:${client}`,
      ETCD_LISTEN_PEER_URLS: `http://127.0.0.1:${peer}`,
      ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://127.0.0.1:${peer}`,
      ETCD_INITIAL_CLUSTER: stated[index]?.list ?? '',
      ETCD_INITIAL_CLUSTER_TOKEN: stated[index]?.token ?? '',
    }));
    const [one = {}, other = {}] = variables;
    await using set = await directoryWith({
      'a/etcd.env': environmentFile({ ...one, ETCD_DATA_DIR: '/var/lib/etcd' }),
      'b/etcd.env': environmentFile({ ...other, ETCD_DATA_DIR: '/var/lib/etcd' }),
      // Directories without data: the members have not started before.
      'a/var/lib/etcd/lost+found/none': '',
      'b/var/lib/etcd/lost+found/none': '',
    });

    const { results } = await audit({ paths: [set.path], maps: [] });
    const { verdict } =
      results.find(
        ({ check, verdict: { status } }) =>
          check.id === 'members-form-different-clusters' && status === 'fail',
      ) ?? {};
    const logs = await startBoth(variables, set.path);

    expect(logs.some((log) => log.includes('cluster ID mismatch'))).toBe(!each.isOne);
    expect(verdict === undefined).toBe(each.isOne);
    const ids =
      verdict?.status === 'fail' ? [...(verdict.cause ?? '').matchAll(/is ([0-9a-f]+)/g)] : [];
    expect(ids).toHaveLength(each.isOne ? 0 : 2);
    for (const [, id] of ids) expect(logs.join('\n')).toContain(`"cluster-id":"${id}"`);
  },
  90_000,
);

function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Starts both and ends them when they have found, or rejected, each other. */
async function startBoth(
  variables: readonly Readonly<Record<string, string>>[],
  directory: string,
): Promise<readonly string[]> {
  const logs = variables.map(() => '');
  const processes = variables.map((own, index) => {
    const env = {
      ...own,
      ETCD_DATA_DIR: join(directory, `data-${index}`),
      ETCD_LOGGER: 'zap',
    };
    const started = spawn(etcd, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      logs[index] += text;
    });
    return { started, ended: once(started, 'close') };
  });
  try {
    await expect.poll(() => logs.filter((log) => !isDecided(log)), { timeout: 60_000 }).toEqual([]);
  } finally {
    for (const { started } of processes) started.kill('SIGKILL');
    await Promise.all(processes.map(({ ended }) => ended));
  }
  return logs;
}

function isDecided(log: string): boolean {
  return /ready to serve|serving client|cluster ID mismatch/.test(log);
}

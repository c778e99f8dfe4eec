import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { audit, judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { mergeEvidence } from '../../src/deployment/merge-evidence.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf, onFreePorts } from '../../testcluster/nodes.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { skipWithout } from '../support/skip-without.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const leaf = await ca.issue({ commonName: 'etcd', hosts: ['127.0.0.1', '10.0.0.1', 'localhost'] });
const files = {
  'ca.pem': ca.certificatePem,
  'etcd.pem': leaf.certificatePem,
  'etcd-key.pem': leaf.privateKeyPem,
};

interface Node {
  readonly name: string;
  readonly host?: string;
  readonly client: number;
  readonly peer: number;
  readonly directory: string;
  readonly list?: string;
  /** The port that peers are told, where it is another one. */
  readonly advertised?: number;
}

const both = 'a=https://127.0.0.1:2380,b=https://127.0.0.1:22380';

function line(node: Node): string {
  const { name, host = '127.0.0.1', client, peer, directory, list = both } = node;
  const { advertised = peer } = node;
  const tls = ['', 'peer-'].flatMap((side) => [
    `--${side}cert-file=etcd.pem`,
    `--${side}key-file=etcd-key.pem`,
    `--${side}trusted-ca-file=ca.pem`,
    `--${side}client-cert-auth`,
  ]);
  const words = [
    `--name=${name}`,
    `--data-dir=${directory}`,
    `--listen-client-urls=https://${host}:${client}`,
    `--advertise-client-urls=https://${host}:${client}`,
    `--listen-peer-urls=https://${host}:${peer}`,
    `--initial-advertise-peer-urls=https://${host}:${advertised}`,
    `--initial-cluster=${list}`,
    ...tls,
  ];
  return `${name}: etcd ${words.join(' ')}\n`;
}

const first = { name: 'a', client: 2379, peer: 2380, directory: 'a.etcd' };
const second = { name: 'b', client: 22379, peer: 22380, directory: 'b.etcd' };

test.each<{ what: string; nodes: readonly Node[]; says?: string }>([
  { what: 'ports and directories of their own', nodes: [first, second] },
  {
    what: 'one address of a router, which leads to two machines by its ports',
    nodes: [
      { ...first, advertised: 12380, list: 'a=https://127.0.0.1:12380,b=https://127.0.0.1:22380' },
      {
        ...first,
        name: 'b',
        advertised: 22380,
        list: 'a=https://127.0.0.1:12380,b=https://127.0.0.1:22380',
      },
    ],
  },
  {
    what: 'one client port',
    nodes: [first, { ...second, client: 2379 }],
    says: '--listen-client-urls prevents etcd from starting: two listeners need https://127.0.0.1:2379: https://127.0.0.1:2379 of a (--listen-client-urls) uses the same address and port',
  },
  {
    what: 'one data directory',
    nodes: [first, { ...second, directory: 'a.etcd' }],
    says: '--data-dir prevents etcd from starting: a on the same host uses the same data directory, and holds the lock of its database',
  },
  {
    what: 'one port on one address, in two clusters',
    nodes: [
      { ...first, host: '10.0.0.1', list: 'a=https://10.0.0.1:2380' },
      { ...second, host: '10.0.0.1', client: 2380, list: 'b=https://10.0.0.1:22380' },
    ],
    says: '--listen-client-urls prevents etcd from starting: two listeners need https://10.0.0.1:2380: https://10.0.0.1:2380 of a (--listen-peer-urls) uses the same address and port',
  },
  {
    what: 'loopback of two machines',
    nodes: [
      { ...first, list: 'a=https://127.0.0.1:2380' },
      { ...first, name: 'b', list: 'b=https://127.0.0.1:2380' },
    ],
  },
])('two members with $what', async ({ nodes, says }) => {
  await using set = await directoryWith({ ...files, Procfile: nodes.map(line).join('') });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const refused = results.flatMap(({ check, verdict }) =>
    check.id === 'settings-refused-at-start' && verdict.status === 'fail' ? [verdict.message] : [],
  );
  expect(refused).toEqual(says === undefined ? [] : [says]);
});

function service(node: Node, more: readonly string[] = ['    network_mode: host']): string {
  return [
    `  ${node.name}:`,
    '    image: quay.io/coreos/etcd:v3.5.30',
    ...more,
    `    command: ${line(node).replace(/^.: /, '').trimEnd()}`,
    '    volumes: [".:/certs"]',
    '    working_dir: /certs',
    '',
  ].join('\n');
}

test('two services of one compose file that bind the same address of their host', async () => {
  const nodes = [
    { ...first, host: '10.0.0.1', list: 'a=https://10.0.0.1:2380' },
    {
      ...second,
      host: '10.0.0.1',
      client: 2379,
      directory: 'a.etcd',
      list: 'b=https://10.0.0.1:22380',
    },
  ];
  const compose = `services:\n${nodes.map((node) => service(node)).join('')}`;
  await using set = await directoryWith({ ...files, 'docker-compose.yml': compose });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const refused = results.filter(
    ({ check, verdict }) => check.id === 'settings-refused-at-start' && verdict.status === 'fail',
  );
  expect(refused.map(({ target }) => target.name)).toEqual(['b --listen-client-urls']);
});

test.each([
  {
    what: 'one directory of their host',
    volumes: ['/srv/etcd', '/srv/etcd'],
    refused: ['b --data-dir'],
  },
  { what: 'one volume', volumes: ['data', 'data'], refused: ['b --data-dir'] },
  {
    what: 'one volume, in networks of their own',
    volumes: ['data', 'data'],
    network: 'networks: [etcd]',
    refused: ['b --data-dir'],
  },
  { what: 'a directory each', volumes: ['/srv/a', '/srv/b'], refused: [] },
  { what: 'a volume each', volumes: ['a', 'b'], refused: [] },
  { what: 'no volume', volumes: [], refused: [] },
  {
    what: 'one directory, on machines that Swarm chooses',
    volumes: ['/srv/etcd', '/srv/etcd'],
    network: 'deploy: {placement: {constraints: [node.role == worker]}}',
    other: '10.0.0.2',
    refused: [],
  },
])('two services with $what', async (given) => {
  const { volumes, network = 'network_mode: host', other = '10.0.0.1', refused } = given;
  const nodes = [
    { ...first, host: '10.0.0.1', directory: '/data' },
    { ...second, host: other, directory: '/data' },
  ];
  const list = `a=https://10.0.0.1:2380,b=https://${other}:22380`;
  const services = nodes.map((node, index) => {
    const own = volumes[index];
    const text = service({ ...node, list }, [`    ${network}`]);
    return own === undefined ? text : text.replace('".:/certs"', `".:/certs", "${own}:/data"`);
  });
  const compose = `services:\n${services.join('')}`;
  await using set = await directoryWith({ ...files, 'docker-compose.yml': compose });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const found = results.filter(
    ({ check, verdict }) => check.id === 'settings-refused-at-start' && verdict.status === 'fail',
  );
  expect(found.map(({ target }) => target.name)).toEqual(refused);
});

test('members that find each other at loopback are on one machine, in a directory each', async () => {
  const nodes = [first, { ...second, client: 2379 }];
  const own = nodes.map((node) => [`${node.name}/Procfile`, line(node)]);
  await using set = await directoryWith({ ...files, ...Object.fromEntries(own) });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const refused = results.filter(
    ({ check, verdict }) => check.id === 'settings-refused-at-start' && verdict.status === 'fail',
  );
  expect(refused.map(({ target }) => target.name)).toEqual(['b --listen-client-urls']);
});

test('hosts with their compose files in the same place are machines of their own', async () => {
  await using set = await directoryWith(files);
  const list = 'a=https://10.0.0.1:2380,b=https://10.0.0.2:2380';
  const seen: Evidence[] = [];
  for (const [name, host] of [
    ['a', '10.0.0.1'],
    ['b', '10.0.0.2'],
  ] as const) {
    const node = { ...first, name, host, directory: '/data', list };
    const mounted = service(node).replace('".:/certs"', '".:/certs", "/srv/etcd:/data"');
    await writeFile(set.at('docker-compose.yml'), `services:\n${mounted}`);
    seen.push(await collect({ paths: [set.path], maps: [], host: `host-${name}` }));
  }

  const { results } = judge(mergeEvidence(seen));

  const found = results.filter(({ check }) => check.id === 'settings-refused-at-start');
  expect(found.map(({ verdict }) => verdict.status)).not.toContain('fail');
  expect(found.length).toBeGreaterThan(0);
});

test.each([
  { what: 'the second has its default', given: [0], at: 'b --listen-client-urls Procfile:1' },
  { what: 'the first has its default', given: [1], at: 'b --listen-client-urls Procfile:2' },
  { what: 'both have their default', given: [], at: 'b --listen-client-urls Procfile:2' },
])('a port that two members need, where $what', async ({ given, at }) => {
  const stated = '--listen-client-urls=http://127.0.0.1:2379';
  const procfile = [first, second]
    .map((node, index) =>
      line(node)
        .replace(/ --listen-client-urls=\S+/, given.includes(index) ? ` ${stated}` : '')
        .replace(/ --advertise-client-urls=\S+/, ' --advertise-client-urls=http://127.0.0.1:2379'),
    )
    .join('');
  await using set = await directoryWith({ ...files, Procfile: procfile });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const found = results.flatMap(({ check, target, verdict }) => {
    const place = `${target.location?.file.replace(`${set.path}/`, '')}:${target.location?.line}`;
    return check.id === 'settings-refused-at-start' && verdict.status === 'fail'
      ? [{ at: `${target.name} ${place}`, message: verdict.message }]
      : [];
  });
  expect(found.map((each) => each.at)).toEqual([at]);
  expect(found[0]?.message).toMatch(/^--listen-client-urls prevents etcd from starting/);
});

describe('real etcd', () => {
  skipWithout('etcd');

  test('real etcd waits for a data directory that another one holds', async () => {
    const { etcd } = await etcdBinaries();
    await using directory = await directoryWith({});
    const nodes = await onFreePorts(nodesOf('native'));
    const started = nodes.slice(0, 2).map(({ clientPort, peerPort }) => {
      const [client, peer] = [clientPort, peerPort].map((port) => `http://127.0.0.1:${port}`);
      const words = [
        `--data-dir=${directory.at('data')}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
      ];
      return () => spawn(etcd, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    });
    const running: ReturnType<typeof spawn>[] = [];
    const says = async (start: (typeof started)[number] | undefined, words: RegExp) => {
      const child = start?.();
      if (child === undefined) return;
      running.push(child);
      let output = '';
      child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
      await expect.poll(() => output, { timeout: 30_000 }).toMatch(words);
      expect(output).toMatch(words);
    };
    try {
      await says(started[0], /ready to serve client requests/);
      await says(started[1], /flocked by another process|another etcd process is using/);
      expect(readFileSync(directory.at('data/member/snap/db')).length).toBeGreaterThan(0);
    } finally {
      for (const child of running) {
        const ended = once(child, 'close');
        child.kill('SIGKILL');
        await ended;
      }
    }
  }, 60_000);
});

import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { fetchedBinaries } from '../../testcluster/etcd-binaries.ts';
import { run } from '../../testcluster/run.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

const [ca, cert, key] = ['/etc/etcd/ca.pem', '/etc/etcd/client.pem', '/etc/etcd/client-key.pem'];
const flags = {
  2: `--ca-file=${ca} --cert-file=${cert} --key-file=${key}`,
  3: `--cacert=${ca} --cert=${cert} --key=${key}`,
};
const variables = {
  2: `ETCDCTL_CA_FILE=${ca} ETCDCTL_CERT_FILE=${cert} ETCDCTL_KEY_FILE=${key}`,
  3: `ETCDCTL_CACERT=${ca} ETCDCTL_CERT=${cert} ETCDCTL_KEY=${key}`,
};

const serving = Object.fromEntries(
  ['n1', 'n2', 'n3'].map((name) => [name, { ETCD_ENABLE_V2: 'true' }]),
);

async function judged(before: string, words: string, etcdVersion?: string, members = serving) {
  const command = `${before} etcdctl --endpoints=https://10.0.0.1:2379 ${words} get a`;
  await using set = await threeMembers(members, { 'ask.sh': `#!/bin/sh\n${command}\n` });
  const version = etcdVersion !== undefined && { etcdVersion };
  const { verdict, results } = await audit({ paths: [set.path], maps: [], ...version });
  const failing = results.filter(({ verdict: { status }, check }) => {
    return status === 'fail' && check.severity === 'high';
  });
  const told = failing.map(({ check, verdict: found }) =>
    found.status === 'fail' ? (found.cause ?? check.id) : check.id,
  );
  return [verdict.status, ...told];
}

const lacks = ['fail', 'client-without-certificate'];
const noFlagOfThree = ['fail', 'etcdctl says: flag provided but not defined: -cacert'];
const noFlagOfTwo = ['fail', 'etcdctl says: unknown flag: --ca-file'];

describe('ETCDCTL_API=2', () => {
  test.each([
    ['flags of version 2', '', flags[2], ['pass'], noFlagOfTwo],
    ['flags of version 3', '', flags[3], noFlagOfThree, ['pass']],
    ['variables of version 2', variables[2], '', ['pass'], lacks],
    ['variables of version 3', variables[3], '', lacks, ['pass']],
  ])('has no effect since 3.6: %s', async (_, before, words, until35, since36) => {
    const asked = `ETCDCTL_API=2 ${before}`;

    expect(await judged(asked, words, '3.5.30')).toEqual(until35);
    expect(await judged(asked, words, '3.6.4')).toEqual(since36);
    expect(await judged(asked, words)).toEqual(['incomplete']);
  });

  test('makes no difference with the variables of both versions', async () => {
    const both = `ETCDCTL_API=2 ${variables[2]} ${variables[3]}`;

    expect(await judged(both, '', '3.5.30')).toEqual(['pass']);
    expect(await judged(both, '', '3.6.4')).toEqual(['pass']);
    expect(await judged(both, '')).toEqual(['pass']);
  });
});

test('a member from 3.4 to 3.5 serves version 2 with enable-v2 alone', async () => {
  const asked = ['ETCDCTL_API=2', flags[2]] as const;
  const notServed = [
    'fail',
    'etcdctl says: client: response is invalid json. The endpoint is probably not valid etcd cluster endpoint',
  ];

  for (const version of ['3.4.23', '3.5.30']) {
    expect(await judged(...asked, version, {})).toEqual(notServed);
    expect(await judged(...asked, version, { n1: { ETCD_ENABLE_V2: 'true' } })).toEqual(['pass']);
    expect(await judged('ETCDCTL_API=3', flags[3], version, {})).toEqual(['pass']);
  }
  expect(await judged(...asked, '3.3.25', {})).toEqual(['pass']);
  expect(await judged(...asked, '3.3.25', { n1: { ETCD_ENABLE_V2: 'false' } })).toEqual(notServed);
});

const endpoints = '--endpoints=https://10.0.0.1:2379';

/** What etcdctl 3.3 makes of a command line without ETCDCTL_API, and what 3.4 makes of it. */
const withoutApi: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [`${endpoints} ${flags[3]} get a`, ['flag provided but not defined: -cacert'], []],
  [
    `${endpoints} -cacert=${ca} get a`,
    ['flag provided but not defined: -cacert'],
    ['unknown shorthand'],
  ],
  [`${endpoints} ${flags[2]} get a`, [], ['unknown flag: --ca-file']],
  [`-C https://10.0.0.1:2379 ${flags[2]} --timeout=1s ls /`, [], ['unknown command "ls"']],
  [`${endpoints} ${flags[2]} cluster-health`, [], ['unknown command "cluster-health"']],
  [
    `${endpoints} ${flags[2]} endpoint health`,
    ["No help topic for 'endpoint'"],
    ['unknown flag: --ca-file'],
  ],
  [`${endpoints} ${flags[2]} put a b`, ["No help topic for 'put'"], ['unknown flag: --ca-file']],
  [
    `${endpoints} ${flags[2]} get --prefix a`,
    ['flag provided but not defined: -prefix'],
    ['unknown flag: --ca-file'],
  ],
  [
    `${endpoints} ${flags[2]} member list -w table`,
    ['flag provided but not defined: -w'],
    ['unknown flag: --ca-file'],
  ],
  [
    `${endpoints} ${flags[2]} --timeout=5 ls`,
    ['invalid value "5" for flag -timeout'],
    ['unknown command "ls"'],
  ],
  [
    `--endpoints=10.0.0.1:2379 ${flags[2]} ls`,
    ['first path segment in URL cannot contain colon'],
    ['unknown command "ls"'],
  ],
  ['--endpoints=n1:2379 ls', ['unsupported protocol scheme "n1"'], ['unknown command "ls"']],
  [
    `${endpoints} --cert-file=${cert} ls`,
    ['KeyFile and CertFile must both be present'],
    ['unknown command "ls"'],
  ],
];

async function saidBy(etcdVersion: string, command: string) {
  await using set = await threeMembers({}, { 'ask.sh': `#!/bin/sh\netcdctl ${command}\n` });
  const { verdict, results } = await audit({ paths: [set.path], maps: [], etcdVersion });
  const said = results.flatMap(({ verdict: found, check: { id } }) =>
    found.status === 'fail' && id === 'client-settings-refused' ? [found.cause ?? ''] : [],
  );
  return { status: verdict.status, said };
}

function container(name: string, words: string, before = ''): string {
  return `docker run --rm -v /etc/etcd:/etc/etcd ${before} ${name} etcdctl ${endpoints} ${words} get a`;
}

function image(tag: string): string {
  return `quay.io/coreos/etcd:v${tag}`;
}

describe('without ETCDCTL_API version 2 is the default of etcdctl up to 3.3', () => {
  test.each(withoutApi)('%s', async (command, of33, of34) => {
    for (const [version, expected] of [
      ['3.3.25', of33],
      ['3.4.23', of34],
    ] as const) {
      const { status, said } = await saidBy(version, command);

      expect([version, status]).toEqual([version, expected.length === 0 ? 'pass' : 'fail']);
      expect(said.map((each) => expected.some((text) => each.includes(text)))).toEqual(
        expected.map(() => true),
      );
    }
  });

  test.each([
    ['version 3 in 3.3', container(image('3.3.27'), flags[3]), 'fail'],
    ['version 2 in 3.3', container(image('3.3.27'), flags[2]), 'incomplete'],
    [
      'version 3 in 3.3, with the variable',
      container(image('3.3.27'), flags[3], '-e ETCDCTL_API=3'),
      'pass',
    ],
    [
      'version 2 in 3.3, with the variable',
      container(image('3.3.27'), flags[2], '-e ETCDCTL_API=3'),
      'fail',
    ],
    ['version 3 in 3.4', container(image('3.4.23'), flags[3]), 'pass'],
    ['version 2 in 3.4', container(image('3.4.23'), flags[2]), 'fail'],
    [
      'version 3 in an image that may set the variable',
      container('bitnami/etcd:3.3.25', flags[3]),
      'pass',
    ],
    [
      'version 3 in an image of no release',
      container('quay.io/coreos/etcd:latest', flags[3]),
      'pass',
    ],
  ])('%s', async (_, script, status) => {
    await using set = await threeMembers({}, { 'ask.sh': `#!/bin/sh\n${script}\n` });

    expect((await audit({ paths: [set.path], maps: [] })).verdict.status).toBe(status);
  });
});

test('another version than 2 and 3 ends etcdctl up to 3.5', async () => {
  const words = flags[3];

  expect(await judged('ETCDCTL_API=4', words, '3.5.30')).toEqual([
    'fail',
    'etcdctl says: unsupported API version',
  ]);
  expect(await judged('ETCDCTL_API=4', words, '3.6.4')).toEqual(['pass']);
});

describe('real etcdctl', () => {
  skipWithout('etcd');

  test('speaks version 2 up to 3.5', async () => {
    for (const { etcdctl, version } of await fetchedBinaries()) {
      const environment = { ETCDCTL_API: '2' };
      const ask = async (flag: string) => {
        const words = ['--endpoints=http://127.0.0.1:1', `${flag}=/nowhere`, 'get', 'a'];
        const { stdout, stderr } = await run(etcdctl, words, { environment });
        return `${stdout}${stderr}`;
      };
      const hasTwo = /^3\.[345]\./.test(version);
      const [two, three] = [await ask('--ca-file'), await ask('--cacert')];

      expect([two.includes('unknown flag: --ca-file'), version]).toEqual([!hasTwo, version]);
      expect([three.includes('not defined: -cacert'), version]).toEqual([hasTwo, version]);
    }
  }, 60_000);

  test('makes the same of command lines without ETCDCTL_API', async () => {
    for (const { etcdctl, version } of await fetchedBinaries()) {
      if (!/^3\.[34]\./.test(version)) continue;
      for (const [command, of33, of34] of withoutApi) {
        const words = command
          .replaceAll(/\/etc\/etcd\/\S+/g, '/nowhere')
          .replaceAll('10.0.0.1:2379', '127.0.0.1:1')
          .replaceAll('n1:2379', 'n1:1');
        const expected = version.startsWith('3.3.') ? of33 : of34;
        const { stdout, stderr } = await run(etcdctl, words.split(' '), {});
        const said = `${stdout}${stderr}`;

        for (const text of expected) expect(`${version} ${command}: ${said}`).toContain(text);
        expect([command, /Usage|help topic|unknown/.test(said)]).toEqual([
          command,
          /provided|help topic|unknown|invalid value/.test(expected.join()),
        ]);
      }
    }
  }, 60_000);
});

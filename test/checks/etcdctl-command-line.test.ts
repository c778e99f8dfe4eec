import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { fetchedBinaries } from '../../testcluster/etcd-binaries.ts';
import { run } from '../../testcluster/run.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

const endpoints = '--endpoints=https://10.0.0.1:2379';
const tls = '--cacert=/etc/etcd/ca.pem --cert=/etc/etcd/client.pem --key=/etc/etcd/client-key.pem';

async function judged(script: string, etcdVersion?: string) {
  await using set = await threeMembers({}, { 'ask.sh': `#!/bin/sh\n${script}\n` });
  const version = etcdVersion !== undefined && { etcdVersion };
  const { verdict, results, forecast } = await audit({ paths: [set.path], maps: [], ...version });
  const failing = results.filter(({ verdict: { status }, check }) => {
    return status === 'fail' && check.severity === 'high';
  });
  return {
    status: verdict.status,
    failing: failing.map((result) => [
      result.check.id,
      result.verdict.status === 'fail' ? result.verdict.cause : undefined,
    ]),
    edges: forecast.filter(({ edge, from }) => edge === 'client' && from === 'etcdctl'),
  };
}

/** Command lines that etcdctl ends over before it connects, with what it says, and that it takes. */
const refused: readonly (readonly [string, string])[] = [
  ['--endpoint=https://10.0.0.1:2379 member list', 'unknown flag: --endpoint'],
  ['--frobnicate member list', 'unknown command "list" for "etcdctl"'],
  ['--frobnicate=1 member list', 'unknown flag: --frobnicate'],
  ['-endpoints 10.0.0.1:2379 get a', 'unknown command "10.0.0.1:2379" for "etcdctl"'],
  ['--cluster endpoint health', 'unknown command "health" for "etcdctl"'],
  ['--ca-file /x member list', 'unknown flag: --ca-file'],
  ['member list --frobnicate', 'unknown flag: --frobnicate'],
  ['get a -x', "unknown shorthand flag: 'x' in -x"],
  ['get a -wx', 'unsupported output format'],
  ['member list -w', "flag needs an argument: 'w' in -w"],
  ['member list --dial-timeout', 'flag needs an argument: --dial-timeout'],
  ['--dial-timeout 5 member list', 'invalid argument "5" for "--dial-timeout" flag'],
  ['--debug=maybe member list', 'invalid argument "maybe" for "--debug" flag'],
  ['--endpoints= member list', 'etcdclient: no available endpoints'],
  ['--debug false member list', 'unknown command "false" for "etcdctl"'],
  ['cluster-health', 'unknown command "cluster-health" for "etcdctl"'],
];

const accepted = [
  'member list -w table',
  'member list -wjson',
  '-w=json member list',
  '--debug=false get a --prefix --keys-only',
  'get -w json --limit 5 -- --frobnicate',
  '--dial-timeout 1s --command-timeout=200ms endpoint health --cluster',
  'endpoint status --write-out table',
  'watch a -i=false -- echo --frobnicate',
];

describe('a command line of etcdctl', () => {
  test.each(refused)('%s', async (words, says) => {
    const given = words.includes('-endpoint') ? '' : endpoints;

    const { status, failing } = await judged(`etcdctl ${given} ${tls} ${words}`);

    expect(status).toBe('fail');
    expect(failing).toEqual([['client-settings-refused', `etcdctl says: ${says}`]]);
  });

  test.each(accepted)('%s', async (words) => {
    const { status, edges } = await judged(`etcdctl ${endpoints} ${tls} ${words}`);

    expect(status).toBe('pass');
    expect(edges.map(({ outcome }) => outcome)).toEqual(['accepted']);
  });

  test.each(['"$@"', '$FLAGS get a', '--dial-timeout=$TIME get a', '$COMMAND'])(
    'is not refused for what is not known: %s',
    async (words) => {
      expect((await judged(`etcdctl ${endpoints} ${tls} ${words}`)).failing).toEqual([]);
    },
  );

  test('by API version 2, alone or mixed, with the files that are meant', async () => {
    const flags =
      '--ca-file=/etc/etcd/ca.pem --cert-file=/etc/etcd/client.pem --key-file=/etc/etcd/client-key.pem';
    const says = [
      ['client-settings-refused', 'etcdctl says: unknown command "cluster-health" for "etcdctl"'],
    ];
    const asked = `etcdctl ${endpoints} ${flags} cluster-health`;

    expect((await judged(asked)).failing).toEqual(says);
    expect((await judged(`ETCDCTL_API=3 ${asked}`)).failing).toEqual(says);
    expect((await judged(`ETCDCTL_API=2 ${asked}`)).failing).toEqual([]);
    expect((await judged(asked, '3.3.25')).failing).toEqual([]);
  });
});

describe('endpoints that DNS lists', () => {
  test.each([`--discovery-srv=etcd.test ${tls} get a`, `-d etcd.test ${tls} get a`])(
    'are an open question: %s',
    async (words) => {
      expect(await judged(`etcdctl ${words}`)).toEqual({
        status: 'incomplete',
        failing: [],
        edges: [],
      });
    },
  );
});

describe('a variable next to its flag', () => {
  test.each([
    ['ETCDCTL_WRITE_OUT=json', '-w table'],
    ['ETCDCTL_DIAL_TIMEOUT=3s', '--dial-timeout=3s'],
    ['ETCDCTL_USER=root', '--user root:x'],
    ['ETCDCTL_ENDPOINTS=', ''],
  ])('%s and %s', async (variable, flag) => {
    const script = (words: string) =>
      `export ETCDCTL_API=3 ${variable}\netcdctl ${endpoints} ${tls} ${words}`;
    const [name = ''] = variable.split('=');

    const { failing } = await judged(script(`${flag} member list`));

    expect(failing).toEqual([['client-settings-refused', undefined]]);
    expect((await judged(script(`${flag} member list`), '3.3.25')).failing).toEqual([]);
    const others = script('member list').replace(name, 'ETCDCTL_KEEPALIVE_TIME');
    expect((await judged(others)).failing).toEqual([]);
  });
});

test('a client that ends over its settings connects to nothing, and the fault behind is told', async () => {
  const wrong = tls.replace('--cacert=/etc/etcd/ca.pem', '--cacert=/etc/etcd/n2.pem');
  const { edges, failing } = await judged(`etcdctl ${endpoints} ${wrong} --frobnicate get a`);

  expect(edges).toMatchObject([
    { outcome: 'refused', refusedBy: 'never-dials', rule: 'etcd.refused-at-start' },
  ]);
  expect(new Set(failing.map(([check]) => check))).toEqual(
    new Set(['client-settings-refused', 'unknown-authority']),
  );
});

test('a command line is judged next to a sound one with the same files', async () => {
  const sound = `etcdctl ${endpoints} ${tls} get a`;

  expect((await judged(`${sound}\n${sound}`)).status).toBe('pass');
  expect((await judged(`${sound}\n${sound} --frobnicate`)).failing).toEqual([
    ['client-settings-refused', 'etcdctl-2 says: unknown flag: --frobnicate'],
  ]);
});

describe('real etcdctl', () => {
  skipWithout('etcd');

  test('ends over the same command lines, in the same words', async () => {
    for (const { etcdctl, version } of await fetchedBinaries()) {
      const ask = async (before: readonly string[], words: string) => {
        const environment = { ETCDCTL_API: '3' };
        const all = ['--command-timeout=100ms', ...before, ...words.split(' ')];
        const { stdout, stderr } = await run(etcdctl, all, { environment });
        return `${version}: ${stdout}${stderr}`;
      };
      const ends = refused.map(async ([words, says]) => {
        expect(await ask([], words)).toContain(says);
      });
      const nowhere = ['--endpoints=127.0.0.1:1', '--dial-timeout=100ms'];
      const goes = accepted
        .filter((each) => !each.startsWith('watch'))
        .map(async (words) => {
          expect(await ask(nowhere, words)).not.toMatch(
            /unknown|invalid argument|unsupported|needs an/,
          );
        });
      await Promise.all([...ends, ...goes]);
    }
  }, 120_000);

  test('ends over a variable next to its flag since 3.4', async () => {
    for (const { etcdctl, version } of await fetchedBinaries()) {
      const environment = { ETCDCTL_API: '3', ETCDCTL_WRITE_OUT: 'json' };
      const { stderr } = await run(
        etcdctl,
        ['--command-timeout=100ms', '-w', 'table', 'get', 'a'],
        { environment },
      );
      expect(stderr.includes('conflicting environment variable')).toBe(!version.startsWith('3.3'));
    }
  }, 60_000);
});

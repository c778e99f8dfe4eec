import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit, judge } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { cannotFetch } from '../../src/etcd/find-url-problems.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf, onFreePorts } from '../../testcluster/nodes.ts';
import { directoryWith } from '../support/directory.ts';
import { startEtcd } from '../support/real-start.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers, type Variables } from '../support/three-members.ts';

const url = 'https://10.0.0.1:2380';

/** Settings that differ from the cluster's, which a joining member does not compare. */
const notCompared: Readonly<Record<string, Variables>> = {
  'a list with another URL of its own': {
    ETCD_INITIAL_CLUSTER:
      'n1=https://10.0.0.9:2380,n2=https://10.0.0.2:2380,n3=https://10.0.0.3:2380',
  },
  'another token': { ETCD_INITIAL_CLUSTER_TOKEN: 'green' },
};

/** What it refuses all the same. */
const refused: Readonly<Record<string, Variables>> = {
  'a list without its name': { ETCD_INITIAL_CLUSTER: 'n2=https://10.0.0.2:2380' },
  'a list with a URL twice': { ETCD_INITIAL_CLUSTER: `n1=${url},n2=${url}` },
  'a list with a URL twice that is not its own': {
    ETCD_INITIAL_CLUSTER: 'n1=https://10.0.0.9:2380,n2=https://10.0.0.9:2380',
  },
  'a list that cannot be read': { ETCD_INITIAL_CLUSTER: 'n1=ftp://10.0.0.1' },
};

/** Settings of the first of three members that differ from the cluster's. */
const differing = { ...notCompared, ...refused };
const joining = { ETCD_INITIAL_CLUSTER_STATE: 'existing' };
const nothing = { 'n1/var/lib/etcd/lost+found/none': '' };

const directory = { ETCD_DATA_DIR: '/var/lib/etcd' };
const asked = /^(?:settings-refused-at-start|members-form-different-clusters)$/;

async function judged(
  own: Variables,
  others: Readonly<Record<string, string>> = {},
  members: Readonly<Record<string, Variables>> = {},
) {
  await using set = await threeMembers({ ...members, n1: { ...directory, ...own } }, others);
  const { results, verdict } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
  const answers = results
    .filter(({ check, verdict: { status } }) => asked.test(check.id) && status !== 'pass')
    .map((result) => ({ of: result.target.member, ...result.verdict }));
  return { verdict, ofOne: answers.filter(({ of }) => of === 'n1') };
}

test.each(Object.entries(differing))(
  'a member with %s: whether that matters depends on whether it has started',
  async (_, own) => {
    const { verdict, ofOne } = await judged(own);

    expect(verdict.status).toBe('incomplete');
    const [open] = ofOne;
    if (open?.status !== 'inconclusive') throw new Error(`the question is ${open?.status}`);
    expect(open.because).toContain('whether n1 has started before is not known; if not: ');
    expect(open.give).toContain('give the data directory of n1');
  },
);

test.each(Object.entries(refused))(
  'a member with %s: no connection with it is sure before it is known to have started',
  async (_, own) => {
    const outcomes = async (others: Readonly<Record<string, string>>) => {
      await using set = await threeMembers({ n1: { ...directory, ...own } }, others);
      const { forecast } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
      const needed = forecast.filter(({ edge }) => edge !== 'intruder');
      const withIt = needed.filter((edge) => edge.member === 'n1' || edge.from === 'n1');
      const rest = needed.filter((edge) => !withIt.includes(edge));
      expect(rest.map(({ outcome }) => outcome)).toContain('accepted');
      return new Set(withIt.map(({ outcome, dependsOn = [] }) => [outcome, ...dependsOn].join()));
    };
    const [unknown, ...others] = await outcomes({});

    expect(others).toEqual([]);
    expect(unknown).toMatch(/^not-sure,n1 having started before/);
    expect(
      await outcomes({ 'n1/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': 'w' }),
    ).toEqual(new Set(['accepted']));
  },
);

test.each(Object.entries(differing))(
  'a member with %s and has a data directory',
  async (_, own) => {
    const { verdict, ofOne } = await judged(own, {
      'n1/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': 'wal',
      'n1/var/lib/etcd/member/snap/db': 'db',
    });

    expect(ofOne).toEqual([]);
    expect(verdict.status).toBe('pass');
  },
);

test.each(Object.entries(notCompared))('a member with %s and joins', async (_, own) => {
  const { verdict, ofOne } = await judged({ ...own, ...joining }, nothing);

  expect(ofOne).toEqual([]);
  expect(verdict.status).toBe('pass');
});

test.each(Object.entries(refused))('a member with %s and joins', async (_, own) => {
  const seenEmpty = await judged({ ...own, ...joining }, nothing);
  const notSeen = await judged({ ...own, ...joining });

  expect(seenEmpty.verdict.status).toBe('fail');
  expect(seenEmpty.ofOne[0]).toMatchObject({ status: 'fail' });
  expect(notSeen.verdict.status).toBe('incomplete');
  expect(notSeen.ofOne[0]).toMatchObject({ status: 'inconclusive' });
  expect(JSON.stringify(notSeen.ofOne)).not.toContain('initial-cluster-state');
});

test('a list that something else fills in is not known, also of a member that joins', async () => {
  const own = { ETCD_INITIAL_CLUSTER: '${CLUSTER}', ...joining };

  expect((await judged(own)).verdict.status).toBe('incomplete');
});

test('a list that a program prints when etcd starts is asked for by the data directory', async () => {
  const own = { ETCD_INITIAL_CLUSTER: '$(discover-etcd-initial-cluster)' };
  const open = await judged(own);
  const started = await judged(own, {
    'n1/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': 'wal',
  });

  expect(open.verdict.status).toBe('incomplete');
  expect(open.verdict.next).toMatch(
    /^give the data directory of the member as well, .*ETCD_INITIAL/,
  );
  expect(started.verdict.status).toBe('pass');
});

test.each(Object.entries(differing))(
  'a member with %s, with nothing in its data directory',
  async (_, own) => {
    const { verdict, ofOne } = await judged(own, nothing);

    expect(verdict.status).toBe('fail');
    expect(ofOne[0]).toMatchObject({ status: 'fail' });
  },
);

test('what a refused first start leaves is no sign of a start', async () => {
  const { ofOne } = await judged(refused['a list without its name'] ?? {}, {
    'n1/var/lib/etcd/member/snap/db': 'db',
  });

  expect(ofOne[0]).toMatchObject({ status: 'fail' });
});

test('a directory for the log without a log is no sign of a start', async () => {
  const { ofOne } = await judged(refused['a list without its name'] ?? {}, {
    'n1/var/lib/etcd/member/wal/none': '',
  });

  expect(ofOne[0]).toMatchObject({ status: 'fail' });
});

const alone = { ...joining, ETCD_INITIAL_CLUSTER: 'n1=https://10.0.0.1:2380' };

test('a member whose list names it alone is blamed for that alone', async () => {
  const { ofOne } = await judged(alone, nothing);

  expect(ofOne).toHaveLength(1);
  expect(JSON.stringify(ofOne)).toContain('cannot fetch cluster info');
});

test.each(['member', 'member/wal'])(
  'a data directory in which %s could not be looked into',
  async (place) => {
    await using set = await threeMembers({ n1: { ...directory, ...alone } }, nothing);
    const evidence = await collect({ paths: [set.path], maps: [] });
    const { files = [] } = evidence.facts;
    const path = set.at(`n1/var/lib/etcd/${place}`);
    const denied = { kind: 'denied' as const, text: 'permission denied' };
    const hidden = { path, size: 0, blocks: [], traps: [], unreadable: denied };
    const seen = { ...evidence, facts: { ...evidence.facts, files: [...files, hidden] } };

    expect(judge(evidence).verdict.status).toBe('fail');
    expect(judge(seen).verdict.status).toBe('incomplete');
  },
);

test('a log that is kept elsewhere is not known', async () => {
  const own = { ...refused['a list without its name'], ETCD_WAL_DIR: '/var/lib/wal' };
  const { ofOne } = await judged(own, { 'n1/var/lib/etcd/member/snap/db': 'db' });

  expect(ofOne[0]).toMatchObject({ status: 'inconclusive' });
});

const listOf = (...names: readonly number[]) =>
  names.map((each) => `n${each}=https://10.0.0.${each}:2380`).join(',');

const peers = listOf(1, 2, 3);
const words = (index: number) => [
  '/usr/bin/etcd',
  `--name=n${index}`,
  '--initial-cluster-state=existing',
  `--initial-cluster=${peers}`,
  `--initial-advertise-peer-urls=https://10.0.0.${index}:2380`,
];

const running = (time: string, index: number) =>
  `etcd  ${800 + index}  1  0 10:00 ?  ${time} ${words(index).join(' ')}`;
const listed = (time: string) =>
  `UID   PID PPID C STIME TTY TIME CMD\n${[1, 2, 3].map((each) => running(time, each)).join('\n')}\n`;

test.each([
  ['00:12:31', true],
  ['00:00:00', undefined],
])('members that join, seen running with %s of processor time', async (time, started) => {
  await using set = await directoryWith({ 'ps.txt': listed(time) });
  const { facts } = deploymentOf(await collect({ paths: [set.path], maps: [] }), {});

  expect(facts.members?.map((each) => each.started)).toEqual([started, started, started]);
});

const statusText = (state: string) => (index: number) => ({
  [`n${index}.txt`]: `● etcd.service - etcd\n     Active: ${state}\n   Main PID: ${800 + index} (etcd)\n     CGroup: /system.slice/etcd.service\n             └─${800 + index} ${words(index).join(' ')}\n`,
});
const properties =
  (...lines: readonly string[]) =>
  (index: number) => ({
    [`n${index}.txt`]: `${lines.join('\n')}\nExecStart={ path=/usr/bin/etcd ; argv[]=${words(index).join(' ')} ; ignore_errors=no ; pid=${800 + index} ; code=(null) ; status=0/0 }\n`,
  });
const inspected = (state: object, restarts: number) => (index: number) => ({
  [`n${index}.json`]: JSON.stringify([
    {
      Id: String(index),
      Name: `/etcd${index}`,
      Path: words(index)[0],
      Args: words(index).slice(1),
      State: state,
      RestartCount: restarts,
      Config: { Image: 'quay.io/coreos/etcd:v3.5.30', Env: [], Cmd: null, Entrypoint: null },
      HostConfig: {},
      Mounts: [],
      NetworkSettings: {},
    },
  ]),
});

const days = 'active (running) since Mon 2026-11-02 10:00:00 UTC; 3 weeks ago';
const seconds = 'active (running) since Mon 2026-11-02 10:00:00 UTC; 4s ago';
const ready = ['Type=notify', 'ActiveState=active', 'SubState=running'];

test.each([
  ['`systemctl status` of weeks', statusText(days), true],
  ['`systemctl status` of seconds', statusText(seconds), undefined],
  ['`systemctl status` of one that failed', statusText('failed (Result: exit-code)'), undefined],
  ['`systemctl show` of a unit that is ready', properties(...ready), true],
  [
    '`systemctl show` of a unit that does not say it',
    properties('Type=simple', ...ready.slice(1)),
    undefined,
  ],
  [
    '`systemctl show` of a unit that starts',
    properties('Type=notify', 'ActiveState=activating', 'SubState=start'),
    undefined,
  ],
  ['`docker inspect` of one that runs', inspected({ Running: true }, 0), true],
  ['`docker inspect` of one that was restarted', inspected({ Running: true }, 7), undefined],
  ['`docker inspect` of one that ended', inspected({ Running: false }, 0), undefined],
])('whether members that join have started, by %s', async (_, file, started) => {
  await using set = await directoryWith({ ...file(1), ...file(2), ...file(3) });
  const { facts } = deploymentOf(await collect({ paths: [set.path], maps: [] }), {});

  expect(facts.members?.map((each) => each.started)).toEqual([started, started, started]);
});

const log = '0000000000000000-0000000000000000.wal';
const elsewhere = { ...refused['a list without its name'], ETCD_WAL_DIR: '/var/lib/wal' };

test('a log that wal-dir puts elsewhere, among the files', async () => {
  const { verdict, ofOne } = await judged(elsewhere, { [`n1/var/lib/wal/${log}`]: 'wal' });

  expect(ofOne).toEqual([]);
  expect(verdict.status).toBe('pass');
});

test('a directory of wal-dir without a log, and a log where wal-dir does not lead', async () => {
  const empty = await judged(elsewhere, { 'n1/var/lib/wal/none': '' });
  const other = await judged(elsewhere, { [`n1/var/lib/etcd/member/wal/${log}`]: 'wal' });

  expect(empty.ofOne[0]).toMatchObject({ status: 'fail' });
  expect(other.ofOne[0]).toMatchObject({ status: 'inconclusive' });
});

test.each([{}, joining])(
  'a placeholder in what a member that has started does not read: %j',
  async (state) => {
    const own = { ETCD_INITIAL_CLUSTER: '${PEERS}', ETCD_INITIAL_CLUSTER_TOKEN: '${T}', ...state };
    const started = await judged(own, { [`n1/var/lib/etcd/member/wal/${log}`]: 'wal' });

    expect(started.verdict.status).toBe('pass');
    expect((await judged(own)).verdict.status).toBe('incomplete');
    expect((await judged(own, nothing)).verdict.status).toBe('incomplete');
  },
);

test('a placeholder that a member always reads', async () => {
  const own = { ETCD_LISTEN_PEER_URLS: '${URLS}' };
  const started = await judged(own, { [`n1/var/lib/etcd/member/wal/${log}`]: 'wal' });

  expect(started.verdict.status).toBe('incomplete');
});

test('the data directory of another member says nothing of this one', async () => {
  const { ofOne } = await judged(differing['another token'] ?? {}, {
    'n2/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': 'wal',
  });

  expect(ofOne[0]).toMatchObject({ status: 'inconclusive' });
});

/** What can never join, whatever the running cluster is. */
const neverJoins: Readonly<Record<string, Variables>> = {
  'lists no other member': { ETCD_INITIAL_CLUSTER: listOf(1) },
  'lacks a member that forms the cluster': { ETCD_INITIAL_CLUSTER: listOf(1, 2) },
  'has a discovery URL': {
    ETCD_INITIAL_CLUSTER: undefined,
    ETCD_DISCOVERY: 'https://discovery.etcd.io/1',
  },
};

test.each(Object.entries(neverJoins))('a member that joins and %s', async (_, own) => {
  const notSeen = await judged({ ...own, ...joining });
  const seenEmpty = await judged({ ...own, ...joining }, nothing);
  const hasStarted = await judged(
    { ...own, ...joining },
    { 'n1/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal': 'wal' },
  );

  expect(notSeen.verdict.status).toBe('incomplete');
  expect(seenEmpty.verdict.status).toBe('fail');
  expect(hasStarted.verdict.status).toBe('pass');
});

const statusOf = async (
  members: Readonly<Record<string, Variables>>,
  others: Readonly<Record<string, string>> = {},
) => {
  await using set = await threeMembers(members, others);
  return (await audit({ paths: [set.path], maps: [] })).verdict.status;
};

test('members that all join have no cluster to join, unless one has started', async () => {
  const all = { n1: { ...directory, ...joining }, n2: joining, n3: joining };
  const started = 'n1/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal';

  expect(await statusOf(all)).toBe('incomplete');
  expect(await statusOf(all, nothing)).toBe('fail');
  expect(await statusOf(all, { [started]: 'wal' })).toBe('pass');
});

test('a cluster that grew from one member to three, as kubeadm makes it', async () => {
  const status = await statusOf({
    n1: { ETCD_INITIAL_CLUSTER: listOf(1) },
    n2: { ETCD_INITIAL_CLUSTER: listOf(1, 2), ...joining },
    n3: { ETCD_INITIAL_CLUSTER: listOf(1, 2, 3), ...joining },
  });

  expect(status).toBe('pass');
});

test('a member that joins, next to a member of another cluster', async () => {
  const ofAnother = { ETCD_NAME: 'm2', ETCD_INITIAL_CLUSTER: 'm2=https://10.0.0.2:2380' };
  const n1 = { ETCD_INITIAL_CLUSTER: listOf(1, 3), ...joining };
  const n3 = { ETCD_INITIAL_CLUSTER: listOf(1, 3) };

  const apart = await judged(n1, {}, { n2: ofAnother, n3 });
  const together = await judged(n1, {}, { n3 });

  const isLacking = (answers: typeof apart) => /lacks [mn]2/.test(JSON.stringify(answers.ofOne));
  expect([isLacking(apart), isLacking(together)]).toEqual([false, true]);
});

async function memberOnFreePorts() {
  const [node] = await onFreePorts(nodesOf('native'));
  const peer = `http://127.0.0.1:${node?.peerPort ?? 0}`;
  const client = `http://127.0.0.1:${node?.clientPort ?? 0}`;
  const variables = {
    ETCD_NAME: 'n1',
    ETCD_LISTEN_CLIENT_URLS: client,
    ETCD_ADVERTISE_CLIENT_URLS: client,
    ETCD_LISTEN_PEER_URLS: peer,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: peer,
  };
  return { peer, variables };
}

/** The first to ask for a release builds it. */
describe('real etcd', { timeout: 180_000 }, () => {
  skipWithout('etcd');

  const refusals = /couldn't find local name|has duplicate url|URL scheme must be/;

  test.each(['3.4.23', '3.5.30', '3.6'])(
    'etcd %s reads the list of the cluster at its first start alone',
    async (version) => {
      const { etcd } = await etcdBinaries(version);
      const { peer, variables } = await memberOnFreePorts();
      await using set = await directoryWith({});
      const place = join(set.path, 'data');
      const start = async (cluster: string, state = 'new') => {
        const own = {
          ETCD_DATA_DIR: place,
          ETCD_INITIAL_CLUSTER: cluster,
          ETCD_INITIAL_CLUSTER_STATE: state,
        };
        return await startEtcd(etcd, { variables: { ...variables, ...own } }, set.path);
      };
      const own = `n1=${peer}`;
      const compared = 'n1=http://127.0.0.1:9';
      const lists = [compared, `n2=${peer}`, `${own},n2=${peer}`, 'n1=ftp://a'];

      const first: string[] = [];
      const joins: string[] = [];
      const again: string[] = [];
      for (const list of lists) {
        first.push((await start(list)).status);
        await rm(place, { recursive: true, force: true });
        joins.push((await start(list, 'existing')).output);
        if (list !== compared) again.push((await start(list, 'existing')).output);
        await rm(place, { recursive: true, force: true });
      }
      await mkdir(place, { mode: 0o700 });
      const sound = await start(own);
      const later: string[] = [];
      for (const list of lists) {
        later.push((await start(list)).status, (await start(list, 'existing')).status);
      }

      expect(first).toEqual(lists.map(() => 'ended'));
      expect(joins.map((output) => refusals.test(output))).toEqual([false, true, true, true]);
      expect(again.map((output) => refusals.test(output))).toEqual([true, true, true]);
      expect(sound.status).toBe('serves');
      expect(later).toEqual(lists.flatMap(() => ['serves', 'serves']));
    },
  );

  /** What etcd says of a member that can never join, with one running member where the case needs it. */
  const joinRefusals = [
    { own: (peer: string) => ({ ETCD_INITIAL_CLUSTER: `n1=${peer}` }), says: cannotFetch },
    { own: () => ({}), says: cannotFetch },
    {
      own: () => ({ ETCD_DISCOVERY: 'http://127.0.0.1:9/1' }),
      says: 'discovery URL should not be set when joining existing initial cluster',
    },
  ];

  test.each(['3.4.23', '3.5.30', '3.6'])(
    'etcd %s does not join without others, and not with a discovery URL',
    async (version) => {
      const { etcd } = await etcdBinaries(version);
      const { peer, variables } = await memberOnFreePorts();
      await using set = await directoryWith({});

      for (const [index, { own, says }] of joinRefusals.entries()) {
        const joins = {
          ...variables,
          ETCD_DATA_DIR: join(set.path, String(index)),
          ETCD_INITIAL_CLUSTER_STATE: 'existing',
          ...own(peer),
        };
        const { status, output } = await startEtcd(etcd, { variables: joins }, set.path);

        expect(status).toBe('ended');
        expect(output).toContain(says);
      }
    },
  );
});

import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import type { BuildFact } from '../../src/model/host-facts.ts';
import {
  newerReleases,
  olderReleases,
  openReleases,
  unstatedRelease,
} from '../../src/deployment/releases.ts';
import { releaseNotGiven } from '../../src/etcd/release-range.ts';
import { client, member, set as settingOf } from '../fixtures/builders.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

interface Versions {
  readonly etcdVersion?: string;
  readonly goVersion?: string;
}

/** What else is given: an inventory, the facts of a program. */
interface Given extends Versions {
  readonly files?: Readonly<Record<string, string>>;
  readonly builds?: readonly BuildFact[];
}

async function verdictOn(
  flags: readonly string[],
  { files = {}, builds, ...versions }: Given = {},
) {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const node = await ca.issue({
    commonName: 'n1',
    hosts: ['10.0.0.1', '127.0.0.1', 'localhost'],
    usages: ['serverAuth', 'clientAuth'],
  });
  const settings = [
    '--name=n1',
    '--cert-file=/c/n1.crt --key-file=/c/n1.key --trusted-ca-file=/c/ca.crt --client-cert-auth',
    '--peer-cert-file=/c/n1.crt --peer-key-file=/c/n1.key --peer-trusted-ca-file=/c/ca.crt',
    '--peer-client-cert-auth',
    '--listen-client-urls=https://10.0.0.1:2379 --advertise-client-urls=https://10.0.0.1:2379',
    '--listen-peer-urls=https://10.0.0.1:2380 --initial-advertise-peer-urls=https://10.0.0.1:2380',
    '--initial-cluster=n1=https://10.0.0.1:2380',
    ...flags,
  ];
  await using set = await directoryWith({
    'etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${settings.join(' ')}\n`,
    'c/n1.crt': node.certificatePem,
    'c/n1.key': node.privateKeyPem,
    'c/ca.crt': ca.certificatePem,
    ...files,
  });
  const inventory = set.at('etcd-tls.yaml');
  const request = {
    paths: [set.path],
    maps: [{ prefix: '/c', directory: set.at('c') }],
    ...('etcd-tls.yaml' in files && { inventoryFile: inventory }),
    ...versions,
  };
  const evidence = await look(request);
  const facts = builds === undefined ? evidence.facts : { ...evidence.facts, builds };
  const report = judge({ ...evidence, facts }, request);
  const failing = report.results
    .filter(({ verdict }) => verdict.status === 'fail')
    .map(({ check }) => check.id);
  const { status, sentence, assumptions } = report.verdict;
  return { status, sentence, failing, assumptions };
}

test('an unknown release opens no question where all releases agree', async () => {
  const { status, assumptions } = await verdictOn([]);

  expect(status).toBe('pass');
  expect(assumptions).toEqual([unstatedRelease]);
});

test('a release that refuses the settings is not the one that runs', async () => {
  // etcd 3.6 dropped --enable-v2.
  expect((await verdictOn(['--enable-v2=false'])).status).toBe('pass');
  const stated = await verdictOn(['--enable-v2=false'], { etcdVersion: '3.6.1' });
  expect(stated.status).toBe('fail');
  expect(stated.failing).toContain('settings-refused-at-start');
});

test('settings that every release refuses are a finding', async () => {
  const { status, failing } = await verdictOn(['--no-such-flag']);

  expect(status).toBe('fail');
  expect(failing).toContain('settings-refused-at-start');
});

const build = { file: 'etcd', goVersion: '1.26.5', experiments: [] };

/** Every source that states a release. */
const sources: Readonly<Record<string, (release: string) => Given>> = {
  '--etcd-version': (etcdVersion) => ({ etcdVersion }),
  'the inventory': (release) => ({
    files: { 'etcd-tls.yaml': `version: 1\netcdVersion: "${release}"\n` },
  }),
  'the program': (etcdVersion) => ({ builds: [{ ...build, etcdVersion }] }),
};
const stated = (release: string) =>
  Object.entries(sources).map(([source, given]) => ({ source, release, given: given(release) }));

test.each([
  ...stated('9.9.0').map((each) => ({ ...each, nearest: '3.7.3' })),
  ...stated('3.9.0').map((each) => ({ ...each, nearest: '3.7.3' })),
  ...stated('3.5.99').map((each) => ({ ...each, nearest: '3.5.34' })),
])('$release in $source is named, and judged as $nearest', async ({ given, release, nearest }) => {
  const { status, sentence, assumptions } = await verdictOn([], given);

  expect(status).toBe('pass');
  expect(sentence).toContain(`etcd ${release} is newer than ${nearest}`);
  expect(assumptions).not.toContainEqual(unstatedRelease);
});

test.each([...stated('3.2.32'), ...stated('2.3.7'), ...stated('0.1.0')])(
  'nothing is concluded of $release in $source',
  async ({ given, release }) => {
    const { status, sentence, failing } = await verdictOn(['--no-such-flag'], given);

    expect(status).toBe('incomplete');
    expect(sentence).toContain(`etcd ${release} is older than 3.3`);
    expect(failing).toEqual([]);
  },
);

test.each(['3.3.14', '3.4.45', '3.5.34', '3.6.16', '3.7.3', 'main', '3.6'])(
  '%s is known',
  async (etcdVersion) => {
    const { status, sentence, assumptions } = await verdictOn([], { etcdVersion });

    expect(status).toBe('pass');
    expect(sentence).not.toContain(etcdVersion);
    expect(assumptions).not.toContainEqual(unstatedRelease);
  },
);

test('what the newest known releases judge differently is open under a newer one', async () => {
  // etcd 3.7 dropped the flag, and 3.6 has it.
  const flags = ['--experimental-peer-skip-client-san-verification'];

  expect((await verdictOn(flags, { etcdVersion: '3.6.16' })).status).toBe('pass');
  expect((await verdictOn(flags, { etcdVersion: '3.7.3' })).status).toBe('fail');
  const newer = await verdictOn(flags, { etcdVersion: '3.9.0' });
  expect(newer.status).toBe('incomplete');
  expect(newer.sentence).toContain('etcd 3.9.0 is newer than 3.7.3');
});

test.each(['3.9.0', '3.5.99'])('a flag that is not known may be one of %s', async (etcdVersion) => {
  const { status, failing } = await verdictOn(['--no-such-flag'], { etcdVersion });

  expect(status).toBe('incomplete');
  expect(failing).toEqual([]);
});

test('a newer Go is named, an older one is not judged', async () => {
  const newer = await verdictOn([], { etcdVersion: '3.7.3', goVersion: '1.99' });
  const older = await verdictOn([], { etcdVersion: '3.7.3', goVersion: '1.5' });

  expect(newer).toMatchObject({ status: 'pass' });
  expect(newer.sentence).toContain('Go 1.99 is newer than 1.27');
  expect(older).toMatchObject({ status: 'incomplete' });
  expect(older.sentence).toContain('Go 1.5 is older than 1.12');
});

const named = (goVersion: string) => ({ clients: [client({ goVersion: settingOf(goVersion) })] });

test('the Go release of a client is named as that of a member is', () => {
  expect(newerReleases(named('1.99')).map(({ about }) => about)).toEqual([
    'the release of etcdctl',
  ]);
  expect(olderReleases(named('1.5')).map(({ what }) => what)).toEqual([
    'the rules of Go 1.5 (etcdctl)',
  ]);
  expect([...newerReleases(named('1.25.8')), ...olderReleases(named('1.25.8'))]).toEqual([]);
});

test.each(['3.6.0-rc.1', 'v3.6.0-rc.1', '3.6.0_rc1', '3.6.0~beta.0', '3.6.0-alpha.0'])(
  'the pre-release %s is named, and judged as the release',
  async (etcdVersion) => {
    const { status, sentence } = await verdictOn([], { etcdVersion });

    expect(status).toBe('pass');
    expect(sentence).toMatch(
      /etcd 3\.6\.0-\w+(?:\.\d)? is a pre-release of 3\.6\.0, whose rules were applied/,
    );
  },
);

test('a revision of a distribution is no pre-release', async () => {
  const { sentence } = await verdictOn([], { etcdVersion: '3.6.0-1ubuntu2' });

  expect(sentence).not.toContain('pre-release');
});

test.each(['3.3.0', '3.3.8', '3.3.13'])(
  'official builds of %s are of a Go whose rules are not known',
  async (etcdVersion) => {
    const { status, sentence } = await verdictOn([], { etcdVersion });

    expect(status).toBe('incomplete');
    expect(sentence).toMatch(/Go 1\.(?:9|10)\.\d is older than 1\.12/);
    expect(sentence).toContain(`the official binary of etcd ${etcdVersion} is built with it`);
    expect(await verdictOn([], { etcdVersion, goVersion: '1.12.17' })).toMatchObject({
      status: 'pass',
    });
  },
);

test.each([
  {
    what: 'not stated',
    etcd: undefined,
    says: 'the etcd release is not given',
    give: '--etcd-version',
  },
  { what: 'stated', etcd: '3.6.14', says: 'the Go release of the build', give: '--go-version' },
  { what: 'newer', etcd: '3.9.0', says: 'etcd 3.9.0 is newer than 3.7.3', give: 'changelog' },
])('what is open is said of a release that is $what', ({ etcd, says, give }) => {
  const origin = { via: 'assumed', because: releaseNotGiven } as const;
  const unstated = { etcdVersion: { value: '3.6.14', origin } };
  const { because, give: instruction } = openReleases({
    members: [etcd === undefined ? member({ with: unstated }) : member({ version: etcd })],
  });

  expect(because).toContain(says);
  expect(instruction).toContain(give);
});

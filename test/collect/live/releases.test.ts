import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type LiveRequest, observe } from '../support/observe.ts';
import type { Seen, StatusObservation } from '../../../src/model/live.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { etcdReleases } from '../../support/etcd-releases.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

// `npm run truth` fetches more releases.
skipWithout('etcd');

/** Alert numbers by what was presented and over which TLS version, by Go release. */
const alerts = {
  'Go to 1.20': { nothing12: 42, nothing13: 42, foreign: 42 },
  'Go 1.21 to 1.24': { nothing12: 42, nothing13: 116, foreign: 48 },
  'Go from 1.26': { nothing12: 40, nothing13: 116, foreign: 48 },
} as const;

describe.each(etcdReleases)('etcd $version', ({ etcd: binary }) => {
  test('refuses intruders with the alerts of its Go release, and accepts the clients that it should', async () => {
    await using etcd = await startEtcd({ binary });

    const facts = await observe({ ...requestOf(etcd), survey: true });

    const expected = alerts[eraOf(facts.statuses[0]?.goVersion ?? '')];
    const refused = facts.admissions.filter(({ outcome }) => outcome === 'refused');
    for (const { presented, tlsVersion, alert } of refused) {
      const nothing = tlsVersion === '1.2' ? expected.nothing12 : expected.nothing13;
      expect({ presented, tlsVersion, alert }).toMatchObject({
        alert: presented === 'foreign' ? expected.foreign : nothing,
      });
    }
    const intruders = facts.admissions.filter(
      ({ presented }) => presented === 'nothing' || presented === 'foreign',
    );
    expect(refused).toEqual(intruders);
    expect(
      facts.admissions.filter((one) => !intruders.includes(one)).map(({ outcome }) => outcome),
    ).toEqual(intruders.map(() => 'admitted'));
  });

  test('gives the member list three ways, with one id', async () => {
    await using etcd = await startEtcd({ binary });

    const { memberLists } = await observe(requestOf(etcd));

    expect(memberLists.map(({ through, outcome }) => `${through} ${outcome}`)).toEqual([
      'grpc answered',
      'etcd3 answered',
      'peer-http answered',
    ]);
    const ids = memberLists.map(({ members, clusterId }) => `${clusterId} ${members[0]?.id}`);
    expect(new Set(ids).size).toBe(1);
  });

  test('says whether users are switched on, and who the client is to them', async () => {
    await using etcd = await startEtcd({ binary });
    const off = await statusOf(etcd);
    await asRoot(etcd, 'user add root:secret', 'user grant-role root root', 'auth enable');
    const anonymous = await statusOf(etcd);
    const run = async (command: string) => await asRoot(etcd, `--user=root:secret ${command}`);
    await run('user add client:unused');
    const withoutRole = await statusOf(etcd);
    await run('role add app');
    await run('user grant-role client app');

    const user = await statusOf(etcd);

    expect(off).toMatchObject({ authEnabled: false });
    expect(off).not.toHaveProperty('user');
    const name = 'client';
    expect([anonymous, withoutRole, user]).toMatchObject([
      { authEnabled: true, user: { name, isKnown: false, roles: [] } },
      { authEnabled: true, user: { name, isKnown: true, roles: [] } },
      { authEnabled: true, user: { name, isKnown: true, roles: ['app'] } },
    ]);
  });

  test('a certificate stands for no user where clients are not authenticated by it', async () => {
    const flags = ['--trusted-ca-file=%/ca.pem', '--client-cert-auth=false'];
    await using etcd = await startEtcd({ binary, clientAuth: false, flags });
    await asRoot(etcd, 'user add root:secret', 'user grant-role root root', 'auth enable');

    const status = await statusOf(etcd);

    expect(status).toMatchObject({ authEnabled: true });
    expect(status).not.toHaveProperty('user');
  });
});

test('the release that other tests run on is among those tried', async () => {
  const { version } = await etcdBinaries();
  expect(etcdReleases.map((each) => each.version)).toContain(version);
});

function eraOf(goVersion: string): keyof typeof alerts {
  const minor = Number(/^go1\.(\d+)/.exec(goVersion)?.[1]);
  if (minor <= 20) return 'Go to 1.20';
  return minor <= 24 ? 'Go 1.21 to 1.24' : 'Go from 1.26';
}

function requestOf(etcd: RunningEtcd): LiveRequest {
  const credential = (owner: string) => ({
    owner,
    certificateFile: etcd.file(owner),
    keyFile: etcd.file(`${owner}-key`),
  });
  return {
    endpoints: [etcd.client, etcd.peer],
    credentials: { client: credential('client'), members: [credential('m1')] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 20_000,
    concurrency: 64,
    negativeProbes: true,
  };
}

async function statusOf(etcd: RunningEtcd): Promise<Seen<StatusObservation> | undefined> {
  const request = {
    ...requestOf(etcd),
    endpoints: [etcd.client],
    negativeProbes: false,
    survey: true,
  };
  return (await observe(request)).statuses[0];
}

/** The one thing in here that writes, and it is the test that does. */
async function asRoot(etcd: RunningEtcd, ...commands: readonly string[]): Promise<void> {
  const flags = [
    `--endpoints=${etcd.client.url}`,
    `--cacert=${etcd.file('ca')}`,
    `--cert=${etcd.file('client')}`,
    `--key=${etcd.file('client-key')}`,
  ];
  const run = promisify(execFile);
  const env = { PATH: process.env['PATH'] ?? '', ETCDCTL_API: '3' };
  const { etcdctl } = await etcdBinaries();
  for (const command of commands) await run(etcdctl, [...flags, ...command.split(' ')], { env });
}

import { expect, test } from 'vitest';
import { clockSkew } from '../../src/checks/date/clock-skew.ts';
import { endpointUnreachable } from '../../src/checks/port/endpoint-unreachable.ts';
import { peerPortAdmitsAnonymous } from '../../src/checks/port/peer-port-admits-anonymous.ts';
import { differentClusterIds } from '../../src/checks/cluster/different-cluster-ids.ts';
import { learnerMember } from '../../src/checks/cluster/learner-member.ts';
import { plaintextUrlInMemberList } from '../../src/checks/cluster/plaintext-url-in-member-list.ts';
import { unstartedMember } from '../../src/checks/cluster/unstarted-member.ts';
import { profilingOpen } from '../../src/checks/port/profiling-open.ts';
import { metricsOpenToAnyone } from '../../src/checks/port/metrics-open-to-anyone.ts';
import { endpointWithoutTls } from '../../src/checks/port/endpoint-without-tls.ts';
import { memberMissingFromCluster } from '../../src/checks/cluster/member-missing-from-cluster.ts';
import { runningSettingsDifferFromFiles } from '../../src/checks/setting/running-settings-differ-from-files.ts';
import { peerConnectionDown } from '../../src/checks/handshake/peer-connection-down.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { unknownMember } from '../../src/checks/cluster/unknown-member.ts';
import {
  admission,
  certificateSet,
  endpoint,
  listed,
  memberList,
  members,
  observation,
  process,
} from '../fixtures/builders.ts';
import { textLike } from '../support/matching.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import { undeployed } from '../support/seen.ts';

test('members are known by their addresses where names differ', () => {
  const renamed = ['node1', 'node2', 'node3'].map((name) => listed(name, { name: `etcd-${name}` }));
  const facts = { members: members(), memberLists: [memberList({ members: renamed })] };

  expect(verdicts(memberMissingFromCluster, facts).every(({ status }) => status === 'pass')).toBe(
    true,
  );
  expect(verdicts(unknownMember, facts).every(({ status }) => status === 'pass')).toBe(true);
});

test('a list that was not given is not an empty cluster', () => {
  const failed = memberList({ outcome: 'failed', members: [] });

  expect(verdicts(memberMissingFromCluster, { members: members(), memberLists: [failed] })).toEqual(
    [{ status: 'inconclusive', because: 'https://10.0.0.1:2379 did not give its member list' }],
  );
});

test.each([
  { serverTime: '2026-01-01T00:00:04.000Z', status: 'pass' },
  { serverTime: '2026-01-01T00:00:06.000Z', status: 'fail' },
  { serverTime: '2025-12-31T23:59:54.000Z', status: 'pass' },
  { serverTime: '2025-12-31T23:59:53.000Z', status: 'fail' },
])('a clock at $serverTime: $status', ({ serverTime, status }) => {
  // HTTP tells whole seconds, and the question itself took half of one.
  const clock = {
    serverTime,
    askedAt: '2026-01-01T00:00:00.000Z',
    answeredAt: '2026-01-01T00:00:00.500Z',
    resolutionMilliseconds: 1000,
  };

  expect(verdicts(clockSkew, { processes: [process({ clock })] })).toMatchObject([{ status }]);
});

test.each([
  { off: [3, 3, 3], targets: ['this host fail'] },
  { off: [3, 3, 0], targets: ['10.0.0.1 fail', '10.0.0.2 fail', '10.0.0.3 pass'] },
  // Nobody can tell whose clock is wrong.
  { off: [3], targets: ['10.0.0.1 fail'] },
])('clocks $off hours ahead of ours: $targets', ({ off, targets }) => {
  const processes = off.map((hours, index) => {
    const clock = {
      serverTime: new Date(Date.parse('2026-01-01T00:00:00Z') + hours * 3_600_000).toISOString(),
      askedAt: '2026-01-01T00:00:00.000Z',
      answeredAt: '2026-01-01T00:00:00.100Z',
      resolutionMilliseconds: 1000,
    };
    const of = endpoint({ host: `10.0.0.${index + 1}`, member: `node${index + 1}` });
    return process({ of, clock });
  });

  const { results } = reportOn(clockSkew, { processes });

  expect(
    results.map(
      ({ target, verdict }) => `${target.name.replace(/^https:..|:2379$/g, '')} ${verdict.status}`,
    ),
  ).toEqual(targets);
});

test('dates are judged by the members where this host alone has another time', () => {
  const clock = {
    serverTime: '2026-01-01T03:00:00.000Z',
    askedAt: '2026-01-01T00:00:00.000Z',
    answeredAt: '2026-01-01T00:00:00.000Z',
    resolutionMilliseconds: 1000,
  };
  const processes = ['10.0.0.1', '10.0.0.2'].map((host) =>
    process({ of: endpoint({ host }), clock }),
  );
  const facts = undeployed({ processes });
  const evidence = { collectedAt: '2026-01-01T00:00:00.000Z', facts, gaps: {} };

  expect(deploymentOf(evidence).collectedAt).toBe('2026-01-01T03:00:00.000Z');
});

test.each([
  { what: 'a member that was removed', list: ['node1'], status: 'pass' },
  { what: 'a listed member', list: ['node1', 'node2'], status: 'fail' },
  { what: 'somebody, and nobody listed the members', list: [], status: 'fail' },
])('no stream to $what: $status', ({ list, status }) => {
  const id = { node1: 'a1', node2: 'a2' } as const;
  const all = [listed('node1', { id: id.node1 }), listed('node2', { id: id.node2 })];
  const chosen = all.filter(({ name }) => list.includes(name));
  const peerTraffic = [{ local: id.node1, remote: id.node2, active: 0 }];

  expect(
    verdicts(peerConnectionDown, {
      processes: [process({ peerTraffic })],
      memberLists: chosen.length === 0 ? [] : [memberList({ members: chosen })],
    }),
  ).toMatchObject([{ status }]);
});

test('a peer that a member never reached since its start has no counter, and no stream', () => {
  const three = ['a1', 'a2', 'a3'].map((id, index) => listed(`node${index + 1}`, { id }));
  const counted = (active?: number) =>
    verdicts(peerConnectionDown, {
      processes: [
        process({
          memberId: 'a1',
          peerTraffic: [{ local: 'a1', remote: 'a2', ...(active !== undefined && { active }) }],
        }),
      ],
      memberLists: [memberList({ members: three })],
    });

  expect(counted(2)).toMatchObject([{ message: 'node1 has no open stream to node3' }]);
  const ofAnotherCluster = memberList({ members: [listed('default', { id: 'b1' })] });
  expect(
    verdicts(peerConnectionDown, {
      processes: [
        process({ memberId: 'a1', peerTraffic: [{ local: 'a1', remote: 'a2', active: 2 }] }),
      ],
      memberLists: [memberList({ members: three.slice(0, 2) }), ofAnotherCluster],
    }),
  ).toMatchObject([{ status: 'pass' }]);
  // etcd 3.3 counts no streams.
  expect(counted()).toMatchObject([{ status: 'pass' }]);
});

test.each([
  { commandLine: ['etcd', '--client-cert-auth'], status: 'pass' },
  { commandLine: ['etcd', '-client-cert-auth=true'], status: 'pass' },
  { commandLine: ['etcd', '--client-cert-auth=false'], status: 'fail' },
  { commandLine: ['etcd', '--cert-file', 'other.pem'], status: 'fail' },
  { commandLine: ['etcd', '--cert-file', 'node1.pem', '--name', 'x'], status: 'pass' },
  { commandLine: ['etcd', '--auto-tls'], status: 'pass' },
  { commandLine: ['etcd'], status: 'pass' },
])('running as $commandLine: $status', ({ commandLine, status }) => {
  const facts = { ...certificateSet(), processes: [process({ commandLine })] };

  expect(verdicts(runningSettingsDifferFromFiles, facts)).toMatchObject([{ status }]);
});

test('findings at an endpoint belong to its member in the report', () => {
  const [result] = reportOn(endpointWithoutTls, {
    endpoints: [observation({ plaintext: 'answered' })],
  }).results;

  expect(result?.target).toEqual({
    kind: 'endpoint',
    name: 'https://10.0.0.1:2379',
    member: 'node1',
  });
});

test.each(['peer', 'metrics'] as const)(
  'a %s port that cannot be reached from here is an open question that lets the rest pass',
  (serves) => {
    const stages = [
      { name: 'connect', outcome: 'failed', milliseconds: 9, code: 'TIMEOUT' } as const,
    ];
    const of = endpoint({ serves, port: serves === 'peer' ? 2380 : 2381 });
    const { flight: _flight, ...dark } = observation({ of, speaks: 'unreachable', stages });

    const { results, verdict } = reportOn(endpointUnreachable, {
      endpoints: [observation(), dark],
    });

    expect(results.map((result) => [result.verdict.status, result.severity])).toEqual([
      ['pass', undefined],
      ['inconclusive', 'medium'],
    ]);
    expect(verdict.status).toBe('pass');
  },
);

test('what could not be tried at a peer port out of reach does not keep the rest from passing', () => {
  const of = endpoint({ port: 2380 });
  const { flight: _flight, ...dark } = observation({ of, speaks: 'unreachable' });
  const attempt = admission({ of, outcome: 'unreachable', code: 'TIMEOUT' });

  const [result] = reportOn(peerPortAdmitsAnonymous, {
    endpoints: [dark],
    admissions: [attempt],
    forecast: [],
  }).results;

  expect(result).toMatchObject({ severity: 'medium', verdict: { status: 'inconclusive' } });
});

test.each([
  differentClusterIds,
  learnerMember,
  memberMissingFromCluster,
  plaintextUrlInMemberList,
  unknownMember,
  unstartedMember,
])('$id is open at each endpoint where no endpoint gave the member list', (check) => {
  const failed = { outcome: 'failed', code: 'UNAVAILABLE', members: [] } as const;
  const memberLists = [
    memberList(failed),
    memberList({ ...failed, through: 'etcd3' }),
    memberList({ ...failed, of: endpoint({ host: '10.0.0.2', member: 'node2' }) }),
  ];
  const facts = { members: members(), memberLists };

  expect(reportOn(check, facts).results).toMatchObject(
    ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'].map((url) => ({
      target: { kind: 'endpoint', name: url },
      verdict: {
        status: 'inconclusive',
        because: `${url} did not give its member list (UNAVAILABLE)`,
      },
    })),
  );
  const answered = { ...facts, memberLists: [...memberLists, memberList()] };
  expect(verdicts(check, answered).map(({ status }) => status)).not.toContain('inconclusive');
});

test.each([
  { check: runningSettingsDifferFromFiles, path: '/debug/vars', of: endpoint() },
  { check: profilingOpen, path: '/debug/pprof/', of: endpoint() },
  {
    check: metricsOpenToAnyone,
    path: '/metrics',
    of: endpoint({ scheme: 'http', port: 2381, serves: 'metrics' }),
  },
] as const)('$check.id is open where $path failed', ({ check, path, of }) => {
  const page = { path, outcome: 'failed', code: 'TIMEOUT', milliseconds: 5 } as const;
  const processes = [process({ of, presented: 'nothing', pages: [page] })];

  expect(verdicts(check, { members: members(), processes })).toMatchObject([
    { status: 'inconclusive', because: textLike(/^http.* \(TIMEOUT\)$/) },
  ]);
});

test.each([
  { who: 'etcd', serverVersion: { serverVersion: '3.5.30' }, status: 'fail' },
  { who: 'a web server that answers every path', serverVersion: {}, status: 'inconclusive' },
] as const)('the page of the profiler from $who: $status', ({ serverVersion, status }) => {
  const page = {
    path: '/debug/pprof/',
    outcome: 'answered',
    httpStatus: 200,
    milliseconds: 5,
  } as const;
  const processes = [process({ presented: 'nothing', pages: [page], ...serverVersion })];

  expect(verdicts(profilingOpen, { members: members(), processes })).toMatchObject([{ status }]);
});

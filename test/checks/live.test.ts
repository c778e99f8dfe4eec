import { expect, test } from 'vitest';
import { authoritiesInMemoryDifferFromFile } from '../../src/checks/chain/authorities-in-memory-differ-from-file.ts';
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
import { forecastAndObservationDiffer } from '../../src/checks/handshake/forecast-and-observation-differ.ts';
import { memberMissingFromCluster } from '../../src/checks/cluster/member-missing-from-cluster.ts';
import { rightCertificateRefused } from '../../src/checks/handshake/right-certificate-refused.ts';
import { runningSettingsDifferFromFiles } from '../../src/checks/setting/running-settings-differ-from-files.ts';
import { servedCertificateDiffersFromFile } from '../../src/checks/credential/served-certificate-differs-from-file.ts';
import { peerConnectionDown } from '../../src/checks/handshake/peer-connection-down.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { unknownMember } from '../../src/checks/cluster/unknown-member.ts';
import { type Admission, endpointName } from '../../src/model/live.ts';
import {
  admission,
  authority,
  certificateFile,
  certificateSet,
  edge,
  endpoint,
  files,
  flight,
  leaf,
  listed,
  memberList,
  members,
  observation,
  process,
} from '../fixtures/builders.ts';
import { textLike } from '../support/matching.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import { undeployed } from '../support/seen.ts';

test.each([
  {
    code: 'ECONNREFUSED',
    speaks: 'unreachable',
    message: 'no process listens on the client port of node1',
  },
  {
    code: 'ALERT_40',
    speaks: 'tls-alert',
    message: 'the client port of node1 rejects every handshake with a TLS alert',
  },
  {
    code: 'ENOTFOUND',
    speaks: 'unreachable',
    message: 'the host name 10.0.0.1 cannot be resolved',
  },
  { code: 'TIMEOUT', speaks: 'unreachable', message: 'the client port of node1 does not answer' },
  {
    code: 'TIMEOUT',
    speaks: 'silence',
    message: 'the client port of node1 accepts connections and sends nothing',
  },
  {
    code: 'CLOSED',
    speaks: 'closed',
    message: 'the client port of node1 closes connections without a message',
  },
] as const)('$speaks with $code: $message', ({ code, speaks, message }) => {
  const stages = [{ name: 'connect', outcome: 'failed', milliseconds: 9, code } as const];
  const { flight: _flight, ...silent } = observation({ speaks, stages });

  expect(verdicts(endpointUnreachable, { endpoints: [silent] })).toMatchObject([{ message }]);
});

test.each([
  { lagMilliseconds: 4000, status: 'inconclusive' },
  // Time that the deadline has given back.
  { lagMilliseconds: 2000, status: 'fail' },
  { lagMilliseconds: 300, status: 'fail' },
] as const)('a time-out of a host that was busy for $lagMilliseconds ms: $status', (own) => {
  const stages = [
    { name: 'connect', outcome: 'failed', milliseconds: 5000, code: 'TIMEOUT' } as const,
  ];
  const { flight: _flight, ...dark } = observation({
    speaks: 'unreachable',
    stages,
    lagMilliseconds: own.lagMilliseconds,
  });

  expect(verdicts(endpointUnreachable, { endpoints: [dark] })).toMatchObject([
    { status: own.status },
  ]);
});

test.each([
  { plaintext: 'refused', status: 'fail' },
  { plaintext: 'answered', status: 'pass' },
] as const)(
  'an http URL of a port with TLS, plain text $plaintext: $status',
  ({ plaintext, status }) => {
    const of = endpoint({ scheme: 'http' });

    expect(
      verdicts(endpointUnreachable, { endpoints: [observation({ of, plaintext })] }),
    ).toMatchObject([{ status }]);
  },
);

test.each([
  { what: 'an alert, which is TLS', speaks: 'tls-alert', plaintext: 'refused', status: 'pass' },
  { what: 'HTTP', speaks: 'http1', plaintext: 'another-service', status: 'pass' },
  { what: 'ssh', speaks: 'ssh', plaintext: 'silence', status: 'pass' },
  { what: 'TLS and plain HTTP on one port', speaks: 'tls', plaintext: 'answered', status: 'fail' },
  { what: 'nothing at all', speaks: 'unreachable', plaintext: 'silence', status: 'not-applicable' },
] as const)('$what without TLS: $status', ({ speaks, plaintext, status }) => {
  expect(
    verdicts(endpointWithoutTls, { endpoints: [observation({ speaks, plaintext })] }),
  ).toMatchObject([{ status }]);
});

test.each([
  { what: 'HTTP that is not etcd', speaks: 'http1', plaintext: 'another-service', status: 'fail' },
  { what: 'ssh', speaks: 'ssh', plaintext: 'silence', status: 'fail' },
  // That etcd speaks plain HTTP is a finding about the port, not about the endpoint.
  { what: "etcd's own HTTP", speaks: 'http1', plaintext: 'answered', status: 'pass' },
] as const)('$what where https is dialled: $status', ({ speaks, plaintext, status }) => {
  expect(
    verdicts(endpointUnreachable, { endpoints: [observation({ speaks, plaintext })] }),
  ).toMatchObject([{ status }]);
});

test.each([
  {
    what: 'added',
    inMemory: ['etcd-ca'],
    onDisk: ['etcd-ca', 'new-ca'],
    cause: 'a CA was added to the file after the process had started',
  },
  {
    what: 'taken out',
    inMemory: ['etcd-ca', 'old-ca'],
    onDisk: ['etcd-ca'],
    cause: 'a CA was removed from the file after the process had started',
  },
  {
    what: 'of one name, the second added',
    inMemory: ['etcd-ca'],
    onDisk: ['etcd-ca', 'etcd-ca'],
    cause: 'a CA was added to the file after the process had started',
  },
  {
    what: 'of one name, one taken out',
    inMemory: ['etcd-ca', 'etcd-ca'],
    onDisk: ['etcd-ca'],
    cause: 'a CA was removed from the file after the process had started',
  },
  {
    what: 'the same in another order',
    inMemory: ['new-ca', 'etcd-ca'],
    onDisk: ['etcd-ca', 'new-ca'],
    cause: undefined,
  },
])('CAs $what: $cause', ({ inMemory, onDisk, cause }) => {
  const acceptableCas = inMemory.map((name) => ({ text: `CN=${name}`, raw: name }));
  const stored = onDisk.map((name, index) => ({ ...authority(name), sha256: `0${index}` }));
  const facts = {
    ...certificateSet({ files: files(certificateFile('ca.pem', ...stored)) }),
    endpoints: [observation({ flight: flight({ acceptableCas }) })],
  };

  const [verdict] = verdicts(authoritiesInMemoryDifferFromFile, facts);

  expect(verdict?.status === 'fail' ? verdict.cause : undefined).toBe(cause);
});

test('a port that asks no client for a certificate names no CAs, and is not judged for it', () => {
  const quiet = flight({ clientCertificateRequested: false, acceptableCas: [] });

  expect(
    verdicts(authoritiesInMemoryDifferFromFile, {
      ...certificateSet(),
      endpoints: [observation({ flight: quiet })],
    }),
  ).toEqual([{ status: 'not-applicable' }]);
});

test('each port is held against the file of its own role', () => {
  const peer = endpoint({ port: 2380 });
  const facts = { ...certificateSet(), endpoints: [observation({ of: peer })] };

  expect(verdicts(servedCertificateDiffersFromFile, facts)).toEqual([{ status: 'pass' }]);
});

const own = { presented: 'client', certificateFile: 'client.pem' } as const;

test.each<{ what: string; attempts: readonly Partial<Admission>[]; status: string }>([
  { what: 'admitted', attempts: [{ ...own, outcome: 'admitted' }], status: 'pass' },
  { what: 'refused', attempts: [{ ...own, outcome: 'refused' }], status: 'fail' },
  {
    what: 'admitted over one TLS version only',
    attempts: [
      { ...own, outcome: 'admitted', tlsVersion: '1.2' },
      { ...own, outcome: 'closed', tlsVersion: '1.3' },
    ],
    status: 'fail',
  },
  { what: 'not reached', attempts: [{ ...own, outcome: 'unreachable' }], status: 'inconclusive' },
  { what: 'nobody, who should be', attempts: [{ outcome: 'refused' }], status: 'not-applicable' },
])('a client certificate $what: $status', ({ attempts, status }) => {
  const admissions = attempts.map((attempt) => admission(attempt));

  expect(verdicts(rightCertificateRefused, { admissions })).toMatchObject([{ status }]);
});

test('a refusal that the files predict is found at its cause, not again at each port', () => {
  const predicted = edge({
    edge: 'client',
    from: 'etcdctl',
    to: 'https://10.0.0.1:2379',
    credential: 'client.pem',
    outcome: 'refused',
    rule: 'x509.expired',
  });
  const facts = { admissions: [admission({ ...own, outcome: 'refused' })], forecast: [predicted] };

  expect(verdicts(rightCertificateRefused, facts)).toEqual([{ status: 'not-applicable' }]);
});

test('the cause names the certificate to look at, and what was ruled out', () => {
  const client = certificateFile('client.pem', leaf({ name: 'client' }));
  const shown = { presented: 'client', certificateFile: 'client.pem' } as const;
  const refused = admission({ ...shown, outcome: 'refused', alert: 48 });
  const foreign = flight({ acceptableCas: [{ text: 'CN=other-ca', raw: 'other-ca' }] });

  const [verdict] = verdicts(rightCertificateRefused, {
    files: files(client),
    admissions: [refused],
    endpoints: [observation({ flight: foreign })],
  });

  const cause = verdict?.status === 'fail' ? verdict.cause : undefined;
  expect(cause).toMatch(/\[CA-SERVER\]\n/);
  expect(cause).toMatch(/^look at client\.pem: CN=client, serial [0-9a-f]+$/m);
  expect(cause).toMatch(/^ruled out: .*client\.pem may be used by clients/m);
});

test('a member certificate belongs to the peer port, and is not tried as a client', () => {
  const atClientPort = admission({ presented: 'member', outcome: 'refused' });

  expect(verdicts(rightCertificateRefused, { admissions: [atClientPort] })).toEqual([
    { status: 'not-applicable' },
  ]);
});

test.each([
  {
    what: 'another address than the certificate names',
    outcome: 'closed',
    localAddress: '10.0.0.9',
    status: 'pass',
  },
  { what: "the member's own address", outcome: 'closed', localAddress: '10.0.0.1', status: 'fail' },
  {
    what: 'another address, with an alert',
    outcome: 'refused',
    localAddress: '10.0.0.9',
    status: 'fail',
  },
] as const)('a peer port that ends it from $what: $status', ({ outcome, localAddress, status }) => {
  const of = endpoint({ port: 2380 });
  const member = { presented: 'member', certificateFile: 'node1.pem' } as const;
  const admissions = [admission({ of, ...member, outcome, localAddress })];

  expect(verdicts(rightCertificateRefused, { ...certificateSet(), admissions })).toMatchObject([
    { status },
  ]);
});

test('one port that refuses the certificates of several members is one finding', () => {
  const of = endpoint({ port: 2380 });
  const shown = (name: string, outcome: Admission['outcome']) =>
    admission({ of, presented: 'member', certificateFile: `${name}.pem`, outcome });
  const refusing = ['node1', 'node2'].map((name) => shown(name, 'refused'));

  const forecast = ['node1', 'node2'].map((from) =>
    edge({
      edge: 'peer',
      from,
      to: String(of.url),
      credential: `${from}.pem`,
      outcome: 'accepted',
    }),
  );

  expect(
    verdicts(rightCertificateRefused, {
      admissions: [...refusing, shown('node3', 'admitted')],
      forecast,
    }),
  ).toMatchObject([
    { message: 'the peer port of node1 rejects node1.pem of node1 and node2.pem of node2' },
  ]);
  expect(
    verdicts(rightCertificateRefused, {
      admissions: [shown('node1', 'admitted'), shown('node2', 'unclear')],
    }),
  ).toMatchObject([{ status: 'inconclusive' }]);
});

test.each([
  { forecast: 'refused', seen: 'accepted', wanted: 'accepted', status: 'fail' },
  { forecast: 'accepted', seen: 'refused', wanted: 'accepted', status: 'pass' },
  { forecast: 'refused', seen: 'accepted', wanted: 'refused', status: 'pass' },
  { forecast: 'accepted', seen: 'refused', wanted: 'refused', status: 'fail' },
  { forecast: 'accepted', seen: 'unreachable', wanted: 'accepted', status: 'pass' },
] as const)(
  'forecast $forecast, seen $seen, wanted $wanted: $status',
  ({ forecast, seen, wanted, status }) => {
    const observed = { outcome: seen, differenceMeans: 'it was not restarted' };

    expect(
      verdicts(forecastAndObservationDiffer, {
        admissions: [],
        forecast: [edge({ outcome: forecast, wanted, observed })],
      }),
    ).toMatchObject([{ status }]);
  },
);

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

test.each([
  { peer: 'tls', cause: '[QUORUM]' },
  { peer: 'silence', cause: 'neither port of this member answers' },
] as const)('a silent client port with a peer port that says $peer: $cause', ({ peer, cause }) => {
  const stages = [
    { name: 'first-bytes', outcome: 'failed', milliseconds: 9, code: 'TIMEOUT' } as const,
  ];
  const { flight: _flight, ...silent } = observation({ speaks: 'silence', stages });
  const of = endpoint({ port: 2380 });
  const other = observation({ of });
  const { flight: _its, ...mute } = observation({ of, speaks: 'silence', stages });

  const [verdict] = verdicts(endpointUnreachable, {
    endpoints: [silent, peer === 'tls' ? other : mute],
  });

  expect(verdict?.status === 'fail' ? verdict.cause : '').toContain(cause);
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
  { what: 'drops packets', code: 'TIMEOUT', other: '10.0.0.2', status: 'fail' },
  { what: 'has no process there', code: 'ECONNREFUSED', other: '10.0.0.2', status: 'inconclusive' },
  // Go tries the other family after 300 ms.
  { what: 'drops packets', code: 'TIMEOUT', other: 'fd00::2', status: 'inconclusive' },
] as const)(
  'one address of a name $what, and $other answers: $status',
  ({ code, other, status }) => {
    const url = 'https://etcd.example:2379';
    const at = (address: string) => ({
      ...endpoint({ host: 'etcd.example' }),
      url: endpointName(url, { address }),
      address,
    });
    const { flight: _flight, ...dark } = observation({
      of: at('10.0.0.1'),
      speaks: 'unreachable',
      stages: [{ name: 'connect', outcome: 'failed', milliseconds: 5000, code }],
    });
    const endpoints = [dark, observation({ of: at(other) })];

    expect(verdicts(endpointUnreachable, { endpoints })).toMatchObject([
      { status },
      { status: 'pass' },
    ]);
  },
);

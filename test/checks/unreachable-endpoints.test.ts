import { expect, test } from 'vitest';
import { endpointUnreachable } from '../../src/checks/port/endpoint-unreachable.ts';
import { endpointWithoutTls } from '../../src/checks/port/endpoint-without-tls.ts';
import { silentAddresses } from '../../src/deployment/silent-addresses.ts';
import { endpointName } from '../../src/model/live.ts';
import { endpoint, listed, memberList, observation, process } from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';
import { textLike, textWith } from '../support/matching.ts';

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
  // `etcd grpc-proxy` has no such page either.
  { what: 'another page', speaks: 'http1', plaintext: 'another-service', status: 'inconclusive' },
  { what: 'ssh', speaks: 'ssh', plaintext: 'refused', status: 'fail' },
  { what: 'what redis says', speaks: 'unknown', plaintext: 'refused', status: 'fail' },
  { what: "etcd's page", speaks: 'http1', plaintext: 'answered', status: 'pass' },
] as const)('$what where http is dialled: $status', ({ speaks, plaintext, status }) => {
  const { flight: _flight, ...seen } = observation({
    of: endpoint({ scheme: 'http' }),
    speaks,
    plaintext,
  });

  expect(verdicts(endpointUnreachable, { endpoints: [seen] })).toMatchObject([{ status }]);
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
  { what: 'drops packets', code: 'TIMEOUT', other: '10.0.0.2', status: 'fail' },
  { what: 'has no process there', code: 'ECONNREFUSED', other: '10.0.0.2', status: 'inconclusive' },
  // Go tries the other family after 300 ms.
  { what: 'drops packets', code: 'TIMEOUT', other: 'fd00::2', status: 'inconclusive' },
] as const)(
  'one address of a name $what, and $other answers: $status',
  ({ code, other, status }) => {
    const { flight: _flight, ...dark } = observation({
      of: addressed('10.0.0.1'),
      speaks: 'unreachable',
      stages: [{ name: 'connect', outcome: 'failed', milliseconds: 5000, code }],
    });
    const endpoints = [dark, observation({ of: addressed(other) })];

    expect(verdicts(endpointUnreachable, { endpoints })).toMatchObject([
      { status },
      { status: 'pass' },
    ]);
  },
);

test.each([
  { what: 'a listed member advertises', advertised: 'https://10.0.0.1:2379', status: 'fail' },
  { what: 'no member advertises', advertised: 'https://10.0.0.3:2379', status: 'inconclusive' },
  // Clients of the name use another port than the members do.
  {
    what: 'a member advertises with another port',
    advertised: 'https://10.0.0.1:4001',
    status: 'inconclusive',
  },
])('nothing listens at an address of a name that $what: $status', ({ advertised, status }) => {
  const of = addressed('10.0.0.1');
  const stages = [
    { name: 'connect', outcome: 'failed', milliseconds: 1, code: 'ECONNREFUSED' } as const,
  ];
  const { flight: _flight, ...dark } = observation({ of, speaks: 'unreachable', stages });
  const endpoints = [dark, observation({ of: addressed('10.0.0.2') })];
  const members = [listed('node1', { clientUrls: [advertised] })];
  const memberLists = [memberList({ of: addressed('10.0.0.2'), members })];

  expect(verdicts(endpointUnreachable, { endpoints, memberLists })).toMatchObject([
    { status },
    { status: 'pass' },
  ]);
});

test('a PASS names the addresses of a name at which nothing answered', () => {
  const { flight: _flight, ...dark } = observation({
    of: addressed('10.0.0.1'),
    speaks: 'unreachable',
  });
  const seen = observation({ of: addressed('10.0.0.2') });

  expect(silentAddresses({ endpoints: [dark, seen] })).toMatchObject([
    { notCovered: 'nothing answered at 10.0.0.1, to which etcd.example also resolves' },
  ]);
  expect(silentAddresses({ endpoints: [seen] })).toEqual([]);
});

function addressed(address: string) {
  const url = 'https://etcd.example:2379';
  return {
    ...endpoint({ host: 'etcd.example' }),
    url: endpointName(url, { address }),
    address,
  };
}

test('what waits for a quorum is not told to look at the network', () => {
  const stages = [
    { name: 'first-bytes', outcome: 'failed', milliseconds: 9, code: 'TIMEOUT' } as const,
  ];
  const { flight: _flight, ...silent } = observation({ speaks: 'silence', stages });
  const peer = observation({ of: endpoint({ port: 2380, serves: 'peer' }) });
  const fixes = (...endpoints: readonly (typeof silent)[]) =>
    verdicts(endpointUnreachable, { endpoints }).flatMap((verdict) =>
      verdict.status === 'fail' ? [verdict.fix] : [],
    );

  expect(fixes(silent, peer)).toEqual([textWith('Start the other members')]);
  expect(fixes(silent)).toEqual([textWith('whether it waits for a quorum')]);
});

test.each([
  { counters: 'an open stream', peerTraffic: [traffic(1)], says: /^[^]*\[NET\]/ },
  {
    counters: 'no connection since the start',
    peerTraffic: [{ ...traffic(1), remote: '3' }],
    says: /\n(?!probably).* \[QUORUM\]/,
  },
  { counters: 'no stream', peerTraffic: [traffic(0)], says: /\n(?!probably).* \[QUORUM\]/ },
  { counters: 'none, as of etcd 3.3', peerTraffic: [], says: /\nprobably .* \[QUORUM\]/ },
])('what the others count of a member that says nothing: $counters', ({ peerTraffic, says }) => {
  const stages = [
    { name: 'first-bytes', outcome: 'failed', milliseconds: 9, code: 'TIMEOUT' } as const,
  ];
  const { flight: _flight, ...silent } = observation({ speaks: 'silence', stages });
  const endpoints = [silent, observation({ of: endpoint({ port: 2380, serves: 'peer' }) })];
  const of = endpoint({ host: '10.0.0.2', member: 'node2' });
  const processes = [process({ of, hasLeader: true, peerTraffic })];
  const memberLists = [memberList({ of, members: [listed('node1', { id: '1' })] })];

  expect(verdicts(endpointUnreachable, { endpoints, processes, memberLists })[0]).toMatchObject({
    cause: textLike(says),
  });
});

function traffic(active: number) {
  return { local: '2', remote: '1', active };
}

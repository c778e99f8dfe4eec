import { expect, test } from 'vitest';
import { clientPortAdmitsAnonymous } from '../../src/checks/port/client-port-admits-anonymous.ts';
import { clientPortAdmitsForeign } from '../../src/checks/port/client-port-admits-foreign.ts';
import { peerPortAdmitsAnonymous } from '../../src/checks/port/peer-port-admits-anonymous.ts';
import { peerPortAdmitsClient } from '../../src/checks/port/peer-port-admits-client.ts';
import { accessOf, clientAtPeerPort } from '../../src/checks/support/port-access.ts';
import type { Admission } from '../../src/model/live.ts';
import { admission, endpoint, intruder } from '../fixtures/builders.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';

type Outcome = Admission['outcome'];

test.each<{
  forecast: 'accepted' | 'refused' | 'not-sure';
  seen: readonly Outcome[];
  status: string;
}>([
  { forecast: 'accepted', seen: [], status: 'fail' },
  { forecast: 'refused', seen: [], status: 'pass' },
  { forecast: 'not-sure', seen: [], status: 'inconclusive' },
  { forecast: 'refused', seen: ['admitted'], status: 'fail' },
  { forecast: 'refused', seen: ['refused', 'admitted'], status: 'fail' },
  { forecast: 'accepted', seen: ['refused'], status: 'pass' },
  { forecast: 'accepted', seen: ['closed'], status: 'pass' },
  { forecast: 'accepted', seen: ['unreachable'], status: 'fail' },
  { forecast: 'refused', seen: ['unreachable'], status: 'inconclusive' },
  { forecast: 'refused', seen: ['unclear'], status: 'inconclusive' },
])('forecast $forecast, seen $seen: $status', ({ forecast, seen, status }) => {
  const facts = {
    forecast: [intruder({ outcome: forecast })],
    admissions: seen.map((outcome) => admission({ outcome })),
  };

  expect(verdicts(clientPortAdmitsAnonymous, facts)).toMatchObject([{ status }]);
});

test('an endpoint of which no settings are known is judged by what was seen', () => {
  const { member: _member, ...of } = endpoint({ host: '192.0.2.1' });
  const facts = {
    forecast: [],
    admissions: [admission({ of, outcome: 'admitted', httpStatus: 200 })],
  };

  expect(reportOn(clientPortAdmitsAnonymous, facts).results).toMatchObject([
    {
      target: { kind: 'endpoint', name: 'https://192.0.2.1:2379' },
      verdict: { status: 'fail', actual: 'answered over TLS 1.3 with HTTP 200' },
    },
  ]);
});

test('a port that speaks TLS is judged by it, though its URL starts with http://', () => {
  const { member: _member, ...of } = endpoint({ scheme: 'http' });
  const facts = { forecast: [], admissions: [admission({ of, outcome: 'admitted' })] };

  expect(reportOn(clientPortAdmitsAnonymous, facts).results).toMatchObject([
    { target: { name: 'http://10.0.0.1:2379' }, verdict: { status: 'fail' } },
  ]);
});

test('both TLS versions of one port are one finding', () => {
  const facts = {
    forecast: [],
    admissions: (['1.3', '1.2'] as const).map((tlsVersion) =>
      admission({ tlsVersion, outcome: 'admitted' }),
    ),
  };

  expect(verdicts(clientPortAdmitsAnonymous, facts)).toMatchObject([
    { actual: 'answered over TLS 1.2 and 1.3' },
  ]);
});

test('a port that accepts every client is not reported again for accepting a foreign certificate', () => {
  const forecast = [
    intruder({ outcome: 'accepted' }),
    intruder({ from: 'foreign', outcome: 'accepted' }),
  ];

  expect(verdicts(clientPortAdmitsForeign, { forecast })).toEqual([{ status: 'not-applicable' }]);
});

test('an http URL is no case of missing client authentication', () => {
  const forecast = [intruder({ to: 'http://10.0.0.1:2379', outcome: 'accepted' })];

  expect(verdicts(clientPortAdmitsAnonymous, { forecast })).toEqual([{ status: 'not-applicable' }]);
});

test('the ports are told apart', () => {
  const forecast = [
    intruder({ to: 'https://10.0.0.1:2380', port: 'peer', outcome: 'accepted' }),
    intruder(),
  ];

  expect(verdicts(clientPortAdmitsAnonymous, { forecast })).toMatchObject([{ status: 'pass' }]);
  expect(verdicts(peerPortAdmitsAnonymous, { forecast })).toMatchObject([{ status: 'fail' }]);
});

test('several clients that get into one peer port are one finding; a member is none', () => {
  const at = { to: 'https://10.0.0.1:2380', port: 'peer', outcome: 'accepted' } as const;
  const forecast = [
    intruder({ ...at, from: 'etcdctl', credential: 'client.pem' }),
    intruder({ ...at, from: 'flanneld', credential: 'flannel.pem' }),
    intruder({ ...at, from: 'node1', credential: 'node1.pem', wanted: 'either' }),
  ];

  expect(verdicts(peerPortAdmitsClient, { forecast })).toMatchObject([
    { status: 'fail', actual: 'etcd accepts client.pem and flannel.pem' },
  ]);
});

test.each([
  { refused: ['old.pem'], status: 'fail' },
  { refused: ['old.pem', 'client.pem'], status: 'pass' },
])('$refused refused at the peer port, and no other tried: $status', ({ refused, status }) => {
  const at = { port: 'peer', to: 'https://10.0.0.1:2380', from: 'etcdctl' } as const;
  const forecast = [
    intruder({ ...at, credential: 'client.pem', outcome: 'accepted' }),
    intruder({ ...at, credential: 'old.pem', outcome: 'refused' }),
  ];
  const of = endpoint({ port: 2380 });
  const admissions = refused.map((certificateFile) =>
    admission({ of, presented: 'client', certificateFile, outcome: 'refused' }),
  );
  const facts = { forecast, admissions };

  expect(verdicts(peerPortAdmitsClient, facts)).toMatchObject([{ status }]);
  const [access] = accessOf(facts, clientAtPeerPort);
  expect(access?.decidedBy).toBe(status === 'pass' ? 'observation' : undefined);
});

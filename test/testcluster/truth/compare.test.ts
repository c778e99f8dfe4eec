import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { compare } from '../../../testcluster/truth/compare.ts';
import type { Observation } from '../../../testcluster/truth/observation.ts';

const predicted: Edge = {
  target: { kind: 'edge', name: 'x' },
  edge: 'client',
  from: 'etcdctl',
  to: 'https://10.0.0.1:2379',
  member: 'node1',
  port: 'client',
  outcome: 'refused',
  wanted: 'accepted',
  refusedBy: 'server',
  rule: 'x509.expired',
  clientError: 'remote error: tls: bad certificate',
  serverError:
    'x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2021-01-01T00:00:00Z',
  blame: { file: 'client.pem' },
};

const seen: Observation = {
  edge: 'client',
  from: 'etcdctl',
  to: 'https://10.0.0.1:2379',
  member: 'node1',
  outcome: 'refused',
  refusedBy: 'server',
  clientWords: ['desc = "remote error: tls: bad certificate"'],
  serverWords: [
    'x509: certificate has expired or is not yet valid: current time 2026-11-24T00:00:00Z is after 2021-01-01T00:00:00Z',
  ],
};

const isBlamable = (blame: Edge['blame']): boolean => blame?.file === 'client.pem';

test.each<{ title: string; edge?: Partial<Edge>; real?: Partial<Observation>; about: string[] }>([
  { title: 'the same words at another time', about: [] },
  { title: 'another outcome', real: { outcome: 'accepted' }, about: ['outcome'] },
  { title: 'another side', real: { refusedBy: 'client' }, about: ['side'] },
  { title: 'other words of the client', real: { clientWords: ['tls: x'] }, about: ['client text'] },
  {
    title: 'other words of the server',
    real: { serverWords: ['x509: certificate has expired or is not yet valid: because'] },
    about: ['server text'],
  },
  {
    title: 'words of another rule on the server',
    real: { serverWords: ['tls: x'], clientWords: ['remote error: tls: bad certificate'] },
    about: ['server text', 'rule'],
  },
  { title: 'another rule', edge: { rule: 'etcd.peer-san' }, about: ['rule'] },
  { title: 'another blame', edge: { blame: { file: 'ca.pem' } }, about: ['blame'] },
  { title: 'another member', edge: { member: 'node2' }, about: ['member'] },
])('$title: $about', ({ edge, real, about }) => {
  expect(
    compare([{ ...predicted, ...edge }], [{ ...seen, ...real }], { isBlamable }),
  ).toMatchObject([{ about, verdict: about.length === 0 ? 'equal' : 'differs' }]);
});

test.each<{ real?: Partial<Observation>; edge?: Partial<Edge>; reason: string }>([
  { real: { clientWords: ['write: broken pipe'] }, reason: 'client not heard' },
  { real: { serverWords: [] }, reason: 'server not heard' },
  { edge: { outcome: 'not-sure' }, reason: 'the forecast is not sure' },
  { real: { outcome: 'unseen' }, reason: 'this run cannot show it' },
])('is not compared, since $reason', ({ edge, real, reason }) => {
  const [compared] = compare([{ ...predicted, ...edge }], [{ ...seen, ...real }]);

  expect(compared).toMatchObject({ verdict: 'not-compared' });
  expect(compared?.reasons).toContain(reason);
});

test('a text that was heard and not predicted is not compared', () => {
  const { clientError: _, ...without } = predicted;

  expect(compare([without], [seen])).toMatchObject([
    { verdict: 'not-compared', reasons: ['no client text predicted'] },
  ]);
});

test('a side that was not seen is not compared, a side that was not predicted is wrong', () => {
  const { refusedBy: _, ...unseen } = seen;
  const { refusedBy: __, ...silent } = predicted;

  expect(compare([predicted], [unseen])).toMatchObject([{ reasons: ['side not observed'] }]);
  expect(compare([silent], [seen])).toMatchObject([{ about: ['side'] }]);
});

test('a predicted edge that nothing dialled is counted', () => {
  expect(compare([predicted], [])).toMatchObject([
    { verdict: 'not-compared', reasons: ['nothing dialled it'] },
  ]);
});

test.each([
  { edge: 'client', outcome: 'refused', count: 1 },
  { edge: 'intruder', outcome: 'accepted', count: 1 },
  { edge: 'intruder', outcome: 'refused', count: 0 },
  { edge: 'client', outcome: 'refused', refusedBy: 'start', count: 0 },
] as const)('$edge $outcome and not predicted: $count differences', ({ count, ...real }) => {
  const differences = compare([], [{ ...seen, ...real }]).filter(
    ({ verdict }) => verdict === 'differs',
  );

  expect(differences).toHaveLength(count);
});

test('loopback addresses of two members are two edges', () => {
  const to = 'https://127.0.0.1:2379';
  const edges = ['node1', 'node2'].map((member) => ({ ...predicted, to, member }));

  expect(compare(edges, [{ ...seen, to, member: 'node2' }])).toMatchObject([
    { reasons: ['nothing dialled it'] },
    { verdict: 'equal' },
  ]);
});

test('a client that never connects is in no log: hang-ups of others are no evidence', () => {
  const edge: Edge = {
    ...predicted,
    refusedBy: 'never-dials',
    rule: 'endpoint.blanks',
    clientError: 'dial tcp: address  https://10.0.0.1:2379: too many colons in address',
  };
  delete (edge as { serverError?: string }).serverError;
  const clientWords = [edge.clientError ?? ''];
  const sideOf = (real: Partial<Observation>) =>
    compare([edge], [{ ...seen, refusedBy: 'client', clientWords, ...real }], { isBlamable })[0]
      ?.about ?? [];

  expect(sideOf({ serverWords: ['EOF'] })).not.toContain('side');
  expect(sideOf({ serverWords: ['remote error: tls: bad certificate'] })).toContain('side');
  expect(sideOf({ serverWords: ['EOF'], refusedBy: 'server' })).toContain('side');
});

import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { compare } from '../../../testcluster/truth/compare.ts';
import type { Observation } from '../../../testcluster/truth/observation.ts';

const foretold: Edge = {
  target: { kind: 'edge', name: 'x' },
  edge: 'client',
  from: 'etcdctl',
  to: 'https://10.0.0.1:2379',
  port: 'client',
  outcome: 'refused',
  wanted: 'accepted',
  refusedBy: 'server',
  rule: 'x',
  clientError: 'remote error: tls: bad certificate',
  serverError: 'x509: expired: current time 2026-01-01T00:00:00Z is after 2021-01-01T00:00:00Z',
};

const seen: Observation = {
  edge: 'client',
  from: 'etcdctl',
  to: 'https://10.0.0.1:2379',
  outcome: 'refused',
  refusedBy: 'server',
  clientWords: ['desc = "remote error: tls: bad certificate"'],
  serverWords: ['x509: expired: current time 2026-11-24T00:00:00Z is after 2021-01-01T00:00:00Z'],
};

test.each<{ title: string; edge?: Partial<Edge>; real?: Partial<Observation>; about: string[] }>([
  { title: 'the same words at another time', about: [] },
  { title: 'another outcome', real: { outcome: 'accepted' }, about: ['outcome'] },
  { title: 'another side', real: { refusedBy: 'client' }, about: ['side'] },
  { title: 'other words of the client', real: { clientWords: ['tls'] }, about: ['client text'] },
  { title: 'other words of the server', real: { serverWords: ['tls'] }, about: ['server text'] },
  {
    title: 'an alert lost in a reset',
    real: { clientWords: ['connection reset by peer'] },
    about: [],
  },
  { title: 'silence', real: { clientWords: [], serverWords: [] }, about: [] },
])('$title: $about', ({ edge, real, about }) => {
  const observed = { ...seen, ...real };

  expect(compare([{ ...foretold, ...edge }], [observed])).toMatchObject([
    { about, verdict: about.length === 0 ? 'equal' : 'differs' },
  ]);
});

test.each([
  { real: {}, unheard: false },
  { real: { clientWords: ['write: broken pipe'] }, unheard: true },
  { real: { serverWords: [] }, unheard: true },
])('says when a text had nothing to be compared with: $unheard', ({ real, unheard }) => {
  expect(compare([foretold], [{ ...seen, ...real }])).toMatchObject([
    { verdict: 'equal', unheard },
  ]);
});

test('a side that was not seen is no difference', () => {
  const { refusedBy: _, ...withoutSide } = seen;

  expect(compare([{ ...foretold, refusedBy: 'client' }], [withoutSide])).toMatchObject([
    { verdict: 'equal' },
  ]);
});

test.each([
  { outcome: 'not-sure', real: 'refused', verdict: 'not-sure' },
  { outcome: 'accepted', real: 'unseen', verdict: 'unseen' },
] as const)('$outcome beside $real is $verdict', ({ outcome, real, verdict }) => {
  const compared = compare([{ ...foretold, outcome }], [{ ...seen, outcome: real }]);

  expect(compared).toMatchObject([{ verdict }]);
});

test.each([
  { edge: 'client', outcome: 'refused', verdict: 'differs' },
  { edge: 'intruder', outcome: 'accepted', verdict: 'differs' },
  { edge: 'intruder', outcome: 'refused', verdict: 'unseen' },
  { edge: 'client', outcome: 'refused', refusedBy: 'start', verdict: 'unseen' },
] as const)('$edge $outcome and not foretold: $verdict', ({ verdict, ...real }) => {
  expect(compare([], [{ ...seen, ...real }])).toMatchObject([{ verdict }]);
});

import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { needsExplaining, sentenceOf, stateOf } from '../../../src/report/html/edge-words.ts';
import { ladder } from '../../../src/report/html/ladder.ts';

const edge: Edge = {
  target: { kind: 'edge', name: 'a → b' },
  edge: 'peer',
  from: 'a',
  to: 'https://10.0.0.2:2380',
  member: 'b',
  port: 'peer',
  credential: 'a.crt',
  outcome: 'accepted',
  wanted: 'accepted',
  rule: 'etcd.mutual-tls',
};
const refused = { ...edge, outcome: 'refused', refusedBy: 'server' } as const;
const intruder = { ...refused, edge: 'intruder', wanted: 'refused' } as const;

test.each<[string, Edge, string, boolean]>([
  ['accepted as wanted', edge, 'good', false],
  ['refused against the wish', refused, 'bad', true],
  ['refused as wanted', intruder, 'good', false],
  ['let in against the wish', { ...intruder, outcome: 'accepted' }, 'bad', true],
  ['not decided by files', { ...edge, outcome: 'not-sure' }, 'unsure', true],
  ['free to go either way', { ...refused, wanted: 'either' }, 'note', false],
  [
    'observed as wanted, forecast otherwise',
    { ...refused, observed: { outcome: 'accepted' } },
    'unsure',
    true,
  ],
  [
    'observed against wish and forecast',
    { ...edge, observed: { outcome: 'refused' } },
    'bad',
    true,
  ],
  [
    'observed where files could not tell',
    { ...edge, outcome: 'not-sure', observed: { outcome: 'accepted' } },
    'good',
    false,
  ],
  ['not reached', { ...edge, observed: { outcome: 'unreachable' } }, 'good', false],
])('an edge %s', (_name, subject, state, explained) => {
  expect(stateOf(subject)).toBe(state);
  expect(needsExplaining(subject)).toBe(explained);
});

test.each<[Edge, string]>([
  [edge, 'b accepts a'],
  [refused, 'b refuses the certificate that a shows'],
  [{ ...refused, refusedBy: 'client' }, 'a refuses the certificate that b shows'],
  [{ ...refused, refusedBy: 'start' }, 'b does not start, so nobody gets in'],
  [{ ...refused, refusedBy: 'never-dials' }, 'a fails before it dials'],
  [{ ...edge, outcome: 'not-sure' }, 'files alone do not tell whether b accepts a'],
  [
    { ...intruder, from: 'nobody', outcome: 'accepted' },
    'b lets anybody without a certificate in, and should not',
  ],
  [
    { ...intruder, from: 'etcdctl', credential: 'client.crt' },
    'b refuses the certificate that etcdctl with client.crt shows',
  ],
  [{ ...edge, observed: { outcome: 'refused' } }, 'b refuses a, against the forecast'],
])('is told as %#: %s', (subject, sentence) => {
  expect(sentenceOf(subject)).toBe(sentence);
});

test.each<[string, Partial<Edge>, readonly string[]]>([
  [
    'at the start',
    { refusedBy: 'start', rule: 'etcd.half-pair' },
    ['refuses: half pair', 'closes the connection'],
  ],
  [
    'before dialling',
    { refusedBy: 'never-dials', rule: 'tls.no-pem' },
    ['refuses: no pem', 'closes the connection'],
  ],
  [
    'over the TLS version',
    { rule: 'tls.no-common-version' },
    ['offers TLS versions and suites', 'refuses: no common version', 'closes the connection'],
  ],
  [
    'by the dialler',
    {
      refusedBy: 'client',
      rule: 'x509.host-name',
      serverError: 'remote error: tls: bad certificate',
    },
    ['shows its certificate', 'refuses: host name', 'tls: bad certificate'],
  ],
  [
    'over the client certificate',
    { rule: 'x509.expired' },
    ['trusts chain, dates, name', 'shows a.crt', 'refuses: expired', 'closes the connection'],
  ],
  [
    'by etcd after the handshake',
    { rule: 'etcd.peer-san' },
    ['trusts it', 'refuses: peer san', 'closes the connection'],
  ],
])('ends its ladder %s', (_where, parts, last) => {
  expect(steps({ ...refused, ...parts }).slice(-last.length)).toEqual(last);
});

test('goes down the whole ladder when nobody refuses', () => {
  expect(steps(edge).at(-1)).toBe('answers');
  expect(steps({ ...edge, to: 'http://10.0.0.2:2380' })).toEqual([
    'connects to 10.0.0.2:2380',
    'allows name and address',
    'answers',
  ]);
});

function steps(subject: Edge): readonly string[] {
  return [...ladder(subject).markup.matchAll(/class="step [a-z]+">([^<]+)/g)].map(
    ([, words = '']) => words,
  );
}

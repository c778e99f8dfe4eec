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
  ['accepted against the wish', { ...intruder, outcome: 'accepted' }, 'bad', true],
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
  ['tried without a clear outcome', { ...edge, observed: { outcome: 'unclear' } }, 'unsure', true],
  ['not reached', { ...edge, observed: { outcome: 'unreachable' } }, 'good', false],
])('an edge %s', (_name, subject, state, explained) => {
  expect(stateOf(subject)).toBe(state);
  expect(needsExplaining(subject)).toBe(explained);
});

test.each<[Edge, string]>([
  [edge, 'b accepts a'],
  [refused, 'b rejects the certificate that a presents'],
  [{ ...refused, refusedBy: 'client' }, 'a rejects the certificate that b presents'],
  [{ ...refused, refusedBy: 'start' }, 'b does not start, so no connection succeeds'],
  [{ ...refused, refusedBy: 'never-dials' }, 'a fails before connecting'],
  [
    { ...edge, observed: { outcome: 'unclear' } },
    'what was observed does not show whether b accepts a',
  ],
  [{ ...edge, outcome: 'not-sure' }, 'the files do not decide whether b accepts a'],
  [
    { ...intruder, from: 'nobody', outcome: 'accepted' },
    'b accepts a client without a certificate, and should not',
  ],
  [
    { ...intruder, from: 'etcdctl', credential: 'client.crt' },
    'b rejects the certificate that etcdctl with client.crt presents',
  ],
  [{ ...edge, observed: { outcome: 'refused' } }, 'b rejects a, contrary to the prediction'],
])('is described as %#: %s', (subject, sentence) => {
  expect(sentenceOf(subject)).toBe(sentence);
});

test.each<[string, Partial<Edge>, readonly string[]]>([
  [
    'at the start',
    { refusedBy: 'start', rule: 'etcd.half-pair' },
    ['rejects: half pair', 'closes the connection'],
  ],
  [
    'before connecting',
    { refusedBy: 'never-dials', rule: 'tls.no-pem' },
    ['rejects: no pem', 'closes the connection'],
  ],
  [
    'over the TLS version',
    { rule: 'tls.no-common-version' },
    [
      'offers TLS versions and cipher suites',
      'rejects: no common version',
      'closes the connection',
    ],
  ],
  [
    'by the connecting side',
    {
      refusedBy: 'client',
      rule: 'x509.host-name',
      serverError: 'remote error: tls: bad certificate',
    },
    ['presents its certificate', 'rejects: host name', 'tls: bad certificate'],
  ],
  [
    'over the client certificate',
    { rule: 'x509.expired' },
    ['verifies chain, dates, name', 'presents a.crt', 'rejects: expired', 'closes the connection'],
  ],
  [
    'by etcd after the handshake',
    { rule: 'etcd.peer-san' },
    ['trusts it', 'rejects: peer san', 'closes the connection'],
  ],
])('ends its ladder %s', (_where, parts, last) => {
  expect(steps({ ...refused, ...parts }).slice(-last.length)).toEqual(last);
});

test('goes down the whole ladder when neither side refuses', () => {
  expect(steps(edge).at(-1)).toBe('answers');
  expect(steps({ ...edge, to: 'http://10.0.0.2:2380' })).toEqual([
    'connects to 10.0.0.2:2380',
    'checks allowed names and address',
    'answers',
  ]);
});

function steps(subject: Edge): readonly string[] {
  return [...ladder(subject).markup.matchAll(/class="step [a-z]+">([^<]+)/g)].map(
    ([, words = '']) => words,
  );
}

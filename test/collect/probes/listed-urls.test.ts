import { expect, test } from 'vitest';
import { endpointsIn, neighboursOf } from '../../../src/collect/probes/listed-urls.ts';
import type { MemberListObservation } from '../../../src/model/live.ts';
import { endpoint } from '../support/start-etcd.ts';

const known = endpoint('https://10.0.0.1:2379', 'client');

function list(...urls: readonly string[]): MemberListObservation {
  const member = { id: '1', name: 'm2', peerUrls: [], clientUrls: urls, isLearner: false };
  return {
    target: { kind: 'endpoint', name: known.url },
    endpoint: known,
    through: 'grpc',
    outcome: 'answered',
    members: [member],
    milliseconds: 1,
  };
}

test.each([
  ['https://10.0.0.2:2379', 'https', '10.0.0.2', 2379],
  ['http://[2001:db8::1]:2379', 'http', '2001:db8::1', 2379],
  ['https://etcd.example', 'https', 'etcd.example', 2379],
])('%s is found', (url, scheme, host, port) => {
  expect(endpointsIn([list(url)], [known])).toEqual([
    { url, scheme, host, port, serves: 'client', member: 'm2', source: 'cluster' },
  ]);
});

test.each(['https://10.0.0.1:2379/', 'unix:///run/etcd', 'javascript:alert(1)', 'x', ''])(
  '%j is nothing new to dial',
  (url) => {
    expect(endpointsIn([list(url)], [known])).toEqual([]);
  },
);

test('a URL that every member lists is found once', () => {
  const lists = [list('https://10.0.0.2:2379'), list('https://10.0.0.2:2379')];

  expect(endpointsIn(lists, [known])).toHaveLength(1);
});

test('the other usual ports of a client endpoint are its neighbours', () => {
  const metrics = endpoint('http://10.0.0.1:2381', 'metrics');
  const peer = endpoint('https://10.0.0.9:2380', 'peer');

  expect(neighboursOf([known, metrics, peer])).toMatchObject([
    { url: 'http://10.0.0.1:4001', serves: 'client', source: 'neighbour' },
    { url: 'http://10.0.0.1:7001', serves: 'peer', source: 'neighbour' },
  ]);
});

import { expect, test } from 'vitest';
import { discovered } from '../../src/deployment/discovered.ts';
import { endpointAt } from '../../src/deployment/endpoints.ts';
import { endpoint, listed, memberList } from '../fixtures/builders.ts';

const known = endpoint({ host: '10.0.0.1' });

function found(...urls: readonly string[]) {
  const lists = urls.map((url) =>
    memberList({ members: [listed('m2', { peerUrls: [], clientUrls: [url] })] }),
  );
  return discovered(lists, [known], endpointAt([], lists)).filter(({ supposed }) => !supposed);
}

test.each([
  ['https://10.0.0.2:2379', 'https', '10.0.0.2', 2379],
  ['http://[2001:db8::1]:2379', 'http', '2001:db8::1', 2379],
  ['https://etcd.example', 'https', 'etcd.example', 2379],
])('%s is found', (url, scheme, host, port) => {
  expect(found(url)).toEqual([{ url, scheme, host, port, serves: 'client', member: 'm2' }]);
});

test.each(['https://10.0.0.1:2379/', 'unix:///run/etcd', 'javascript:alert(1)', 'x', ''])(
  '%j is nothing new to dial',
  (url) => {
    expect(found(url)).toEqual([]);
  },
);

test('a URL that every member lists is found once', () => {
  expect(found('https://10.0.0.2:2379', 'https://10.0.0.2:2379')).toHaveLength(1);
});

test('the other usual ports of a client endpoint are its neighbours', () => {
  const metrics = endpoint({ scheme: 'http', host: '10.0.0.1', port: 2381, serves: 'metrics' });
  const peer = endpoint({ host: '10.0.0.9', port: 2380 });

  expect(discovered([], [known, metrics, peer], endpointAt([], []))).toMatchObject([
    { url: 'http://10.0.0.1:4001', serves: 'client', supposed: true },
    { url: 'http://10.0.0.1:7001', serves: 'peer', supposed: true },
  ]);
});

import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import { discovered } from '../../src/deployment/discovered.ts';
import { endpointAt } from '../../src/deployment/endpoints.ts';
import { dialled, listed, memberList } from '../fixtures/builders.ts';

const known = dialled({ host: '10.0.0.1' });

function found(...urls: readonly string[]) {
  const lists = urls.map((url) =>
    memberList({ members: [listed('m2', { peerUrls: [], clientUrls: [url] })] }),
  );
  const { endpoints } = discovered(lists, [known], endpointAt([], lists));
  return endpoints.filter(({ supposed }) => !supposed);
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
  const metrics = dialled({ scheme: 'http', host: '10.0.0.1', port: 2381, serves: 'metrics' });
  const peer = dialled({ host: '10.0.0.9', port: 2380 });

  expect(discovered([], [known, metrics, peer], endpointAt([], []))).toMatchObject({
    endpoints: [
      { url: 'http://10.0.0.1:4001', serves: 'client', supposed: true },
      { url: 'http://10.0.0.1:7001', serves: 'peer', supposed: true },
    ],
  });
});

test('nothing is left out up to the limit, and what is more is counted', () => {
  const urls = Array.from({ length: 66 }, (_, index) => `https://10.0.1.${index}:2379`);
  const lists = [memberList({ members: [listed('m2', { peerUrls: [], clientUrls: urls })] })];
  const fewer = [
    memberList({ members: [listed('m2', { peerUrls: [], clientUrls: urls.slice(0, 3) })] }),
  ];

  const { endpoints, leftOut } = discovered(lists, [known], endpointAt([], lists));

  expect(endpoints.filter(({ supposed }) => !supposed)).toHaveLength(64);
  expect(leftOut).toContain(
    '66 endpoints in the member list, of which 2 were left out, from https://10.0.1.64:2379 on',
  );
  expect(leftOut).toContain('195 other usual ports of etcd, of which 131 were left out');
  expect(discovered(fewer, [known], endpointAt([], fewer))).not.toHaveProperty('leftOut');
});

test('with endpoints left out the verdict is INCOMPLETE, and says how to get to them', () => {
  const evidence = {
    collectedAt: '2026-01-01T00:00:00.000Z',
    facts: {},
    gaps: { endpoints: '66 endpoints in the member list, of which 2 were left out' },
  };
  const { verdict, gaps } = judge(evidence);

  expect(gaps).toContainEqual({
    what: 'endpoints',
    because: '66 endpoints in the member list, of which 2 were left out',
    asked: true,
    give: 'name the others in `--endpoints`',
  });
  expect(verdict).toMatchObject({
    status: 'incomplete',
    next: 'name the others in `--endpoints`',
  });
});

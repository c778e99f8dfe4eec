import { expect, test } from 'vitest';
import {
  readCommandLine,
  readHealth,
  readPeerMembers,
  readVersions,
} from '../../../src/collect/probes/page-json.ts';
import { readMetrics } from '../../../src/collect/probes/page-metrics.ts';
import { readPage } from '../../../src/collect/probes/browse.ts';
import { dial } from '../../../src/collect/probes/dial.ts';
import { observePages } from '../../../src/collect/probes/pages.ts';
import { deadlineOf, startServer } from '../support/servers.ts';

test('ids of /members come out whole, and what looks like an id in a name is left alone', () => {
  const page = String.raw`[{"id":10501334649042878790,"peerURLs":["https://10.0.0.1:2380"],"name":"a\",\"id\":7","clientURLs":[]},{"id" : 1,"isLearner":true}]`;

  expect(readPeerMembers(page)).toEqual({
    members: [
      {
        id: '91bc3c398fb3c146',
        name: 'a","id":7',
        peerUrls: ['https://10.0.0.1:2380'],
        clientUrls: [],
        isLearner: false,
      },
      { id: '1', name: '', peerUrls: [], clientUrls: [], isLearner: true },
    ],
  });
});

test.each([
  ['not JSON', '<html>', undefined],
  ['no list', '{"id":1}', undefined],
  ['a list of other things', '[null, 5, "x", {"id":"y"}]', ['', '', '', '']],
])('a page of /members that is %s does no harm', (_, page, ids) => {
  expect(readPeerMembers(page)?.members.map(({ id }) => id)).toEqual(ids);
});

test('10,000 members are counted and cut', () => {
  const page = JSON.stringify(Array.from({ length: 10_000 }, (_, id) => ({ id })));

  expect(readPeerMembers(page)).toMatchObject({ listed: 10_000, members: { length: 1000 } });
});

test.each([
  [
    '{"etcdserver":"3.5.21","etcdcluster":"3.5.0"}',
    { serverVersion: '3.5.21', clusterVersion: '3.5.0' },
  ],
  ['{"etcdserver":5}', {}],
  ['[]', {}],
  ['null', {}],
])('/version: %s', (page, read) => {
  expect(readVersions(page)).toEqual(read);
});

test.each([
  ['{"health":"true","reason":""}', { healthy: true }],
  ['{"health":"false","reason":"QGET ERROR:"}', { healthy: false, healthReason: 'QGET ERROR:' }],
  ['{"health":true}', { healthy: true }],
  ['{}', {}],
])('/health: %s', (page, read) => {
  expect(readHealth(page)).toEqual(read);
});

test('every argument of the command line is read', () => {
  const words = ['etcd', 'x'.repeat(5000), ...Array.from({ length: 500 }, () => '--flag')];

  const { commandLine } = readCommandLine(JSON.stringify({ cmdline: [5, ...words] }));

  expect(commandLine).toEqual(words);
});

test('/metrics tells which member lost which', () => {
  const page = [
    'etcd_network_active_peers{Local="8e9e05c52164694d",Remote="91bc3c398fb3c146"} 0',
    'etcd_network_disconnected_peers_total{Local="8e9e05c52164694d",Remote="91bc3c398fb3c146"} 7',
    'etcd_network_peer_sent_failures_total{To="91bc3c398fb3c146"} 1.2e+03',
    'etcd_network_active_peers{Local="x",Remote="not hex"} 5',
    'etcd_network_active_peers{Local="1",Remote="2"} NaN',
    'go_info{version="go1.23.8"} 1',
    'process_start_time_seconds 1.75e+09',
  ].join('\n');

  expect(readMetrics(page)).toEqual({
    goVersion: 'go1.23.8',
    startedAt: '2025-06-15T15:06:40.000Z',
    peerTraffic: [
      {
        local: '8e9e05c52164694d',
        remote: '91bc3c398fb3c146',
        active: 0,
        disconnected: 7,
        sentFailures: 1200,
      },
    ],
  });
});

test.each(['process_start_time_seconds 1e300', 'process_start_time_seconds -5', ''])(
  'a start that is no time is left out: %j',
  (page) => {
    expect(readMetrics(page)).toEqual({});
  },
);

test('pages are asked for over one connection, and over another when the server closes it', async () => {
  let connections = 0;
  await using server = await startServer((socket) => {
    connections += 1;
    const close = connections === 1 ? 'Connection: close\r\n' : '';
    socket.on('data', () =>
      socket.write(`HTTP/1.1 404 Not Found\r\n${close}Content-Length: 0\r\n\r\n`),
    );
  });
  using deadline = deadlineOf(20_000);
  const { endpoint, port } = server;

  const { process } = await observePages(
    endpoint,
    { address: { address: '127.0.0.1', port } },
    deadline,
  );

  expect(process.pages.map(({ path, httpStatus }) => `${path} ${httpStatus}`)).toEqual([
    '/version 404',
    '/metrics 404',
    '/debug/vars 404',
    '/debug/pprof/ 404',
  ]);
  expect(connections).toBe(2);
});

test.each([
  ['metrics', ['/metrics 200', '/health 200']],
  [
    'client',
    ['/version 200', '/metrics 200', '/health 200', '/debug/vars 200', '/debug/pprof/ 200'],
  ],
] as const)(
  'over the connection by which a %s port was found to accept, every page is read',
  async (...row) => {
    const [serves, read] = row;
    let connections = 0;
    const body = 'etcd_server_version{server_version="3.5.30"} 1\n';
    await using server = await startServer((socket) => {
      connections += 1;
      socket.on('data', () =>
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
      );
    }, serves);
    using deadline = deadlineOf(20_000);
    const { endpoint, port } = server;
    const address = { address: '127.0.0.1', port };
    const connection = await dial(address, deadline);
    if (!connection.ok) throw new Error(connection.code);
    const { socket } = connection;
    const { page } = await readPage(socket, endpoint.host, '/version', deadline);

    const { process } = await observePages(
      endpoint,
      { address, begun: { socket, pages: [page] } },
      deadline,
    );

    expect(process.pages.map(({ path, httpStatus }) => `${path} ${httpStatus}`)).toEqual(read);
    expect(connections).toBe(1);
  },
);

test('the Date header is a clock of one second', async () => {
  await using server = await startServer((socket) => {
    socket.on('data', () =>
      socket.write(
        'HTTP/1.1 200 OK\r\nDate: Wed, 01 Jan 2025 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n',
      ),
    );
  }, 'metrics');
  using deadline = deadlineOf(20_000);
  const { endpoint, port } = server;

  const { process } = await observePages(
    endpoint,
    { address: { address: '127.0.0.1', port } },
    deadline,
  );

  expect(process.clock).toMatchObject({
    serverTime: '2025-01-01T00:00:00.000Z',
    resolutionMilliseconds: 1000,
  });
});

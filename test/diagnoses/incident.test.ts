import { expect, test } from 'vitest';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';

const rejected = (error: string, remote = '10.0.0.9:4', name = ''): string =>
  JSON.stringify({
    level: 'warn',
    ts: '2026-01-01T00:00:00Z',
    caller: 'embed/config_logging.go:169',
    msg: 'rejected connection',
    'remote-addr': remote,
    'server-name': name,
    error,
  });

const refusedPeer = (host: string): string =>
  `2020-11-24 10:27:06.592275 W | rafthttp: health check for peer 5a9c could not connect: dial tcp ${host}:2380: connect: connection refused`;

const alert = 'remote error: tls: bad certificate';

test('a reason stands above its consequences, however many they are', () => {
  const expired =
    'tls: failed to verify client certificate: x509: certificate has expired or is not yet valid: current time 2031-11-11T00:40:25Z is after 2031-11-08T00:34:39Z';

  const { conclusion, consequences, linesExplained, also } = incidentOf([
    'Error: context deadline exceeded',
    ...Array.from({ length: 50 }, () => rejected(alert)),
    rejected(expired),
    refusedPeer('10.0.0.3'),
  ]);

  expect(conclusion?.explanation).toMatchObject({ cause: 'EXPIRED', confidence: 'certain' });
  expect(also).toEqual([]);
  expect(consequences.map(({ explanation }) => explanation.cause)).toEqual(
    expect.arrayContaining(['NET', 'UNKNOWN', 'UNKNOWN']),
  );
  expect(linesExplained).toBe(53);
});

test.each([
  { what: 'a name', error: 'x509: certificate is valid for 10.0.0.2, not 10.0.0.4', own: true },
  {
    what: 'a missing file',
    error: 'open /etc/etcd/peer.pem: no such file or directory',
    own: false,
  },
])('a refused port next to $what: a cause of its own is $own', ({ error, own }) => {
  const { also, consequences } = incidentOf([
    `2020-11-24 10:27:06.592275 W | rafthttp: health check for peer 1a9c could not connect: ${error}`,
    refusedPeer('10.0.0.3'),
  ]);
  const causes = (episodes: typeof also) => episodes.map(({ explanation }) => explanation.cause);

  expect(causes(own ? also : consequences)).toEqual(['NET']);
  expect(causes(own ? consequences : also)).toEqual([]);
});

const dial =
  'WARNING: 2026/03/21 18:17:45 Failed to dial 10.0.18.170:2379: connection error: desc = "transport: authentication handshake failed: remote error: tls: bad certificate"; please retry.';

const serving = 'serving client requests on 10.0.18.170:2379';

test.each([
  {
    who: 'the same process',
    lines: [
      `Mar 21 18:17:45 m1 bash[22516]: ${dial}`,
      `Mar 21 18:17:45 m1 etcd[22516]: ${serving}`,
    ],
    first: 'EKU',
  },
  {
    who: 'etcd, by its own logger',
    lines: [
      `2026-03-21 18:17:45.710000 I | embed: ${serving}`,
      '2026-03-21 18:17:45.714127 I | etcdserver/api/v3rpc: Failed to dial 10.0.18.170:2379: connection error: desc = "transport: remote error: tls: bad certificate"; please retry.',
    ],
    first: 'EKU',
  },
  {
    who: 'another process',
    lines: [`Mar 21 18:17:45 m1 app[4711]: ${dial}`, `Mar 21 18:17:45 m1 etcd[22516]: ${serving}`],
    first: 'NOCERT',
  },
  { who: 'who knows', lines: [dial, serving], first: 'NOCERT' },
])('an alert in the log of etcd that $who got may be about its own certificate', (row) => {
  const { conclusion } = incidentOf(row.lines);

  expect(conclusion?.explanation.cause).toBe('UNKNOWN');
  expect(conclusion?.explanation.alternatives[0]?.cause).toBe(row.first);
});

test('kubeadm that checks etcd is not etcd', () => {
  const { conclusion } = incidentOf([
    'error execution phase check-etcd: etcd cluster is not healthy: failed to dial endpoint https://10.0.33.10:2379 with maintenance client: context deadline exceeded',
  ]);

  expect(conclusion?.explanation.title).toContain('the client gave up waiting');
});

test('two reasons are both stated', () => {
  const { conclusion, also } = incidentOf([
    rejected(
      'tls: failed to verify client certificate: x509: certificate signed by unknown authority',
    ),
    '{"level":"warn","caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","error":"x509: certificate is valid for 10.0.0.1, not 10.0.0.2"}',
  ]);

  expect([conclusion, ...also].map((episode) => episode?.explanation.cause)).toEqual(
    expect.arrayContaining(['CA-SERVER', 'SAN']),
  );
});

/** What `verify` leaves in the log of a member. */
const probes = [
  'tls: first record does not look like a TLS handshake',
  "tls: client didn't provide a certificate",
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
];

test('the probes of verify state nothing', () => {
  const { conclusion, also } = incidentOf(probes.map((error) => rejected(error)));

  expect(conclusion?.explanation).toMatchObject({ cause: 'UNKNOWN', confidence: 'open' });
  expect(conclusion?.explanation.title).toContain('`verify`');
  expect(also).toEqual([]);
});

test('two kinds of rejection are probes at once, and two problems over hours', () => {
  const [, none = '', foreign = ''] = probes;
  const later = rejected(foreign).replace('T00:00:00Z', 'T04:00:00Z');

  const atOnce = incidentOf([rejected(none), rejected(foreign)]);
  const apart = incidentOf([rejected(none), later]);

  expect(atOnce.conclusion?.explanation.confidence).toBe('open');
  expect([apart.conclusion, ...apart.also].map((each) => each?.explanation.cause)).toEqual(
    expect.arrayContaining(['NOCERT', 'CA-SERVER']),
  );
});

test('what no probe has stays the reason, although the same address also ran verify', () => {
  const { conclusion } = incidentOf([
    ...probes.map((error) => rejected(error)),
    rejected(
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2031-11-11T00:40:25Z is after 2031-11-08T00:34:39Z',
    ),
  ]);

  expect(conclusion?.explanation).toMatchObject({ cause: 'EXPIRED', confidence: 'certain' });
});

test('a line that stops etcd is the reason of everything else', () => {
  const { conclusion } = incidentOf([
    rejected('x509: certificate signed by unknown authority'),
    'panic: tocommit(11) is out of range [lastIndex(9)]. Was the raft log corrupted, truncated, or lost?',
  ]);

  expect(conclusion?.explanation.title).toContain('not TLS');
});

test('an EOF is harmless alone and not from an address that also sends alerts', () => {
  const alone = incidentOf([rejected('EOF'), rejected('EOF', '10.0.0.8:1')]);
  const together = incidentOf([rejected('EOF'), rejected(alert)]);
  const afterHello = incidentOf([rejected('EOF', '10.0.0.9:4', 'etcd.example.com')]);

  expect(alone.conclusion?.explanation.harmless).toBe(true);
  expect(together.conclusion?.explanation.cause).toBe('UNKNOWN');
  expect(together.harmless).toEqual([]);
  expect(afterHello.conclusion?.explanation).toMatchObject({ cause: 'UNKNOWN', harmless: false });
});

test('an EOF from a peer that does not answer is a consequence', () => {
  const { conclusion, harmless } = incidentOf([
    '2021-08-20 14:04:37.731374 W | rafthttp: health check for peer b0c1 could not connect: read tcp 10.0.100.4:41198->10.0.100.3:2380: i/o timeout',
    '2021-08-20 14:04:36.065471 I | embed: rejected connection from "10.0.100.3:47446" (error "EOF", ServerName "")',
  ]);

  expect(conclusion?.explanation.cause).toBe('NET');
  expect(harmless).toEqual([]);
});

test('nothing listens: stated, but not where the same host rejects the certificate', () => {
  const alone = incidentOf([refusedPeer('10.0.0.3')]);
  const supervisor = incidentOf([
    refusedPeer('10.0.0.3'),
    'INFO[0006] Cluster-Http-Server 2022/11/16 13:12:03 http: TLS handshake error from 10.0.0.3:52140: remote error: tls: bad certificate',
  ]);
  const rejecting = incidentOf([
    refusedPeer('10.0.0.3'),
    refusedPeer('10.0.0.3'),
    rejected(alert, '10.0.0.3:1'),
  ]);

  expect(alone.conclusion?.explanation).toMatchObject({ cause: 'NET', confidence: 'certain' });
  expect(supervisor.conclusion?.explanation.cause).toBe('NET');
  expect(rejecting.conclusion?.explanation.cause).toBe('UNKNOWN');
});

test('what comes after the order to stop comes of it', () => {
  const stop =
    '2026-11-28 13:53:29.363077 N | pkg/osutil: received terminated signal, shutting down...';
  const refused =
    'WARNING: 2026/11/28 13:53:29 grpc: addrConn.createTransport failed to connect to {127.0.0.1:2379  <nil> 0 <nil>}. Err :connection error: desc = "transport: Error while dialing dial tcp 127.0.0.1:2379: connect: connection refused". Reconnecting...';

  const { conclusion } = incidentOf([stop, refused]);
  const before = incidentOf([refused, stop]);
  const again = incidentOf([
    stop,
    '2026-11-28 13:53:31.0 I | etcdmain: etcd Version: 3.4.23',
    refused,
  ]);

  expect(conclusion?.explanation.harmless).toBe(true);
  expect(before.conclusion?.explanation.cause).toBe('NET');
  expect(again.conclusion?.explanation.cause).toBe('NET');
});

test('another cluster id follows from another scheme', () => {
  const { conclusion, also } = incidentOf([
    rejected('tls: first record does not look like a TLS handshake'),
    ...Array.from(
      { length: 9 },
      () =>
        '{"level":"warn","caller":"rafthttp/stream.go:682","msg":"request sent was ignored by remote peer due to cluster ID mismatch"}',
    ),
  ]);

  expect(conclusion?.explanation.cause).toBe('SCHEME');
  expect(also).toEqual([]);
});

test('a pasted command is what was run, not what came of it', () => {
  const closed =
    'grpc: transport: http2Client.notifyError got notified that the client transport was broken unexpected EOF.';

  const plain = incidentOf(['$ ./etcdctl --endpoints=127.0.0.1:2379 endpoint status', closed]);
  const secure = incidentOf([
    '$ ./etcdctl --endpoints=https://127.0.0.1:2379 endpoint status',
    closed,
  ]);
  const asked = incidentOf(['$ grep "certificate has expired" etcd.log']);

  expect(plain.conclusion?.explanation).toMatchObject({ cause: 'SCHEME', confidence: 'likely' });
  expect(secure.conclusion?.explanation.cause).toBe('UNKNOWN');
  expect(asked.conclusion).toBeUndefined();
});

test('members, peers and ports of one cause are told together', () => {
  const { conclusion, consequences } = incidentOf(
    ['10.0.0.2', '10.0.0.3', '10.0.0.3'].map(refusedPeer),
  );

  expect(conclusion?.count).toBe(3);
  expect(Object.fromEntries(conclusion?.targets ?? [])).toEqual({
    '10.0.0.2:2380': 1,
    '10.0.0.3:2380': 2,
  });
  expect(consequences).toEqual([]);
});

test('what another service says is no conclusion about etcd', () => {
  const { conclusion } = incidentOf([
    'E1 Get "https://10.96.0.1:443/api/v1/nodes": x509: certificate signed by unknown authority',
    refusedPeer('10.0.0.2'),
  ]);

  expect(conclusion?.explanation.cause).toBe('NET');
});

function incidentOf(lines: readonly string[]) {
  const log = logExplainer();
  for (const line of lines) log.add(line);
  return log.incident();
}

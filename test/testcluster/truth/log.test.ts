import { expect, test } from 'vitest';
import {
  failuresTowards,
  hasConnected,
  memberIds,
  rejections,
} from '../../../testcluster/truth/log.ts';

const old = [
  '2026-11-24 00:05:14.1 I | embed: rejected connection from "10.0.0.9:40170" (error "tls: \\"127.0.0.1\\" does not match any of DNSNames [\\"n2\\"]", ServerName "")',
  '2026-11-24 00:05:14.2 I | etcdserver/membership: added member 59c83fb7b6a602e6 [https://10.0.0.2:2380] to cluster d7',
  '2026-11-24 00:05:14.3 I | rafthttp: established a TCP streaming connection with peer 59c83fb7b6a602e6 (stream MsgApp v2 reader)',
  '2026-11-24 00:05:14.3 I | rafthttp: established a TCP streaming connection with peer 77 (stream MsgApp v2 writer)',
  '2026-11-24 00:05:14.4 D | rafthttp: failed to dial 77 on stream Message (EOF)',
].join('\n');

const zap = [
  { msg: 'rejected connection on peer endpoint', 'remote-addr': '10.0.0.9:1', error: 'EOF' },
  { msg: 'added member', 'added-peer-id': 'ab', 'added-peer-peer-urls': ['https://10.0.0.2:2380'] },
  {
    msg: 'established TCP streaming connection with remote peer',
    'remote-peer-id': 'ab',
    'stream-reader-type': 'stream Message',
  },
  {
    msg: 'established TCP streaming connection with remote peer',
    'remote-peer-id': 'cd',
    'stream-writer-type': 'stream Message',
  },
  { msg: 'peer deactivated again', 'peer-id': 'cd', error: 'failed to dial cd (tls: bad)' },
]
  .map((line) => JSON.stringify(line))
  .join('\n');

test.each([
  { log: old, port: '40170', error: 'tls: "127.0.0.1" does not match any of DNSNames ["n2"]' },
  { log: zap, port: '1', error: 'EOF' },
])('finds refused connections: $error', ({ log, port, error }) => {
  expect(rejections(log)).toEqual([{ address: '10.0.0.9', port, error }]);
});

test.each([
  { log: old, id: '59c83fb7b6a602e6' },
  { log: zap, id: 'ab' },
])('finds the id of a member by its URL: $id', ({ log, id }) => {
  expect(memberIds(log).get('https://10.0.0.2:2380')).toBe(id);
});

test.each([
  { log: old, reader: '59c83fb7b6a602e6', writer: '77' },
  { log: zap, reader: 'ab', writer: 'cd' },
])('tells streams that were dialled from those that came in', ({ log, reader, writer }) => {
  expect(hasConnected(log, reader)).toBe(true);
  expect(hasConnected(log, writer)).toBe(false);
});

test.each([
  { log: old, id: '77', words: 'failed to dial 77 on stream Message (EOF)' },
  { log: zap, id: 'cd', words: 'failed to dial cd (tls: bad)' },
])('finds failures to dial a member: $words', ({ log, id, words }) => {
  expect(failuresTowards(log, id, 'https://nowhere')).toEqual([expect.stringContaining(words)]);
});

test('a line that is still being written is no rejection', () => {
  expect(rejections('{"msg":"rejected conn')).toEqual([]);
});

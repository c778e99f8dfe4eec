import type { Reading } from '../reading.ts';
import { all, amid, captured, not, type Rule, says, saysAny } from './rule.ts';

/** Words that a record header's length bytes spell when the other side sent text instead of TLS. */
function textInLength(reading: Reading): string {
  const length = Number(captured(reading, 'oversized-record', 'length'));
  return String.fromCodePoint((length >> 8) & 0xff, length & 0xff);
}

const gotResponse = (reading: Reading): boolean =>
  reading.signals.has('oversized-record') && textInLength(reading) === 'P/';

/** Rules about what is between the two sides. */
export const surroundingRules: readonly Rule[] = [
  {
    cause: 'SCHEME',
    weight: 8,
    when: all(saysAny('not-tls', 'oversized-record'), not(gotResponse)),
    because: (reading) =>
      reading.signals.has('oversized-record')
        ? `the record length spells "${textInLength(reading)}": a plain-text request came to a TLS port`
        : 'plain text came to a TLS port',
  },
  {
    cause: 'SCHEME',
    weight: 8,
    when: saysAny('http-got-tls', 'tls-got-http'),
    because: 'the answer belongs to the other protocol',
  },
  {
    cause: 'SCHEME',
    weight: 6,
    when: says('http-got-http2'),
    because: 'HTTP/1 met a port that speaks HTTP/2 only',
  },
  {
    cause: 'SCHEME',
    weight: 5,
    when: says('empty-answer'),
    because: 'a port that speaks TLS ends a plain-text request without an answer',
  },
  {
    cause: 'SCHEME',
    weight: 4,
    when: all(says('eof'), (reading) => reading.line.role === 'dialling', not(says('stream-lost'))),
    because: 'a plain-text server closes the connection when a ClientHello comes',
  },
  {
    cause: 'PROXY',
    weight: 9,
    when: gotResponse,
    because:
      'the record length spells "P/" of `HTTP/`: something answered the ClientHello in plain HTTP',
  },
  {
    cause: 'PROXY',
    weight: 10,
    when: saysAny('proxy', 'no-alpn'),
    because: 'a proxy or load balancer answers, or HTTP/2 is not offered by what terminates TLS',
  },
  {
    cause: 'PROXY',
    weight: 6,
    when: says('client-closing'),
    because: 'gRPC does not get through where plain HTTPS does',
  },
  {
    cause: 'PROXY',
    weight: 7,
    when: all(says('version-2-client', 'eof'), ({ line }) => /https:/.test(line.text)),
    because: 'a connection that ends without a word on the way to https is often ended by a proxy',
  },
  {
    cause: 'NET',
    weight: 4,
    when: all(says('deadline'), ({ line }) => line.writtenBy === 'etcd'),
    because: 'etcd itself waited in vain: for its peers, or for a host that is too slow',
  },
  {
    cause: 'NET',
    weight: 8,
    when: saysAny('refused', 'no-route', 'invalid-argument'),
    because: 'no connection came about, so no certificate was looked at',
  },
  {
    cause: 'NET',
    weight: 6,
    when: saysAny('timeout', 'handshake-deadline'),
    because: 'nothing answered in time',
  },
  {
    cause: 'NET',
    weight: 5,
    when: all(amid('load'), saysAny('eof', 'timeout', 'deadline')),
    because: 'handshakes that come too late end like refused ones',
  },
  {
    cause: 'NET',
    weight: 6,
    when: says('stream-lost'),
    because:
      'a connection that had been let in ended: the other member ended, or the way to it did',
  },
  {
    cause: 'NET',
    weight: 4,
    when: all(says('peer-unhealthy'), ({ signals }) => signals.size === 1),
    because: 'the probe of a peer got no answer of any kind, not even a refusal',
  },
  {
    cause: 'DNS',
    weight: 8,
    when: all(says('name-unknown'), not(says('peer-name-mismatch'))),
    because: 'the name has no address',
  },
  {
    cause: 'NOISE',
    weight: 7,
    when: all(
      says('eof'),
      (reading) => reading.line.role === 'accepting',
      not(saysAny('remote-alert')),
      not(amid('load')),
    ),
    because: 'somebody connected and left before sending anything: a TCP probe or a port scan',
  },
  {
    cause: 'NOISE',
    weight: 12,
    when: says('client-left'),
    because: 'a client ended its connection while etcd was answering',
  },
  {
    cause: 'NOISE',
    weight: 3,
    when: all(says('reset'), (reading) => reading.line.role === 'accepting'),
    because: 'the other side left during the handshake',
  },
];

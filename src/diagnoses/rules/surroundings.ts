import type { Reading } from '../reading.ts';
import { isSelfDial } from './undecided.ts';
import { accepting, all, captured, either, not, type Rule, says, saysAny } from './rule.ts';

/** Words that a record header's length bytes spell when the other side sent text instead of TLS. */
function textInLength(reading: Reading): string {
  const length = Number(captured(reading, 'oversized-record', 'length'));
  return String.fromCodePoint((length >> 8) & 0xff, length & 0xff);
}

const gotResponse = (reading: Reading): boolean =>
  reading.signals.has('oversized-record') && textInLength(reading) === 'P/';

/** The writer spoke plain HTTP, by the URL it dialled. */
const connectedByHttp: Rule['when'] = ({ line }) => line.target?.scheme === 'http';

/** An alert proves that both sides speak TLS and that nothing is in between. */
const ended = all(saysAny('eof', 'reset', 'transport-closing'), not(says('remote-alert')));

/** The writer connected, or is no etcd and wrote what clients write. */
const connecting: Rule['when'] = ({ line }) =>
  line.role === 'dialling' || (line.role === undefined && line.writtenBy !== 'etcd');

/** Rules about what is between the two sides. */
export const surroundingRules: readonly Rule[] = [
  {
    cause: 'SCHEME',
    weight: 9,
    when: all(saysAny('not-tls', 'oversized-record'), not(gotResponse)),
    because: (reading) =>
      reading.signals.has('oversized-record')
        ? `the record length spells "${textInLength(reading)}": a plain-text request arrived at a TLS port`
        : plainText(reading),
  },
  {
    cause: 'SCHEME',
    weight: 9,
    when: saysAny('http-got-tls', 'tls-got-http'),
    because: 'the answer belongs to the other protocol',
  },
  {
    cause: 'SCHEME',
    weight: 6,
    when: all(says('http-got-http2'), not(says('http1-answer'))),
    because:
      'one side speaks HTTP/1 and the other HTTP/2, as happens when only one of them uses TLS',
  },
  {
    cause: 'PROXY',
    weight: 9,
    when: says('http1-answer'),
    because:
      'the port answered a gRPC client in HTTP/1: it is a web server, a proxy or a port for metrics',
  },
  {
    cause: 'SCHEME',
    weight: 4,
    when: says('http1-answer'),
    because: 'a web server answers plain HTTP/2 at a TLS port like this, too',
  },
  {
    cause: 'SCHEME',
    weight: 5,
    when: says('empty-answer'),
    because: 'a port that speaks TLS ends a plain-text request without an answer',
  },
  {
    cause: 'SCHEME',
    weight: 7,
    when: all(says('eof'), connectedByHttp, not(says('stream-lost')), not(accepting)),
    because: 'the URL says http, and the port ended the connection as a TLS port does',
  },
  {
    cause: 'SCHEME',
    weight: 4,
    when: all(says('reset'), connectedByHttp, not(says('stream-lost')), not(accepting)),
    because: 'the URL says http, and a TLS port resets a plain-text request',
  },
  {
    cause: 'SCHEME',
    weight: 2,
    when: all(ended, connecting, not(connectedByHttp), not(says('stream-lost'))),
    because: 'a plain-text server closes the connection when a ClientHello arrives',
  },
  {
    cause: 'SAN-PEER',
    weight: 2,
    when: all(
      saysAny('eof', 'reset'),
      ({ line }) => line.role === 'dialling' && line.port === 'peer',
      not(connectedByHttp),
      not(says('stream-lost')),
    ),
    because:
      'etcd closes without an alert when the source address is not in the SANs, or by its CRL',
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
    when: either(says('proxy'), all(says('no-alpn'), not(accepting))),
    because: 'a proxy or load balancer answers instead of etcd',
  },
  {
    cause: 'PROXY',
    weight: 6,
    when: says('http-answer'),
    because: 'an HTTP server answered that does not speak gRPC',
  },
  {
    cause: 'PROXY',
    weight: 2,
    when: all(ended, connecting, not(connectedByHttp), not(says('stream-lost'))),
    because: 'a proxy or load balancer on the way can close connections without an alert',
  },
  {
    cause: 'NET',
    weight: 8,
    when: all(
      saysAny('refused', 'no-route', 'invalid-argument'),
      not(saysAny('proxy', 'address-not-here', 'name-unknown')),
    ),
    because: (reading) =>
      reading.signals.has('refused')
        ? `nothing listens at ${targetText(reading)}, so no certificate was checked`
        : 'no connection was established, so no certificate was checked',
  },
  {
    cause: 'NET',
    weight: 6,
    when: all(saysAny('timeout', 'handshake-deadline'), not(says('name-unknown'))),
    because: 'the other side did not answer in time',
  },
  {
    cause: 'NET',
    weight: 2,
    when: all(
      saysAny('header-timeout', 'raft-waits', 'peer-unhealthy', 'deadline'),
      not(saysAny('refused', 'no-route', 'timeout', 'proxy', 'remote-alert')),
    ),
    because: 'members that cannot reach each other, or are too slow, delay every request',
  },
  {
    cause: 'NET',
    weight: 2,
    when: all(says('reset'), not(says('stream-lost')), not(accepting)),
    because: 'a process that ends, a full backlog or a firewall resets connections',
  },
  {
    cause: 'CA-SERVER',
    weight: 2,
    when: all(
      saysAny('eof', 'reset'),
      ended,
      connecting,
      not(isSelfDial),
      not(connectedByHttp),
      not(says('stream-lost')),
    ),
    because:
      'a server that rejects the client certificate, for this or another reason, closes, and over TLS 1.3 its alert is often lost',
  },
  {
    cause: 'NET',
    weight: 6,
    when: says('stream-lost'),
    because:
      'a connection that had been accepted ended: the other member stopped, or the network did',
  },
  {
    cause: 'NET',
    weight: 8,
    when: says('slow-disk'),
    because: 'etcd measured how long the disk takes, and every request waits for it',
  },
  {
    cause: 'NET',
    weight: 10,
    when: saysAny('disk-full', 'quota-reached', 'too-many-files', 'data-damaged', 'address-in-use'),
    because: 'the host stops etcd here, before any certificate is used',
  },
  {
    cause: 'DNS',
    weight: 8,
    when: all(says('name-unknown'), not(says('peer-name-mismatch'))),
    because: 'the name has no address',
  },
];

function plainText({ line }: Reading): string {
  return line.role === 'dialling'
    ? 'the port to which the writer connects answered the ClientHello in plain text'
    : 'plain text arrived at a TLS port';
}

function targetText({ line }: Reading): string {
  if (line.target === undefined) return 'the address';
  const { host, port } = line.target;
  return `${host}${port === undefined ? '' : `:${port}`}`;
}

/** Harmless lines: what ended, was probed or belongs to another program. */
export const harmlessRules: readonly Rule[] = [
  {
    cause: 'NOISE',
    weight: 12,
    when: saysAny('orderly-stop', 'client-left'),
    because: 'etcd or a client stopped, and every stop writes these lines',
  },
  {
    cause: 'NOISE',
    weight: 12,
    when: all(says('closed-listener'), ({ line }) => line.writtenBy === 'etcd'),
    because: 'etcd closed its own listener: every stop of a member writes this',
  },
  {
    cause: 'NOISE',
    weight: 12,
    when: all(
      ({ line }) => line.writtenBy === 'supervisor' && line.role === 'accepting',
      saysAny('remote-alert', 'eof', 'reset'),
    ),
    because: 'the own server of k3s or rke2 writes this whenever a node joins; it is not etcd',
  },
  {
    cause: 'NOISE',
    weight: 12,
    when: says('service-link-variable'),
    because: 'etcd ignores variables that Kubernetes or a script sets for other purposes',
  },
  {
    cause: 'NOISE',
    weight: 20,
    when: all(says('invalid-user'), ({ line }) => line.user === ''),
    because: 'a client asked, without a user, whether authentication is enabled, as `verify` does',
  },
  {
    cause: 'NOISE',
    weight: 12,
    when: says('data-directory-missing'),
    because: 'a new member has no data directory yet',
  },
  {
    cause: 'NOISE',
    weight: 7,
    when: all(
      says('eof'),
      accepting,
      ({ line }) => (line.serverName ?? '') === '',
      not(says('remote-alert')),
    ),
    because: 'a client connected and disconnected before the handshake: a TCP probe or a port scan',
  },
  {
    cause: 'NOISE',
    weight: 6,
    when: all(says('ancient-hello'), accepting),
    because: 'the client offered nothing later than SSL 3.0, as scanners do',
  },
  {
    cause: 'NOISE',
    weight: 4,
    when: all(says('reset'), accepting),
    because: 'the other side disconnected during the handshake',
  },
  {
    cause: 'NOISE',
    weight: 4,
    when: all(says('context-canceled'), ({ signals }) => !signals.has('deadline')),
    because: 'the caller itself gave up this connection while it was being made',
  },
  {
    cause: 'NOISE',
    weight: 3,
    when: says('client-closing'),
    because: 'the client closed its own connection',
  },
];

import type { Reading } from '../reading.ts';
import { alerted, all, amid, captured, not, type Rule, says, saysAny } from './rule.ts';

/** Words that a record header's length bytes spell when the other side sent text instead of TLS. */
function textInLength(reading: Reading): string {
  const length = Number(captured(reading, 'oversized-record', 'length'));
  return String.fromCodePoint((length >> 8) & 0xff, length & 0xff);
}

const etcdWaited = ({ line }: Reading): boolean => line.writtenBy === 'etcd';

const gotResponse = (reading: Reading): boolean =>
  reading.signals.has('oversized-record') && textInLength(reading) === 'P/';

/** Rules about what is around the certificates: files, settings, network, users, membership. */
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
    cause: 'PROXY',
    weight: 9,
    when: gotResponse,
    because:
      'the record length spells "P/" of `HTTP/`: something answered the ClientHello in plain HTTP',
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
    cause: 'CONFIG',
    weight: 10,
    when: says('tls-ignored-on-http'),
    because:
      'the listening URL says http, so that certificates and client authentication are ignored',
  },
  {
    cause: 'CONFIG',
    weight: 8,
    when: saysAny(
      'unknown-variable',
      'config-file-wins',
      'bad-value',
      'certificate-missing',
      'bad-flag',
    ),
    because: 'etcd says which setting it ignores or refuses',
  },
  {
    cause: 'CONFIG',
    weight: 5,
    when: says('insecure-serving'),
    because: 'etcd serves this URL in plain text',
  },
  {
    cause: 'CONFIG',
    weight: 7,
    when: says('tls-version-setting'),
    because: 'etcd refuses the value of a TLS setting',
  },
  {
    cause: 'CONFIG',
    weight: 12,
    when: says('quoted-path'),
    because: (reading) =>
      `quotation marks became part of the path ${captured(reading, 'quoted-path', 'file')}`,
  },
  {
    cause: 'CONFIG',
    weight: 7,
    when: says('urls-differ'),
    because: 'the URLs of a member, schemes included, must be the same in both settings',
  },
  {
    cause: 'CONFIG',
    weight: 6,
    when: amid('plain-works'),
    because: 'etcd serves plain HTTP where it has no certificate and key, whatever the URL says',
  },
  {
    cause: 'VERSION',
    weight: 9,
    when: says('unknown-suite'),
    because: 'this etcd does not know the name of the cipher suite',
  },
  {
    cause: 'VERSION',
    weight: 9,
    when: saysAny('versions', 'no-common-suite', 'no-http2-suite'),
    because: 'the two sides have nothing in common, or HTTP/2 lacks its suite',
  },
  {
    cause: 'VERSION',
    weight: 4,
    when: all(amid('tls-version-named'), ({ signals }) => signals.size === 0),
    because: 'versions of TLS are mentioned',
  },
  {
    cause: 'VERSION',
    weight: 8,
    when: alerted('protocol version', 'insufficient security'),
    because: 'the alert is about versions or suites, not about certificates',
  },
  {
    cause: 'VERSION',
    weight: 5,
    when: all(alerted('handshake failure'), not(saysAny('no-certificate-shown'))),
    because:
      'alert 40 means no common parameters (or, from Go 1.25 on over TLS 1.2, no certificate)',
  },
  {
    cause: 'NOCERT',
    weight: 4,
    when: all(alerted('handshake failure'), not(says('no-common-suite'))),
    because: 'from Go 1.25 on alert 40 over TLS 1.2 also means that no certificate came',
  },
  {
    cause: 'VERSION',
    weight: 9,
    when: all(says('closed-listener')),
    because: 'etcd closes its listener at start when HTTP/2 refuses the cipher suites',
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
    cause: 'FILE',
    weight: 9,
    when: saysAny('file-missing', 'file-unreadable', 'file-is-directory'),
    because: (reading) => `the operating system refused ${fileNamed(reading)}`,
  },
  {
    cause: 'PEM',
    weight: 9,
    when: saysAny('pem-swapped', 'pem-malformed', 'key-mismatch', 'key-unparsable', 'asn1'),
    because: 'the file was read, and its content is not what belongs there',
  },
  {
    cause: 'FILE',
    weight: 6,
    when: alerted('internal error'),
    because: 'etcd sends alert 80 when it cannot load its certificate at the handshake',
  },
  {
    cause: 'FILE',
    weight: 6,
    when: says('server-certificate-unreadable'),
    because: 'etcd could not load its own certificate',
  },
  {
    cause: 'CLI',
    weight: 9,
    when: saysAny('shadowed', 'old-client', 'endpoint-scheme'),
    because: 'the program complains about how it was called',
  },
  {
    cause: 'CLI',
    weight: 2,
    when: says('version-2-client'),
    because: 'these are the words of the client for version 2 of the API',
  },
  {
    cause: 'CLI',
    weight: 4,
    when: all(says('version-2-client'), ({ signals }) => signals.size === 1),
    because: 'the client gives no reason: most often it dials its default endpoints',
  },
  {
    cause: 'PROXY',
    weight: 7,
    when: all(says('version-2-client', 'eof'), ({ line }) => /https:/.test(line.text)),
    because: 'a connection that ends without a word on the way to https is often ended by a proxy',
  },
  {
    cause: 'CLI',
    weight: 4,
    when: all(
      says('deadline'),
      not(etcdWaited),
      not(saysAny('handshake-deadline', 'outside-validity')),
    ),
    because:
      'etcdctl hides every cause behind this text; most often endpoints or certificates were not given',
  },
  {
    cause: 'NOCERT',
    weight: 3,
    when: all(says('deadline'), not(etcdWaited), not(says('handshake-deadline'))),
    because: 'a client without a certificate is refused until its deadline',
  },
  {
    cause: 'NET',
    weight: 4,
    when: all(says('deadline'), etcdWaited),
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
    cause: 'DNS',
    weight: 8,
    when: all(says('name-unknown'), not(says('peer-name-mismatch'))),
    because: 'the name has no address',
  },
  {
    cause: 'AUTHZ',
    weight: 10,
    when: saysAny(
      'user-name-empty',
      'permission-denied-by-etcd',
      'gateway-common-name',
      'proxy-common-name',
      'invalid-user',
      'allowed-name',
      'revoked',
      'crl-unreadable',
    ),
    because: 'the certificate was accepted by TLS; its name, CRL entry or user was not',
  },
  {
    cause: 'AUTHZ',
    weight: 6,
    when: amid('allowed-names-set'),
    because: 'a list of allowed names is in force, and the CN or the names decide who is let in',
  },
  {
    cause: 'CLUSTER-ID',
    weight: 10,
    when: says('cluster-id'),
    because: 'members exchanged cluster ids, which happens after TLS has succeeded',
  },
  {
    cause: 'MEMBER-URL',
    weight: 9,
    when: says('stored-url'),
    because: 'the URL that the cluster keeps for a member is not the one that is expected',
  },
  {
    cause: 'SCHEME',
    weight: 5,
    when: says('empty-answer'),
    because: 'a port that speaks TLS ends a plain-text request without an answer',
  },
  {
    cause: 'MEMBER-URL',
    weight: 6,
    when: amid('member-update'),
    because: 'the peer URLs of members are stored in the cluster and outlive flags',
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
    weight: 3,
    when: all(says('reset'), (reading) => reading.line.role === 'accepting'),
    because: 'the other side left during the handshake',
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
    cause: 'SAN-PEER',
    weight: 5,
    when: all(
      saysAny('eof', 'reset'),
      (reading) => reading.line.role === 'dialling' && reading.line.port === 'peer',
      not(says('stream-lost')),
    ),
    because:
      'etcd closes without an alert when the source address is not in the SANs, or by its CRL',
  },
  {
    cause: 'SCHEME',
    weight: 4,
    when: all(says('eof'), (reading) => reading.line.role === 'dialling', not(says('stream-lost'))),
    because: 'a plain-text server closes the connection when a ClientHello comes',
  },
  {
    cause: 'EKU',
    weight: 3,
    when: all(says('request-timed-out'), not(saysAny('remote-alert'))),
    because:
      'peers that refuse each other show as raft timeouts, with the reason in the other logs',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 6,
    when: all(amid('works-elsewhere'), amid('upgrade')),
    because: 'the same files work with another program or release',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 3,
    when: amid('works-elsewhere'),
    because: 'another program gets in with the same files',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 6,
    when: amid('misparsed'),
    because: 'the client splits host and port wrongly',
  },
  {
    cause: 'CONFIG',
    weight: 6,
    when: all(amid('not-starting'), ({ line }) => /--[a-z][a-z-]+/.test(line.text)),
    because: 'etcd stops at start over the setting that is named',
  },
  {
    cause: 'FILE',
    weight: 5,
    when: says('permission-denied'),
    because: 'the operating system, or etcd, denied access',
  },
  {
    cause: 'AUTHZ',
    weight: 6,
    when: all(says('permission-denied'), amid('sporadic')),
    because: 'files are denied always or never; users of etcd may be denied some keys only',
  },
  {
    cause: 'CA-CLIENT',
    weight: 5,
    when: says('bad-record-mac'),
    because:
      'a TLS 1.3 client of OpenSSL refused the server certificate; its alert came under keys that Go had dropped',
  },
];

function fileNamed(reading: Reading): string {
  for (const id of ['file-missing', 'file-unreadable', 'file-is-directory'] as const) {
    const file = captured(reading, id, 'file');
    if (file !== '-') return file;
  }
  return 'a file';
}

import type { Reading } from '../reading.ts';
import { alerted, all, amid, captured, not, type Rule, says, saysAny } from './rule.ts';

/** Rules about files and settings, and what two sides can agree on. */
export const settingRules: readonly Rule[] = [
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
    cause: 'CONFIG',
    weight: 6,
    when: all(amid('not-starting'), ({ line }) => /--[a-z][a-z-]+/.test(line.text)),
    because: 'etcd stops at start over the setting that is named',
  },
  {
    cause: 'FILE',
    weight: 9,
    when: saysAny('file-missing', 'file-unreadable', 'file-is-directory'),
    because: (reading) => `the operating system refused ${fileNamed(reading)}`,
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
    cause: 'FILE',
    weight: 5,
    when: says('permission-denied'),
    because: 'the operating system, or etcd, denied access',
  },
  {
    cause: 'PEM',
    weight: 9,
    when: saysAny('pem-swapped', 'pem-malformed', 'key-mismatch', 'key-unparsable', 'asn1'),
    because: 'the file was read, and its content is not what belongs there',
  },
  {
    cause: 'VERSION',
    weight: 12,
    when: saysAny('insecure-algorithm'),
    because: 'the signature algorithm of a certificate is refused by this release',
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
    cause: 'VERSION',
    weight: 9,
    when: all(says('closed-listener')),
    because: 'etcd closes its listener at start when HTTP/2 refuses the cipher suites',
  },
  {
    cause: 'MEMBER-URL',
    weight: 9,
    when: says('stored-url'),
    because: 'the URL that the cluster keeps for a member is not the one that is expected',
  },
  {
    cause: 'MEMBER-URL',
    weight: 6,
    when: amid('member-update'),
    because: 'the peer URLs of members are stored in the cluster and outlive flags',
  },
];

function fileNamed(reading: Reading): string {
  for (const id of ['file-missing', 'file-unreadable', 'file-is-directory'] as const) {
    const file = captured(reading, id, 'file');
    if (file !== '-') return file;
  }
  return 'a file';
}

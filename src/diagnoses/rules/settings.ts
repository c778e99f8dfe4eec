import type { Reading } from '../reading.ts';
import { accepting, alerted, all, captured, not, type Rule, says, saysAny } from './rule.ts';
import { table } from '../../model/table.ts';

/** Rules about files and settings, and what two sides can agree on. */
export const settingRules: readonly Rule[] = [
  {
    cause: 'CONFIG',
    weight: 10,
    when: says('tls-ignored-on-http'),
    because: 'the listen URL says http, so etcd ignores the certificates and client authentication',
  },
  {
    cause: 'CONFIG',
    weight: 8,
    when: saysAny('bad-value', 'certificate-missing', 'bad-flag', 'tls-version-setting'),
    because: 'the program rejects the setting that the line names',
  },
  {
    cause: 'CONFIG',
    weight: 7,
    when: says('unknown-variable'),
    because: (reading) =>
      `etcd ignores ${captured(reading, 'unknown-variable', 'name')}: it has no such setting`,
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
    weight: 8,
    when: says('address-not-here'),
    because: 'the listen URL names an address that this host does not have',
  },
  {
    cause: 'FILE',
    weight: 9,
    when: all(
      saysAny('file-missing', 'file-unreadable', 'file-is-directory'),
      not(says('permission-denied-by-etcd')),
    ),
    because: whyUnread,
  },
  {
    cause: 'FILE',
    weight: 6,
    when: says('certificate-file-unusable'),
    because: 'the program could not load a certificate or key file',
  },
  {
    cause: 'PEM',
    weight: 4,
    when: says('certificate-file-unusable'),
    because:
      'the text is the same for a file that does not hold a certificate or key, and for a key that belongs to another certificate or has a passphrase',
  },
  {
    cause: 'PEM',
    weight: 6,
    when: alerted('decrypt error'),
    because: 'the other side found a signature that the key of the certificate did not make',
  },
  {
    cause: 'FILE',
    weight: 8,
    when: all(
      says('path-missing'),
      not(saysAny('data-directory-missing', 'file-missing')),
      ({ line }) => line.writtenBy === 'etcd' && /^(?:C|F|fatal|panic)$/i.test(line.level ?? ''),
    ),
    because: 'etcd stopped because a file does not exist',
  },
  {
    cause: 'FILE',
    weight: 4,
    when: all(alerted('internal error'), not(accepting)),
    because: 'etcd sends alert 80 when it cannot load its certificate at the handshake',
  },
  {
    cause: 'FILE',
    weight: 6,
    when: says('server-certificate-unreadable'),
    because: 'etcd could not load its own certificate',
  },
  {
    cause: 'PEM',
    weight: 9,
    when: all(
      saysAny('pem-swapped', 'pem-malformed', 'key-mismatch', 'key-unparsable', 'asn1'),
      not(says('crl-unreadable')),
    ),
    because: 'the file was read, but does not contain the right certificate or key',
  },
  {
    cause: 'VERSION',
    weight: 12,
    when: says('insecure-algorithm'),
    because: 'this release rejects the signature algorithm of a certificate',
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
    when: all(saysAny('versions', 'no-common-suite', 'no-http2-suite'), not(says('ancient-hello'))),
    because: (reading) => {
      const versions = captured(reading, 'versions', 'versions');
      return versions === '-' || versions === ''
        ? 'the two sides have no version or cipher suite in common, or HTTP/2 lacks its suite'
        : `the client offered only ${versionNames(versions)}`;
    },
  },
  {
    cause: 'VERSION',
    weight: 8,
    when: alerted('protocol version', 'insufficient security'),
    because: 'the alert is about versions or suites, not about certificates',
  },
  {
    cause: 'VERSION',
    weight: 4,
    when: all(alerted('handshake failure'), not(says('no-certificate-shown'))),
    because: 'alert 40 means no common parameters',
  },
  {
    cause: 'MEMBER-URL',
    weight: 9,
    when: says('stored-url'),
    because: 'the URL that the cluster stores for a member is not the expected one',
  },
];

/** `304` is TLS 1.3: the numbers of RFC 8446 4.2.1 in hexadecimal. */
function versionNames(list: string): string {
  const names = table<string>({
    300: 'SSL 3.0',
    301: 'TLS 1.0',
    302: 'TLS 1.1',
    303: 'TLS 1.2',
    304: 'TLS 1.3',
  });
  return list
    .split(/[\s,]+/)
    .map((number) => names[number] ?? number)
    .join(' and ');
}

function whyUnread(reading: Reading): string {
  const file = fileNamed(reading);
  if (reading.signals.has('file-unreadable'))
    return `the operating system denied access to ${file}`;
  return reading.signals.has('file-is-directory')
    ? `${file} is a directory`
    : `${file} does not exist`;
}

function fileNamed(reading: Reading): string {
  for (const id of ['file-missing', 'file-unreadable', 'file-is-directory'] as const) {
    const file = captured(reading, id, 'file');
    if (file !== '-') return file;
  }
  return 'a file';
}

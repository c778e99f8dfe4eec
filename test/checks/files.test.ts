import { expect, test } from 'vitest';
import { authorityKeyBesideLeaves } from '../../src/checks/file/authority-key-beside-leaves.ts';
import { certificateHiddenFromGo } from '../../src/checks/file/certificate-hidden-from-go.ts';
import { emptyAuthorityFile } from '../../src/checks/file/empty-authority-file.ts';
import { leafInAuthorityFile } from '../../src/checks/file/leaf-in-authority-file.ts';
import { privateKeyReadableByGroup } from '../../src/checks/file/private-key-readable-by-group.ts';
import { privateKeyReadableByOthers } from '../../src/checks/file/private-key-readable-by-others.ts';
import { unreadableFile } from '../../src/checks/file/unreadable-file.ts';
import { unrelatedPemBlock } from '../../src/checks/file/unrelated-pem-block.ts';
import {
  authority,
  certificateFile,
  certificateSet,
  file,
  files,
  keyFile,
} from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';

test.each([
  { mode: 0o600, others: 'pass', group: 'pass' },
  { mode: 0o400, others: 'pass', group: 'pass' },
  { mode: 0o640, others: 'pass', group: 'fail' },
  { mode: 0o644, others: 'fail', group: 'not-applicable' },
  { mode: 0o602, others: 'fail', group: 'not-applicable' },
])('a key with mode $mode: others $others, group $group', ({ mode, others, group }) => {
  const facts = { files: [{ ...keyFile('key.pem', 'node1'), mode }] };

  expect(verdicts(privateKeyReadableByOthers, facts)).toMatchObject([{ status: others }]);
  expect(verdicts(privateKeyReadableByGroup, facts)).toMatchObject([{ status: group }]);
});

test('an encrypted key, and one out of a Secret, have no permissions to judge', () => {
  const { mode: _mode, ...fromSecret } = keyFile('secret/etcd/tls.key', 'node1');
  const encrypted = { ...keyFile('key.pem', 'node1', { encrypted: true }), mode: 0o644 };

  expect(verdicts(privateKeyReadableByOthers, { files: [fromSecret, encrypted] })).toEqual([
    { status: 'not-applicable' },
  ]);
});

test.each([
  { kind: 'missing', status: 'fail' },
  { kind: 'directory', status: 'fail' },
  { kind: 'denied', status: 'inconclusive' },
  { kind: 'no-settings', status: 'inconclusive' },
  { kind: 'too-large', status: 'inconclusive' },
  { kind: 'too-deep', status: 'inconclusive' },
] as const)('a file that could not be read, $kind: $status', ({ kind, status }) => {
  const unreadable = { kind, text: 'the words do not matter' };

  expect(verdicts(unreadableFile, { files: [file('x.pem', { unreadable })] })).toMatchObject([
    { status },
  ]);
});

test('the key of a CA is found wherever its certificate lies; a self-made leaf is none', () => {
  const leafOnly = authority('node1', { basicConstraints: { isCa: false } });
  const facts = {
    files: [
      certificateFile('chain.pem', leafOnly, authority()),
      keyFile('etcd-ca.key', 'etcd-ca'),
      keyFile('node1.key', 'node1'),
    ],
  };

  expect(verdicts(authorityKeyBesideLeaves, facts)).toMatchObject([
    { status: 'fail', actual: 'the key of CN=etcd-ca' },
    { status: 'pass' },
  ]);
});

test('a hidden block is one finding: of the whole file, or of a part of it', () => {
  const trap = { kind: 'glued-blocks', line: 20, detail: 'END and BEGIN share a line' } as const;
  const whole = certificateSet({ files: files(file('ca.pem', { traps: [trap] })) });
  const part = certificateSet({
    files: files({ ...certificateFile('ca.pem', authority()), traps: [trap] }),
  });

  expect(failures(emptyAuthorityFile, whole)).toMatchObject([{ cause: trap.detail }]);
  expect(failures(certificateHiddenFromGo, whole)).toEqual([]);
  expect(failures(emptyAuthorityFile, part)).toEqual([]);
  expect(failures(certificateHiddenFromGo, part)).toMatchObject([{ actual: trap.detail }]);
});

test.each([
  { type: 'EC PARAMETERS', found: 0 },
  { type: 'RSA PRIVATE KEY', found: 0 },
  { type: 'TRUSTED CERTIFICATE', found: 1 },
  { type: 'X509 CRL', found: 1 },
])('a $type block in a certificate file: $found', ({ type, found }) => {
  const plain = files().find(({ path }) => path === 'node1.pem');
  const blocks = [
    ...(plain?.blocks ?? []),
    { kind: 'other', type, line: 20, asCertificate: 'x509: trailing data' } as const,
  ];
  const facts = certificateSet({ files: files(file('node1.pem', { blocks })) });

  expect(failures(unrelatedPemBlock, facts)).toHaveLength(found);
});

test('a version 1 root has no way to say that it is a CA', () => {
  const { basicConstraints: _none, ...old } = authority('etcd-ca', { version: 1 });
  const facts = certificateSet({ files: files(certificateFile('ca.pem', old)) });

  expect(failures(leafInAuthorityFile, facts)).toEqual([]);
});

function failures(check: Parameters<typeof verdicts>[0], facts: Parameters<typeof verdicts>[1]) {
  return verdicts(check, facts).filter(({ status }) => status === 'fail');
}

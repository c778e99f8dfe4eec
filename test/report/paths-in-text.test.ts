import { expect, test } from 'vitest';
import { namesPath, withoutDirectory } from '../../src/report/paths-in-text.ts';

test.each([
  ['ca.pem has expired', 'ca.pem', true],
  ['the certificate is in ca.pem.', 'ca.pem', true],
  ['`pki/ca.pem`: 3', 'pki/ca.pem', true],
  ['ca.pem.bak has expired', 'ca.pem', false],
  ['my-ca.pem has expired', 'ca.pem', false],
  ['pki/ca.pem has expired', 'ca.pem', false],
  ['ca.pem.bak and ca.pem', 'ca.pem', true],
  ['anything', '', false],
] as const)('%j names %j: %s', (text, path, isNamed) => {
  expect(namesPath(text, path)).toBe(isNamed);
});

test.each([
  ['Add it to etc/etcd/ca.pem', 'etc/etcd/', 'Add it to ca.pem'],
  ['Add it to /etc/etcd/ca.pem', 'etc/etcd/', 'Add it to /etc/etcd/ca.pem'],
  ['etc/etcd/a, (etc/etcd/b) and backup/etc/etcd/c', 'etc/etcd/', 'a, (b) and backup/etc/etcd/c'],
  ['etc/etcd/a', '', 'etc/etcd/a'],
] as const)('%j without %j', (text, directory, rest) => {
  expect(withoutDirectory(text, directory)).toBe(rest);
});

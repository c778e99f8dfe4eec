import { expect, test } from 'vitest';
import { ignoringPattern } from '../../src/model/ignored.ts';

test.each([
  ['ca.pem', 'ca.pem', true],
  ['certs/old/ca.pem', 'ca.pem', true],
  ['certs/old/ca.pem', 'old/*.pem', true],
  ['certs/old/ca.pem', 'old/*', true],
  ['certs/old/deep/ca.pem', 'old/*', false],
  ['certs/old/deep/ca.pem', 'old/**', true],
  ['certs/old/deep/ca.pem', 'certs/**/ca.pem', true],
  ['certs/ca.pem', 'certs/**/ca.pem', true],
  ['./certs/ca.pem', './certs/ca.pem', true],
  ['/etc/etcd/ca.pem', '/etc/etcd/*.pem', true],
  ['/srv/etc/etcd/ca.pem', '/etc/etcd/*.pem', false],
  ['node1:/etc/etcd/ca.pem', '/etc/etcd/*.pem', true],
  ['node1:./ca.pem', 'ca.pem', true],
  ['compose.yaml#etcd1', 'compose.yaml', true],
  ['node10.env', 'node?.env', false],
  ['node1.env', 'node?.env', true],
  ['xca.pem', 'ca.pem', false],
  ['a.b', 'a+b', false],
  ['anything', '', false],
])('%s with %s: %s', (path, pattern, isIgnored) => {
  expect(ignoringPattern(path, [pattern]) !== undefined).toBe(isIgnored);
});

test('names the first pattern that means the path', () => {
  expect(ignoringPattern('old/ca.pem', ['x', '*.pem', 'old/*'])).toBe('*.pem');
});

test('a pattern of many stars takes no longer than its length and the path’s allow', () => {
  const path = 'a'.repeat(20_000);

  expect(ignoringPattern(path, [`${'*a'.repeat(200)}b`])).toBeUndefined();
});

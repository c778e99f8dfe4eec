import { expect, test } from 'vitest';
import { goReleaseOf } from '../../src/etcd/go-release-of.ts';
import { compareVersions, etcdVersion, hasSince, isAtLeast } from '../../src/etcd/version.ts';

test.each([
  { text: '3.5.21', is: '3.5.21', known: true },
  { text: 'v3.6.1-0', is: '3.6.1', known: true },
  { text: '3.4.23+dfsg-1', is: '3.4.23', known: true },
  { text: ' 3.5 ', is: '3.5.34', known: true },
  { text: 'main', is: 'main', known: true },
  { text: '3.5.99', is: '3.5.99', known: false },
  { text: '3.2.1', is: '3.2.1', known: false },
  { text: '4.0.0', is: '4.0.0', known: false },
  { text: 'latest', is: 'latest', known: false },
])('reads $text as $is', ({ text, is, known }) => {
  expect(etcdVersion(text)).toMatchObject({ text: is, known });
});

test('orders versions by number, not by letter', () => {
  const sorted = ['3.5.9', '3.10.0', '3.5.10', 'main']
    .map((text) => etcdVersion(text))
    .toSorted(compareVersions);

  expect(sorted.map(({ text }) => text)).toEqual(['3.5.9', '3.5.10', 'main', '3.10.0']);
});

test.each([
  { version: '3.3.27', has: false },
  { version: '3.4.24', has: false },
  { version: '3.4.25', has: true },
  { version: '3.5.7', has: false },
  { version: '3.5.8', has: true },
  { version: '3.6.0', has: true },
  { version: 'main', has: true },
])('$version has what came with 3.4.25 and 3.5.8: $has', ({ version, has }) => {
  expect(hasSince(etcdVersion(version), ['3.4.25', '3.5.8'])).toBe(has);
});

test('is at least its own release', () => {
  expect(isAtLeast(etcdVersion('3.4.0'), '3.4.0')).toBe(true);
  expect(isAtLeast(etcdVersion('3.3.27'), '3.4.0')).toBe(false);
});

test.each([
  { version: '3.3.25', release: '1.12.17', known: true },
  { version: '3.4.0', release: '1.12.9', known: true },
  { version: '3.4.23', release: '1.17.13', known: true },
  { version: '3.4.24', release: '1.17.13', known: true },
  { version: '3.5.16', release: '1.22.7', known: true },
  { version: '3.5.30', release: '1.25.9', known: true },
  { version: '3.6.14', release: '1.25.12', known: true },
  { version: 'main', release: '1.26.6', known: true },
  { version: '3.5.99', release: '1.25.13', known: false },
  { version: '3.6.16', release: '1.25.12', known: false },
  { version: '3.7.3', release: '1.26.5', known: false },
  { version: '3.9.0', release: '1.26.6', known: false },
  { version: '3.1.0', release: '1.9.3', known: false },
])('etcd $version is built with Go $release', ({ version, release, known }) => {
  expect(goReleaseOf(etcdVersion(version))).toMatchObject({ release, known });
});

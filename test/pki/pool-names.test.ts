import { expect, test } from 'vitest';
import { comparePool } from '../../src/pki/pool-names.ts';
import { aName, anAuthority } from '../support/facts.ts';

test('a CA that stands twice in the file is in the pool once', () => {
  const authority = anAuthority({ subject: aName('etcd-ca') });

  const difference = comparePool([authority, authority], [aName('etcd-ca')]);

  expect(difference).toEqual({ added: [], removed: [] });
});

test('two CAs of one name are named twice', () => {
  const onFile = [anAuthority(), anAuthority(), anAuthority({ subject: aName('other') })];

  const { added, removed } = comparePool(onFile, [aName('etcd-ca'), aName('old')]);

  expect(added.map(({ text }) => text)).toEqual(['CN=etcd-ca', 'CN=other']);
  expect(removed.map(({ text }) => text)).toEqual(['CN=old']);
});

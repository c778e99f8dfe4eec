import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';

test.each([
  [{ ETCD_DISCOVERY_SRV: 'etcd.test' }, ['the SRV records of etcd.test were not seen']],
  [
    { ETCD_DISCOVERY: 'https://discovery.test/token' },
    ['the members that the discovery service lists were not seen'],
  ],
  [{}, []],
])('who is found by discovery is named as not seen: %j', async (discovery, named) => {
  const isFound = Object.keys(discovery).length > 0;
  const own = { ...discovery, ...(isFound && { ETCD_INITIAL_CLUSTER: undefined }) };
  await using set = await threeMembers({ n1: own, n2: own, n3: own });
  const { verdict } = await audit({ paths: [set.path], maps: [] });
  const told = verdict.assumptions.flatMap(({ notCovered }) => notCovered ?? []);

  expect(told.filter((text) => /SRV|discovery/.test(text))).toEqual(named);
  expect(named.every((text) => verdict.sentence.includes(text))).toBe(true);
});

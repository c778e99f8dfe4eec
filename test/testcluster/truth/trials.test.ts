import { expect, test } from 'vitest';
import { newestOfEachGo, officialBuilds } from '../../../testcluster/etcd-binaries.ts';
import { recorded, trialsOf } from '../../../testcluster/truth/trials.ts';

const etcd = (version: string) => ({
  name: version,
  version,
  goVersion: '1.19.8',
  etcd: 'etcd',
  etcdctl: 'etcdctl',
  source: 'here',
});

const old = { name: 'old', what: 'a fault of any release', changes: {} };
const recent = { name: 'recent', what: 'a fault since 3.5', changes: {}, since: '3.5' };

test('a build is tried with the faults that concern its release', () => {
  expect(trialsOf(etcd('3.4.23'), [old, recent]).own).toEqual([old]);
  expect(trialsOf(etcd('3.5.16'), [old, recent]).own).toEqual([old, recent]);
});

test('of builds that were tried before, those with every fault count', () => {
  const all = ['3.4.23', '3.5.16'].map((version) => trialsOf(etcd(version), [old, recent]));

  const { tried, untried } = recorded(all, ({ name }) => name === 'old');

  expect(tried.map(({ each }) => each.name)).toEqual(['3.4.23']);
  expect(untried).toEqual(['etcd 3.5.16 was not tried with 1 of 2 faults, such as recent']);
  expect(recorded(all, () => true)).toEqual({ tried: all, untried: [] });
});

test('each minor release of Go that built official binaries has the build of its newest etcd', () => {
  const minors = newestOfEachGo.map((build) => /\+go(1\.\d+)/.exec(build)?.[1]);

  expect(newestOfEachGo).toContain('3.6.4+go1.23.12');
  expect(newestOfEachGo).not.toContain('3.6.0+go1.23.9');
  expect(minors).toEqual([
    '1.12',
    '1.16',
    '1.17',
    '1.19',
    '1.20',
    '1.21',
    '1.22',
    '1.23',
    '1.24',
    '1.25',
    '1.26',
    '1.27',
  ]);
  expect(officialBuilds).toEqual(expect.arrayContaining([...newestOfEachGo]));
});

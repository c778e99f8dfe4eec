import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { fetchedBinaries } from '../../testcluster/etcd-binaries.ts';
import { run } from '../../testcluster/run.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

const [ca, cert, key] = ['/etc/etcd/ca.pem', '/etc/etcd/client.pem', '/etc/etcd/client-key.pem'];
const flags = {
  2: `--ca-file=${ca} --cert-file=${cert} --key-file=${key}`,
  3: `--cacert=${ca} --cert=${cert} --key=${key}`,
};
const variables = {
  2: `ETCDCTL_CA_FILE=${ca} ETCDCTL_CERT_FILE=${cert} ETCDCTL_KEY_FILE=${key}`,
  3: `ETCDCTL_CACERT=${ca} ETCDCTL_CERT=${cert} ETCDCTL_KEY=${key}`,
};

async function judged(before: string, words: string, etcdVersion?: string) {
  const command = `${before} etcdctl --endpoints=https://10.0.0.1:2379 ${words} get a`;
  await using set = await threeMembers({}, { 'ask.sh': `#!/bin/sh\n${command}\n` });
  const version = etcdVersion !== undefined && { etcdVersion };
  const { verdict, results } = await audit({ paths: [set.path], maps: [], ...version });
  const failing = results.filter(({ verdict: { status }, check }) => {
    return status === 'fail' && check.severity === 'high';
  });
  const told = failing.map(({ check, verdict: found }) =>
    found.status === 'fail' ? (found.cause ?? check.id) : check.id,
  );
  return [verdict.status, ...told];
}

const lacks = ['fail', 'client-without-certificate'];
const noFlagOfThree = ['fail', 'etcdctl says: flag provided but not defined: -cacert'];
const noFlagOfTwo = ['fail', 'etcdctl says: unknown flag: --ca-file'];

describe('ETCDCTL_API=2', () => {
  test.each([
    ['flags of version 2', '', flags[2], ['pass'], noFlagOfTwo],
    ['flags of version 3', '', flags[3], noFlagOfThree, ['pass']],
    ['variables of version 2', variables[2], '', ['pass'], lacks],
    ['variables of version 3', variables[3], '', lacks, ['pass']],
  ])('has no effect since 3.6: %s', async (_, before, words, until35, since36) => {
    const asked = `ETCDCTL_API=2 ${before}`;

    expect(await judged(asked, words, '3.5.30')).toEqual(until35);
    expect(await judged(asked, words, '3.6.4')).toEqual(since36);
    expect(await judged(asked, words)).toEqual(['incomplete']);
  });

  test('makes no difference with the variables of both versions', async () => {
    const both = `ETCDCTL_API=2 ${variables[2]} ${variables[3]}`;

    expect(await judged(both, '', '3.5.30')).toEqual(['pass']);
    expect(await judged(both, '', '3.6.4')).toEqual(['pass']);
    expect(await judged(both, '')).toEqual(['pass']);
  });
});

describe('real etcdctl', () => {
  skipWithout('etcd');

  test('speaks version 2 up to 3.5', async () => {
    for (const { etcdctl, version } of await fetchedBinaries()) {
      const environment = { ETCDCTL_API: '2' };
      const ask = async (flag: string) => {
        const words = ['--endpoints=http://127.0.0.1:1', `${flag}=/nowhere`, 'get', 'a'];
        const { stdout, stderr } = await run(etcdctl, words, { environment });
        return `${stdout}${stderr}`;
      };
      const hasTwo = /^3\.[345]\./.test(version);
      const [two, three] = [await ask('--ca-file'), await ask('--cacert')];

      expect([two.includes('unknown flag: --ca-file'), version]).toEqual([!hasTwo, version]);
      expect([three.includes('not defined: -cacert'), version]).toEqual([hasTwo, version]);
    }
  }, 60_000);
});

import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { containing } from '../support/containing.ts';
import { threeMembers, type Variables } from '../support/three-members.ts';

const mixed = {
  ETCD_LISTEN_CLIENT_URLS: 'https://10.0.0.1:2379,unixs://sock:0',
  ETCD_LOGGER: 'zap',
};

async function judged(own: Variables, etcdVersion: string) {
  await using set = await threeMembers({ n1: own });
  const { forecast, results, verdict } = await audit({ paths: [set.path], maps: [], etcdVersion });
  const found = results.flatMap((result) =>
    result.check.id === 'settings-refused-at-start' && result.verdict.status === 'fail'
      ? [result.verdict]
      : [],
  );
  const to = forecast.filter(({ edge, member }) => edge !== 'intruder' && member === 'n1');
  return { status: verdict.status, found, outcomes: new Set(to.map(({ outcome }) => outcome)) };
}

test.each(['3.4.30', '3.4.38'])(
  'a socket next to an address ends some starts of etcd %s',
  async (version) => {
    const { status, found, outcomes } = await judged(mixed, version);

    expect(status).toBe('fail');
    expect(found).toMatchObject([
      {
        message: containing('ends some starts of etcd, at random'),
        cause: 'etcd logs: failed to build resolver: invalid (non-empty) authority: sock:0',
      },
    ]);
    expect(outcomes).toEqual(new Set(['not-sure']));
  },
);

test.each([
  ['3.4.23', mixed],
  ['3.5.30', mixed],
  ['3.4.38', { ...mixed, ETCD_ENABLE_GRPC_GATEWAY: 'false' }],
  ['3.4.38', { ...mixed, ETCD_LISTEN_CLIENT_URLS: 'https://10.0.0.1:2379' }],
] as const)('etcd %s starts with %j', async (version, own) => {
  const { found, outcomes } = await judged(own, version);

  expect(found).toEqual([]);
  expect(outcomes).toEqual(new Set(['accepted']));
});

import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';

const suites = { ETCD_TLS_MAX_VERSION: 'TLS1.2', ETCD_CIPHER_SUITES: '' };
const both = {
  ...suites,
  ETCD_CIPHER_SUITES:
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
};
const rsaAlone = { ...suites, ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' };

async function refused(variables: Readonly<Record<string, string>>) {
  await using set = await threeMembers({ n1: variables });
  const { forecast, results } = await audit({
    paths: [set.path],
    maps: [],
    etcdVersion: '3.5.16',
  });
  const peers = forecast.filter(({ edge, outcome }) => edge === 'peer' && outcome === 'refused');
  const failing = results.flatMap(({ check, verdict: { status } }) =>
    status === 'fail' && check.severity === 'high' ? [check.id] : [],
  );
  return { peers, failing: [...new Set(failing)] };
}

test('the member whose list lacks suites is named where it connects, and its list alone is at fault', async () => {
  const { peers, failing } = await refused(rsaAlone);
  const dialling = peers.filter(({ from }) => from === 'n1');

  expect(dialling).toHaveLength(2);
  for (const { remedy, blame } of dialling) {
    expect(remedy).toContain('to `--cipher-suites` of n1,');
    expect(blame).not.toHaveProperty('sha256');
    expect(blame?.location?.file).toContain('n1/');
  }
  for (const { remedy, blame } of peers.filter(({ from }) => from !== 'n1')) {
    expect(remedy).toContain('to `--cipher-suites` of n1,');
    expect(blame).toHaveProperty('sha256');
  }
  expect(failing).toEqual(['no-suite-for-certificate']);
});

test('a list with suites for the keys of all is no fault', async () => {
  expect(await refused(both)).toEqual({ peers: [], failing: [] });
});

import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers, type Variables } from '../support/three-members.ts';

const all = (urls: readonly [string, string, string]) =>
  urls.map((url, index) => `n${index + 1}=${url}`).join(',');
const one = 'https://10.0.0.1:2380';
const two = 'https://10.0.0.2:2380';
const three = 'https://10.0.0.3:2380';

interface Case {
  readonly what: string;
  readonly differences?: Readonly<Record<string, Variables>>;
  readonly client?: string;
  /** The findings at or above high, each once, with the settings line that they cite. */
  readonly findings: readonly string[];
  readonly status?: 'pass' | 'fail' | 'incomplete';
}

/** What must agree among members, or with listeners, one disagreement each. */
const cases: readonly Case[] = [
  { what: 'three sound members', findings: [] },
  {
    what: 'another token',
    differences: { n3: { ETCD_INITIAL_CLUSTER_TOKEN: 'green' } },
    findings: ['members-form-different-clusters n3/etc/default/etcd:7'],
  },
  {
    what: 'no token',
    differences: { n3: { ETCD_INITIAL_CLUSTER_TOKEN: undefined } },
    findings: ['members-form-different-clusters n3/etc/default/etcd:6'],
  },
  {
    what: 'another port of another member',
    differences: { n2: { ETCD_INITIAL_CLUSTER: all([one, two, 'https://10.0.0.3:2390']) } },
    findings: ['members-form-different-clusters n2/etc/default/etcd:6'],
  },
  {
    what: 'another scheme of another member',
    differences: { n2: { ETCD_INITIAL_CLUSTER: all([one, two, 'http://10.0.0.3:2380']) } },
    findings: ['members-form-different-clusters n2/etc/default/etcd:6'],
  },
  {
    what: 'a name instead of an address',
    differences: { n2: { ETCD_INITIAL_CLUSTER: all([one, two, 'https://n3:2380']) } },
    findings: ['members-form-different-clusters n2/etc/default/etcd:6'],
  },
  {
    what: 'a member left out',
    differences: { n1: { ETCD_INITIAL_CLUSTER: `n1=${one},n2=${two}` } },
    findings: ['members-form-different-clusters n1/etc/default/etcd:6'],
  },
  {
    what: 'another name of another member, which etcd does not compare',
    differences: { n2: { ETCD_INITIAL_CLUSTER: `x=${one},n2=${two},n3=${three}` } },
    findings: [],
  },
  {
    what: 'the same entries in another order',
    differences: { n2: { ETCD_INITIAL_CLUSTER: `n3=${three},n2=${two},n1=${one}` } },
    findings: [],
  },
  {
    what: 'members that joined one after the other',
    differences: {
      n1: { ETCD_INITIAL_CLUSTER: `n1=${one}` },
      n2: {
        ETCD_INITIAL_CLUSTER: `n1=${one},n2=${two}`,
        ETCD_INITIAL_CLUSTER_STATE: 'existing',
      },
      n3: { ETCD_INITIAL_CLUSTER_STATE: 'existing' },
    },
    findings: [],
  },
  {
    what: 'a name that two members have',
    differences: { n3: { ETCD_NAME: 'n1' } },
    findings: ['settings-refused-at-start n3/etc/default/etcd:6'],
  },
  {
    what: 'a peer URL that two members have',
    differences: Object.fromEntries(
      ['n1', 'n2'].map((name) => [name, { ETCD_INITIAL_CLUSTER: all([one, two, two]) }]),
    ),
    findings: [
      'members-form-different-clusters n3/etc/default/etcd:6',
      'settings-refused-at-start n1/etc/default/etcd:6',
      'settings-refused-at-start n2/etc/default/etcd:6',
    ],
  },
  {
    what: 'clients and peers on one port',
    differences: {
      n1: { ETCD_LISTEN_CLIENT_URLS: one, ETCD_ADVERTISE_CLIENT_URLS: one },
    },
    findings: ['settings-refused-at-start n1/etc/default/etcd:2'],
  },
  {
    what: 'a peer listener on loopback alone',
    differences: { n1: { ETCD_LISTEN_PEER_URLS: 'https://127.0.0.1:2380' } },
    findings: ['handshake-refused n1/etc/default/etcd:4'],
  },
  {
    what: 'a peer URL at a port where nothing listens',
    differences: { n1: { ETCD_LISTEN_PEER_URLS: 'https://10.0.0.1:2390' } },
    findings: ['handshake-refused n1/etc/default/etcd:4'],
  },
  {
    what: 'an advertised client URL at a port where nothing listens',
    differences: { n1: { ETCD_ADVERTISE_CLIENT_URLS: 'https://10.0.0.1:4001' } },
    client: 'https://10.0.0.1:4001',
    findings: ['advertised-url-without-listener n1/etc/default/etcd:3'],
  },
  {
    what: 'the same, without any client',
    differences: { n1: { ETCD_ADVERTISE_CLIENT_URLS: 'https://10.0.0.1:4001' } },
    findings: ['advertised-url-without-listener n1/etc/default/etcd:3'],
  },
  {
    what: 'an advertised client URL that is reached through another host',
    differences: { n1: { ETCD_ADVERTISE_CLIENT_URLS: 'https://n1:443' } },
    findings: [],
    status: 'incomplete',
  },
  {
    what: 'a client of a port where no member listens',
    client: 'https://10.0.0.2:4001',
    findings: ['handshake-refused etcdctl.env:1'],
  },
  { what: 'a sound client', client: 'https://10.0.0.2:2379,https://10.0.0.3:2379', findings: [] },
  {
    what: 'suites for RSA keys only, with ECDSA certificates and TLS 1.2',
    differences: Object.fromEntries(
      ['n1', 'n2', 'n3'].map((name) => [
        name,
        {
          ETCD_TLS_MAX_VERSION: 'TLS1.2',
          ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
        },
      ]),
    ),
    findings: [
      'no-quorum',
      'no-suite-for-certificate n1/etc/default/etcd:18',
      'no-suite-for-certificate n2/etc/default/etcd:18',
      'no-suite-for-certificate n3/etc/default/etcd:18',
    ],
  },
];

test.each(cases)('$what', async ({ differences = {}, client, findings, status }) => {
  const others: Record<string, string> =
    client === undefined
      ? {}
      : {
          'etcdctl.env': `ETCDCTL_ENDPOINTS=${client}\nETCDCTL_CACERT=ca.pem\nETCDCTL_CERT=client.pem\nETCDCTL_KEY=client-key.pem\n`,
        };
  const own = Object.fromEntries(
    ['n1', 'n2', 'n3'].map((name) => [
      name,
      { ETCD_DATA_DIR: '/var/lib/etcd', ...differences[name] },
    ]),
  );
  await using set = await threeMembers(own, {
    ...others,
    // A directory without data: none of them has started before.
    ...Object.fromEntries(Object.keys(own).map((name) => [`${name}/var/lib/etcd/none`, ''])),
  });

  const { results, verdict } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
  const found = results
    .filter(({ check, verdict: each }) => each.status === 'fail' && isUrgent(check.severity))
    .map(({ check, target: { location } }) =>
      location === undefined
        ? check.id
        : `${check.id} ${location.file.replace(`${set.path}/`, '')}:${location.line ?? ''}`,
    );

  expect([...new Set(found)].toSorted()).toEqual(findings);
  expect(verdict.status).toBe(status ?? (findings.length === 0 ? 'pass' : 'fail'));
});

function isUrgent(severity: string): boolean {
  return severity === 'critical' || severity === 'high';
}

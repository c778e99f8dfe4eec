import { beforeAll, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { forecast, peerLinksAt } from '../../src/forecast/forecast.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { Member } from '../../src/model/inventory.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority, type LeafOptions } from '../support/pki.ts';

/** How a member differs from those that share all rules. */
interface Difference {
  readonly leaf?: LeafOptions;
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly signedBy?: 'other';
  readonly trusts?: 'other' | 'both';
}

const differences: Readonly<Record<string, Difference>> = {
  sound1: {},
  sound2: {},
  sound3: {},
  foreign: { signedBy: 'other' },
  expired: { leaf: { validTo: new Date('2026-05-01T00:00:00Z') } },
  serverOnly: { leaf: { usages: ['serverAuth'] } },
  clientOnly: { leaf: { usages: ['clientAuth'] } },
  elsewhere: { leaf: { hosts: ['10.9.9.9'] } },
  trustsOther: { trusts: 'other' },
  trustsBoth: { trusts: 'both' },
  allowsOne: { variables: { ETCD_PEER_CERT_ALLOWED_CN: 'sound1' } },
  anonymous: { variables: { ETCD_PEER_CLIENT_CERT_AUTH: '', ETCD_PEER_TRUSTED_CA_FILE: '' } },
  generated: {
    variables: { ETCD_PEER_CERT_FILE: '', ETCD_PEER_KEY_FILE: '', ETCD_PEER_AUTO_TLS: 'true' },
  },
  plain: { variables: { ETCD_LISTEN_PEER_URLS: 'http://0.0.0.0:2380' } },
  newest: { variables: { ETCD_TLS_MIN_VERSION: 'TLS1.3' } },
  rsaSuite: {
    variables: {
      ETCD_TLS_MAX_VERSION: 'TLS1.2',
      ETCD_CIPHER_SUITES: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    },
  },
  anySource: { variables: { ETCD_EXPERIMENTAL_PEER_SKIP_CLIENT_SAN_VERIFICATION: 'true' } },
  proxied: { variables: { HTTPS_PROXY: 'http://10.8.8.8:3128' } },
  revoking: { variables: { ETCD_PEER_CRL_FILE: '/etc/etcd/not-given.pem' } },
  noKey: { variables: { ETCD_PEER_KEY_FILE: '' } },
};

const names = Object.keys(differences);
const now = '2026-06-01T00:00:00.000Z';
let deployment: Deployment;

beforeAll(async () => {
  const lifetime = { validFrom: new Date('2026-01-01T00:00:00Z') };
  const authorities = {
    own: await issueAuthority({ commonName: 'peer-ca', ...lifetime }),
    other: await issueAuthority({ commonName: 'peer-ca', ...lifetime }),
  };
  const files: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const { leaf, variables, signedBy = 'own', trusts = 'own' } = differences[name] ?? {};
    const address = `10.0.0.${index + 1}`;
    const { certificatePem, privateKeyPem } = await authorities[signedBy].issue({
      commonName: name,
      hosts: [address],
      usages: ['serverAuth', 'clientAuth'],
      ...lifetime,
      ...leaf,
    });
    const { own, other } = authorities;
    const trusted = { own: [own], other: [other], both: [other, own] }[trusts];
    files[`${name}/ca.pem`] = trusted.map((each) => each.certificatePem).join('');
    files[`${name}/peer.pem`] = certificatePem;
    files[`${name}/peer-key.pem`] = privateKeyPem;
    files[`${name}/etcd.env`] = Object.entries({ ...settingsOf(name, address), ...variables })
      .map(([variable, value]) => `${variable}=${value}\n`)
      .join('');
  }
  await using directory = await directoryWith(files);
  const evidence = await collect({ paths: [directory.path], maps: [] });
  deployment = deploymentOf(evidence, { at: now, etcdVersion: '3.5.30' });
});

function settingsOf(name: string, address: string): Readonly<Record<string, string>> {
  return {
    ETCD_NAME: name,
    ETCD_LISTEN_CLIENT_URLS: `https://${address}:2379`,
    ETCD_ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
    ETCD_LISTEN_PEER_URLS: `https://${address}:2380`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
    ETCD_CERT_FILE: `/etc/etcd/${name}/peer.pem`,
    ETCD_KEY_FILE: `/etc/etcd/${name}/peer-key.pem`,
    ETCD_PEER_CERT_FILE: `/etc/etcd/${name}/peer.pem`,
    ETCD_PEER_KEY_FILE: `/etc/etcd/${name}/peer-key.pem`,
    ETCD_PEER_TRUSTED_CA_FILE: `/etc/etcd/${name}/ca.pem`,
    ETCD_PEER_CLIENT_CERT_AUTH: 'true',
  };
}

function peersAmong(members: readonly Member[]): readonly Edge[] {
  const among = { ...deployment, facts: { ...deployment.facts, members } };
  return forecast(among).filter(({ edge }) => edge === 'peer');
}

/** Each pair is judged in a deployment of its own, where nothing follows from other connections. */
function inPairs(members: readonly Member[]): readonly Edge[] {
  return members.flatMap((from) =>
    members
      .filter((to) => to !== from)
      .flatMap((to) => peersAmong([from, to]).filter((edge) => edge.from === from.name)),
  );
}

test('members of every kind were read', () => {
  const { members = [] } = deployment.facts;

  expect(members.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  const rules = new Set(peersAmong(members).map(({ outcome, rule }) => `${outcome} ${rule}`));
  expect([...rules].toSorted()).toMatchInlineSnapshot(`
    [
      "accepted etcd.anonymous",
      "accepted etcd.mutual-tls",
      "not-sure etcd.peer-san",
      "not-sure file.not-given",
      "refused etcd.generated-certificate",
      "refused etcd.name-not-allowed",
      "refused etcd.peer-san",
      "refused etcd.refused-at-start",
      "refused tls.no-common-suite",
      "refused tls.no-common-version",
      "refused tls.tls-to-plaintext",
      "refused x509.expired",
      "refused x509.host-name",
      "refused x509.key-usage",
      "refused x509.same-name-other-key",
      "refused x509.system-roots",
    ]
  `);
});

test('a connection among many members is judged as between the two alone', () => {
  const { members = [] } = deployment.facts;

  for (const order of [members, members.toReversed()]) {
    expect(peersAmong(order)).toEqual(inPairs(order));
  }
});

test.each(['forwards', 'backwards'])(
  'members are linked where a connection is not refused, asked %s',
  (order) => {
    const { members = [] } = deployment.facts;
    const isLinked = peerLinksAt(deployment, now);
    const pairs = inPairs(members);

    for (const { from, member = '', outcome } of order === 'forwards'
      ? pairs
      : pairs.toReversed()) {
      expect({ from, member, isLinked: isLinked(from, member) }).toEqual({
        from,
        member,
        isLinked: outcome !== 'refused',
      });
    }
  },
);

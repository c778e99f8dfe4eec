import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority } from '../support/pki.ts';
import { type Variables, threeMembers } from '../support/three-members.ts';

const etcdctl = (ca: string, certificate = 'client') =>
  [
    'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379',
    `ETCDCTL_CACERT=/etc/etcd/${ca}`,
    `ETCDCTL_CERT=/etc/etcd/${certificate}.pem`,
    `ETCDCTL_KEY=/etc/etcd/${certificate}-key.pem`,
    '',
  ].join('\n');

test.each<{
  what: string;
  differences?: Readonly<Record<string, Variables>>;
  client?: string;
  at: string;
  says: string;
}>([
  {
    what: 'a member that trusts another CA for peers than all others',
    differences: { n1: { ETCD_PEER_TRUSTED_CA_FILE: '/etc/etcd/other.pem' } },
    at: 'other.pem',
    says: 'n1 rejects the peer certificate of n2 and n3: --peer-trusted-ca-file does not contain the issuer',
  },
  {
    what: 'a member that trusts another CA for clients than all others',
    differences: { n1: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/other.pem' } },
    client: etcdctl('ca.pem'),
    at: 'other.pem',
    says: 'n1 rejects the client certificate of etcdctl: --trusted-ca-file does not contain the issuer',
  },
  {
    what: 'a client that trusts another CA than its own',
    client: etcdctl('other.pem'),
    at: 'other.pem',
    says: 'etcdctl rejects the server certificate of n1, n2 and n3: its CA file does not contain the issuer',
  },
  {
    what: 'a client whose certificate is of a CA that no member trusts',
    client: etcdctl('ca.pem', 'foreign'),
    at: 'foreign.pem',
    says: 'the client certificate of etcdctl was issued by a CA that the other side does not trust',
  },
])('$what is at fault', async ({ differences, client, at, says }) => {
  const other = await issueAuthority({ commonName: 'other-ca' });
  const foreign = await other.issue({ commonName: 'foreign', usages: ['clientAuth'] });
  await using set = await threeMembers(differences, {
    'other.pem': other.certificatePem,
    'foreign.pem': foreign.certificatePem,
    'foreign-key.pem': foreign.privateKeyPem,
    ...(client !== undefined && { 'etcdctl.env': client }),
  });

  const { results } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(
    ({ check, verdict }) => verdict.status === 'fail' && check.severity === 'high',
  );

  expect(failing).toMatchObject([
    { check: { id: 'unknown-authority' }, target: { name: `${set.path}/${at}` } },
  ]);
  expect(failing[0]?.verdict).toMatchObject({ message: says });
});

test('of two members at fault each is named, and not the third, which both reject', async () => {
  const other = await issueAuthority({ commonName: 'other-ca' });
  const peer = await other.issue({
    commonName: 'n3',
    hosts: ['10.0.0.3', 'n3', 'localhost', '127.0.0.1'],
  });
  await using set = await threeMembers(
    {
      n2: { ETCD_PEER_TRUSTED_CA_FILE: '/etc/etcd/other.pem' },
      n3: {
        ETCD_PEER_CERT_FILE: '/etc/etcd/peer.pem',
        ETCD_PEER_KEY_FILE: '/etc/etcd/peer-key.pem',
      },
    },
    {
      'other.pem': other.certificatePem,
      'peer.pem': peer.certificatePem,
      'peer-key.pem': peer.privateKeyPem,
    },
  );

  const { results } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(
    ({ check, verdict }) => verdict.status === 'fail' && check.severity === 'high',
  );

  expect(failing.map(({ target }) => target.name.replace(set.path, ''))).toEqual([
    '/peer.pem',
    '/other.pem',
  ]);
});

test('a client that the other members reject does not hide which CA one of them trusts', async () => {
  const other = await issueAuthority({ commonName: 'other-ca' });
  const client = await other.issue({ commonName: 'client', usages: ['clientAuth'] });
  await using set = await threeMembers(
    { n2: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/other.pem' } },
    {
      'other.pem': other.certificatePem,
      'foreign.pem': client.certificatePem,
      'foreign-key.pem': client.privateKeyPem,
      'etcdctl.env': etcdctl('ca.pem', 'foreign'),
      'backup.env': etcdctl('ca.pem').replace(/,\S+/, ',https://10.0.0.3:2379'),
    },
  );

  const { results } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(
    ({ check, verdict }) => verdict.status === 'fail' && check.severity === 'high',
  );

  expect(
    failing.map(({ check, target }) => `${check.id} ${target.name.replace(set.path, '')}`),
  ).toEqual([
    'unknown-authority /foreign.pem',
    'members-accept-different-clients trusted CA files of the client ports',
  ]);
});

test.each([
  { what: 'the key of another', client: { ETCDCTL_KEY: 'n1-key' }, member: {} },
  {
    what: 'a member that does not start',
    client: {},
    member: { ETCD_PEER_KEY_FILE: '/etc/etcd/n2-key.pem' },
  },
])('$what does not hide a host that the certificate does not name', async ({ client, member }) => {
  const key = client.ETCDCTL_KEY ?? 'client-key';
  const settings = etcdctl('ca.pem')
    .replace(/^ETCDCTL_ENDPOINTS=.*/, 'ETCDCTL_ENDPOINTS=https://10.0.0.9:2379')
    .replace('client-key', key);
  const listen = 'https://10.0.0.1:2379,https://10.0.0.9:2379';
  await using set = await threeMembers(
    { n1: { ETCD_LISTEN_CLIENT_URLS: listen, ...member } },
    { 'etcdctl.env': settings },
  );

  const { results } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(({ verdict }) => verdict.status === 'fail');

  expect(failing.map(({ check }) => check.id)).toContain('client-endpoint-not-in-certificate');
});

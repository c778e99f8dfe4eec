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

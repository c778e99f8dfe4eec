import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority, serialOf } from '../support/pki.ts';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-reason-'));
  const at = (name: string): string => join(directory, name);
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const peerAuthority = await issueAuthority({ commonName: 'etcd-peer-ca' });
  const usages = ['serverAuth', 'clientAuth'] as const;
  const hosts = ['10.0.0.1', '127.0.0.1', 'localhost'];
  const client = await authority.issue({ commonName: 'client', usages: ['clientAuth'] });
  const files = {
    'ca.pem': authority.certificatePem,
    'peer-ca.pem': peerAuthority.certificatePem,
    // Text, which etcd 3.6 does not read.
    'clients.crl': await authority.revoke([serialOf(client)]),
    'etcd.env': settings(directory),
    'etcdctl.env': [
      'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379',
      `ETCDCTL_CACERT=${at('ca.pem')}`,
      `ETCDCTL_CERT=${at('client.pem')}`,
      `ETCDCTL_KEY=${at('client-key.pem')}`,
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(at(name), text);
  const leaves = {
    client,
    server: await authority.issue({ commonName: 'node1', hosts, usages }),
    peer: await peerAuthority.issue({ commonName: 'node1', hosts, usages }),
  };
  for (const [name, { certificatePem, privateKeyPem }] of Object.entries(leaves)) {
    await writeFile(at(`${name}.pem`), certificatePem);
    await writeFile(at(`${name}-key.pem`), privateKeyPem, { mode: 0o600 });
  }
});

afterAll(async () => rm(directory, { recursive: true }));

function settings(at: string): string {
  return `ETCD_NAME=node1
ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379
ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379
ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380
ETCD_INITIAL_CLUSTER=node1=https://10.0.0.1:2380
ETCD_CERT_FILE=${at}/server.pem
ETCD_KEY_FILE=${at}/server-key.pem
ETCD_TRUSTED_CA_FILE=${at}/ca.pem
ETCD_CLIENT_CERT_AUTH=true
ETCD_CLIENT_CRL_FILE=${at}/clients.crl
ETCD_PEER_CERT_FILE=${at}/peer.pem
ETCD_PEER_KEY_FILE=${at}/peer-key.pem
ETCD_PEER_TRUSTED_CA_FILE=${at}/peer-ca.pem
ETCD_PEER_CLIENT_CERT_AUTH=true
`;
}

async function failures(etcdVersion?: string) {
  const { results } = await audit({
    paths: [directory],
    maps: [],
    ...(etcdVersion !== undefined && { etcdVersion }),
  });
  return results.flatMap(({ check, severity = check.severity, verdict }) =>
    verdict.status === 'fail' && severity === 'high' ? { id: check.id, ...verdict } : [],
  );
}

test('a connection that every release refuses, each for its own reason, is said to be both', async () => {
  const found = await failures();
  const refused = found.find(({ id }) => id === 'handshake-refused');

  expect(refused?.actual).toMatch(/etcd\.crl-unreadable.*with another release.*etcd\.revoked/);
  expect(refused?.fix).toContain('--etcd-version');
});

test.each([
  { release: '3.5.30', id: 'revoked-certificate-in-use' },
  { release: '3.6.5', id: 'crl-unreadable-by-etcd' },
])('with $release it is $id', async ({ release, id }) => {
  expect((await failures(release)).map((each) => each.id)).toContain(id);
});

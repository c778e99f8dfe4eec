import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const etcd = await issueAuthority({ commonName: 'etcd-ca' });
const kubernetes = await issueAuthority({ commonName: 'kubernetes' });
const member = await etcd.issue({
  commonName: 'm1',
  hosts: ['m1', 'localhost', '10.0.0.1', '127.0.0.1'],
  usages: ['serverAuth', 'clientAuth'],
});
const client = { commonName: 'kube-apiserver-etcd-client', usages: ['clientAuth'] } as const;

/** etcd 3.5.30 with kubeadm's CA file for etcd rejects all but those of `etcd-ca`: certificate signed by unknown authority. */
test.each([
  { file: 'apiserver-etcd-client', of: 'its CA', issuer: etcd, expected: 'pass' },
  { file: 'apiserver-etcd-client', of: 'another CA', issuer: kubernetes, expected: 'incomplete' },
  { file: 'front-proxy-client', of: 'another CA', issuer: kubernetes, expected: 'pass' },
])('kubeadm: $file.crt of $of: $expected', async ({ file, issuer, expected }) => {
  const made = await issuer.issue(client);
  await using directory = await directoryWith({
    'pki/ca.crt': kubernetes.certificatePem,
    'pki/etcd/ca.crt': etcd.certificatePem,
    ...Object.fromEntries(
      ['server', 'peer'].flatMap((port) => [
        [`pki/etcd/${port}.crt`, member.certificatePem],
        [`pki/etcd/${port}.key`, member.privateKeyPem],
      ]),
    ),
    [`pki/${file}.crt`]: made.certificatePem,
    [`pki/${file}.key`]: made.privateKeyPem,
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [] });

  expect(verdict.status).toBe(expected);
  expect(verdict.next).toEqual(
    expected === 'incomplete'
      ? `reissue ${directory.at(`pki/${file}.crt`)} from the CA that the members trust, or give the settings of its client`
      : undefined,
  );
});

/** etcd 3.5.30 and 3.6.16 reject a certificate without that name: client certificate authentication failed. */
test.each([
  { hosts: ['foo.example'], expected: 'pass' },
  { hosts: ['bar.example'], expected: 'incomplete' },
])('a client certificate of $hosts where foo.example is allowed: $expected', async (each) => {
  const made = await etcd.issue({ ...client, hosts: each.hosts });
  await using directory = await directoryWith({
    'ca.crt': etcd.certificatePem,
    'server.crt': member.certificatePem,
    'server.key': member.privateKeyPem,
    'client.crt': made.certificatePem,
    'client.key': made.privateKeyPem,
    'etcd.env':
      'ETCD_NAME=m1\nETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379\nETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379\n' +
      'ETCD_LISTEN_PEER_URLS=http://127.0.0.1:2380\nETCD_CERT_FILE=server.crt\nETCD_KEY_FILE=server.key\n' +
      'ETCD_CLIENT_CERT_AUTH=true\nETCD_TRUSTED_CA_FILE=ca.crt\nETCD_CLIENT_CERT_ALLOWED_HOSTNAME=foo.example\n',
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.30' });

  expect(verdict.status).toBe(each.expected);
  expect(verdict.next).toEqual(
    each.expected === 'incomplete'
      ? `reissue ${directory.at('client.crt')} with a name that the members allow, or give the settings of its client`
      : undefined,
  );
});

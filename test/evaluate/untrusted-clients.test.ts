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

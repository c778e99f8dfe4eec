import { symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { threeMembers } from '../support/three-members.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const leaf = await ca.issue({ commonName: 'n1', hosts: ['10.0.0.1', 'n1', 'localhost'] });
const files = {
  'etc/etcd/ca.pem': ca.certificatePem,
  'etc/etcd/n1.pem': leaf.certificatePem,
  'etc/etcd/n1-key.pem': leaf.privateKeyPem,
};

const unit = (flags: string) => ({
  'etc/systemd/system/etcd.service': `[Service]\nExecStart=/usr/bin/etcd --name n1 --data-dir /d ${flags}\n`,
});

test('certificates next to an etcd that uses none leave a question open', async () => {
  await using set = await directoryWith({ ...files, ...unit('') });

  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe('incomplete');
  expect(verdict.sentence).toContain('n1.pem: no settings name it, and n1 listens without TLS');
  expect(verdict.next).toMatch(/^give the settings of etcd that name \S+n1\.pem, or list it under/);
});

test('an etcd without TLS and without certificates leaves none', async () => {
  await using set = await directoryWith(unit(''));

  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe('pass');
});

test('a copy that was left behind is no question', async () => {
  const { 'etc/etcd/n1.pem': certificate } = files;
  await using set = await directoryWith({ 'etc/etcd/n1.pem.bak': certificate, ...unit('') });

  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe('pass');
});

const used = ['', 'peer-']
  .map(
    (side) =>
      `--${side}cert-file /etc/ssl/n1.pem --${side}key-file /etc/etcd/n1-key.pem --${side}trusted-ca-file /etc/etcd/ca.pem --${side}client-cert-auth`,
  )
  .concat([
    '--listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379',
    '--listen-peer-urls https://10.0.0.1:2380 --initial-advertise-peer-urls https://10.0.0.1:2380',
    '--initial-cluster n1=https://10.0.0.1:2380',
  ])
  .join(' ');

test.each([
  { given: files, status: 'pass', says: /^no problems found;/ },
  {
    given: { ...files, 'etc/etcd/n1.pem': '' },
    status: 'incomplete',
    says: /the link leads to \/etc\/etcd\/gone\.pem, which was not given/,
  },
])('an absolute link of a copied host: $status', async ({ given, status, says }) => {
  await using set = await directoryWith({ ...given, 'etc/ssl/.keep': '', ...unit(used) });
  const target = status === 'pass' ? '/etc/etcd/n1.pem' : '/etc/etcd/gone.pem';
  await symlink(target, set.at('etc/ssl/n1.pem'));

  const { verdict } = await audit({
    paths: [],
    maps: [],
    hosts: [{ host: 'n1', paths: [set.path] }],
  });

  expect(verdict.status).toBe(status);
  expect(verdict.sentence).toMatch(says);
});

test.each(['', '/'])(
  'an absolute link leads to nothing above the directory named, %j',
  async (end) => {
    const { 'etc/etcd/n1.pem': certificate, ...others } = files;
    const copy = Object.entries({ ...others, 'etc/ssl/.keep': '', ...unit(used) });
    await using set = await directoryWith({
      'etc/etcd/n1.pem': certificate,
      ...Object.fromEntries(copy.map(([path, text]) => [`copy/${path}`, text])),
    });
    await symlink('/etc/etcd/n1.pem', set.at('copy/etc/ssl/n1.pem'));

    const hosts = [{ host: 'n1', paths: [`${set.at('copy')}${end}`] }];
    const { verdict } = await audit({ paths: [], maps: [], hosts });

    expect(verdict.status).toBe('incomplete');
  },
);

test('an open port is told at the line that opens it', async () => {
  await using set = await threeMembers({
    n1: { ETCD_TRUSTED_CA_FILE: undefined, ETCD_CLIENT_CERT_AUTH: 'false' },
    n2: { ETCD_TRUSTED_CA_FILE: undefined, ETCD_CLIENT_CERT_AUTH: undefined },
  });

  const { results } = await audit({ paths: [set.path], maps: [] });

  const open = results.filter(
    ({ check, verdict }) =>
      check.id === 'client-port-admits-anonymous' && verdict.status === 'fail',
  );
  expect(open).toMatchObject([
    { target: { member: 'n1', location: { file: set.at('n1/etc/default/etcd'), line: 10 } } },
    { target: { member: 'n2', location: { file: set.at('n2/etc/default/etcd'), line: 8 } } },
  ]);
});

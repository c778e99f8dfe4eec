import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority } from '../support/pki.ts';
import { threeMembers } from '../support/three-members.ts';

async function actualOf(commonName: string) {
  const { certificatePem } = await issueAuthority({ commonName });
  const own = { n3: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/new.pem' } };
  await using set = await threeMembers(own, { 'new.pem': certificatePem });
  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
  const [found] = results.flatMap(({ check, verdict }) =>
    check.id === 'members-accept-different-clients' && verdict.status === 'fail' ? [verdict] : [],
  );
  const { fingerprint256 } = new X509Certificate(certificatePem);
  return { actual: found?.actual ?? '', fingerprint: fingerprint256.slice(0, 23) };
}

test('CAs of one name that members trust are told apart by their fingerprints', async () => {
  const { actual, fingerprint } = await actualOf('etcd-ca');

  expect(actual).toMatch(/^n1 and n2: CN=etcd-ca \(SHA-256 [0-9A-F:]{23}…\) \(.*; n3: CN=etcd-ca /);
  expect(actual.split('; ')[1]).toContain(`n3: CN=etcd-ca (SHA-256 ${fingerprint}…)`);
  expect(actual.split('; ')[0]).not.toContain(fingerprint);
});

test('CAs of different names are told apart by these', async () => {
  const { actual } = await actualOf('new-ca');

  expect(actual).toMatch(/^n1 and n2: CN=etcd-ca \(.*; n3: CN=new-ca \(/);
  expect(actual).not.toContain('SHA-256');
});

const trusting = (file: string) => ({ ETCD_TRUSTED_CA_FILE: `/etc/etcd/${file}` });

async function judgedWith(crossCertificate: boolean) {
  const old = await issueAuthority({ commonName: 'old-ca' });
  const successor = await issueAuthority({ commonName: 'new-ca' });
  const cross = await issueAuthority({ commonName: 'new-ca', keyOf: successor, issuedBy: old });
  await using set = await threeMembers(
    { n1: trusting('old.pem'), n2: trusting('old.pem'), n3: trusting('new.pem') },
    {
      'old.pem': old.certificatePem,
      'new.pem': successor.certificatePem,
      ...(crossCertificate && { 'cross.pem': cross.certificatePem }),
    },
  );
  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
  return results.flatMap(({ check, verdict: { status } }) =>
    check.id === 'members-accept-different-clients' ? [status] : [],
  );
}

test('a cross-certificate among the files may lead a client to either CA', async () => {
  expect(await judgedWith(true)).toEqual(['inconclusive']);
  expect(await judgedWith(false)).toEqual(['fail']);
});

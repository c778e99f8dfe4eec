import { expect, test } from 'vitest';
import type { FileFact } from '../../src/model/files.ts';
import { crlProblem } from '../../src/pki/crl-problem.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { goRelease } from '../../src/pki/go-release.ts';
import { loadCaPool } from '../../src/pki/load-ca-pool.ts';
import { type KeyPair, loadCertificateAlone, loadKeyPair } from '../../src/pki/load-key-pair.ts';
import { issueAuthority, type KeyKind } from '../support/pki.ts';

const go = goRelease('1.24.10');
const authority = await issueAuthority({ commonName: 'etcd-ca' });
const leaf = await authority.issue({ commonName: 'node1', hosts: ['10.0.0.1'] });

function file(text: string | Uint8Array, path = 'file.pem'): FileFact {
  return describeFile({ path, bytes: Buffer.from(text) });
}

const kinds: readonly KeyKind[] = ['ec-p256', 'ec-p384', 'ec-p521', 'rsa-2048', 'ed25519'];

test.each(kinds)('pairs a certificate with its own key: %s', async (key) => {
  const own = await authority.issue({ commonName: 'node1', key });
  const other = await authority.issue({ commonName: 'node2', key });

  const pair = loadKeyPair(file(own.certificatePem), file(own.privateKeyPem), go);
  expect(pair).toMatchObject({ ok: true, leaf: { subject: { commonName: 'node1' } } });
  expect(loadKeyPair(file(own.certificatePem), file(other.privateKeyPem), go)).toEqual({
    ok: false,
    error: {
      kind: 'tls.key-of-another-certificate',
      file: 'key',
      text: 'tls: private key does not match public key',
    },
  });
});

function textOf(pair: KeyPair): string | undefined {
  return pair.ok ? undefined : pair.error.text;
}

test.each([
  { release: '1.12.17', error: 'tls: failed to parse private key' },
  { release: '1.13.15', error: undefined },
])('Go $release says of an Ed25519 key: $error', async ({ release, error }) => {
  const own = await authority.issue({ commonName: 'node1', key: 'ed25519' });
  const certificate = file(own.certificatePem);
  const by = goRelease(release);

  expect(textOf(loadKeyPair(certificate, file(own.privateKeyPem), by))).toBe(error);
  // A key that was not given is of the same algorithm.
  expect(textOf(loadCertificateAlone(certificate, by))).toBe(error);
});

test('gives the chain as it will be sent, and passes over what is no certificate', () => {
  const text = leaf.certificatePem + leaf.privateKeyPem + authority.certificatePem;
  const pair = loadKeyPair(file(text), file(text), go);

  expect(pair).toMatchObject({
    ok: true,
    leaf: { subject: { text: 'CN=node1' } },
    sent: [{ kind: 'certificate' }, { kind: 'certificate' }],
  });
});

test.each([
  ['missing', 'no such file or directory', 'open /etc/etcd/x.pem: no such file or directory'],
  ['directory', 'is a directory', 'read /etc/etcd/x.pem: is a directory'],
] as const)('says of an unreadable file what Go says: %s', (kind, text, error) => {
  const unreadable = { ...file('', '/etc/etcd/x.pem'), unreadable: { kind, text } };

  expect(loadKeyPair(unreadable, file(leaf.privateKeyPem), go)).toMatchObject({
    ok: false,
    error: { text: error },
  });
  expect(loadKeyPair(file(leaf.certificatePem), unreadable, go)).toMatchObject({
    ok: false,
    error: { text: error },
  });
  expect(loadCaPool(unreadable, go)).toMatchObject({ ok: false, error: { text: error } });
  expect(crlProblem(unreadable, { major: 3, minor: 6 })?.text).toBe(error);
});

test('takes an authority file without any block for an empty pool, as etcd does', () => {
  expect(loadCaPool(file('nothing'), go)).toEqual({ ok: true, certificates: [] });
});

test('takes a certificate under any name in an authority file', () => {
  const text = authority.certificatePem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE');

  expect(loadCaPool(file(text), go)).toMatchObject({ ok: true, certificates: [{ version: 3 }] });
});

test('stops over a key in an authority file, as etcd does', () => {
  const text = authority.certificatePem + authority.privateKeyPem;

  expect(loadCaPool(file(text), go)).toEqual({
    ok: false,
    error: { kind: 'x509.unparsable', text: 'x509: malformed tbs certificate' },
  });
});

test.each([
  ['PEM', { old: undefined, new: 'x509: malformed crl' }],
  ['DER', { old: undefined, new: undefined }],
] as const)(
  'reads a revocation list in %s as the etcd of the time does',
  async (encoding, says) => {
    const list = file(await authority.revoke(['0a1b'], { encoding }));

    expect(crlProblem(list, { major: 3, minor: 5 })?.text).toBe(says.old);
    expect(crlProblem(list, { major: 3, minor: 6 })?.text).toBe(says.new);
    expect(list.revocationList).toMatchObject({ encoding, revokedSerials: ['a1b'] });
  },
);

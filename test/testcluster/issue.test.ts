import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { skipWithout } from '../support/skip-without.ts';
import {
  fromPem,
  inDays,
  inForm,
  issueAuthority,
  issueSelfSigned,
  type KeyKind,
  serialOf,
} from '../support/pki.ts';

skipWithout('openssl');

/** OpenSSL is the witness: it shares no code with what is tested. */
function openssl(subcommand: readonly string[], input: string | Uint8Array): string {
  return execFileSync('openssl', subcommand, { input, encoding: 'utf8' });
}

function described(pem: string): string {
  return openssl(['x509', '-noout', '-text'], pem);
}

describe('an authority', () => {
  test('signs itself, and is an authority', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA', pathLength: 1 });
    const certificate = new X509Certificate(authority.certificatePem);

    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(described(authority.certificatePem)).toMatch(/CA:TRUE, pathlen:1/);
    expect(described(authority.certificatePem)).toMatch(/Certificate Sign, CRL Sign/);
  });

  test.each<KeyKind>(['ec-p256', 'ec-p384', 'ec-p521', 'rsa-2048', 'rsa-1024', 'ed25519'])(
    'with a key of kind %s signs what its key verifies',
    async (key) => {
      const authority = await issueAuthority({ commonName: 'lab CA', key });
      const leaf = new X509Certificate((await authority.issue({ key })).certificatePem);

      expect(leaf.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
      expect(leaf.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
    },
  );

  test('issues for keys that no authority could sign with', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const kinds: readonly KeyKind[] = ['ec-p224', 'ec-secp256k1', 'rsa-pss-2048', 'rsa-512'];
    const leaves = await Promise.all(kinds.map((key) => authority.issue({ key })));

    expect(leaves.map(({ certificatePem }) => described(certificatePem))).toEqual([
      expect.stringContaining('NIST CURVE: P-224'),
      expect.stringContaining('secp256k1'),
      expect.stringContaining('rsassaPss'),
      expect.stringContaining('(512 bit)'),
    ]);
  });

  test('may be one that must not sign', async () => {
    const { certificatePem } = await issueAuthority({
      commonName: 'no CA',
      isCa: false,
      keyUsages: ['digitalSignature'],
    });

    expect(described(certificatePem)).toMatch(/CA:FALSE/);
    expect(described(certificatePem)).not.toMatch(/Certificate Sign/);
  });

  test('can be below another one, or signed by two with the same key', async () => {
    const root = await issueAuthority({ commonName: 'root' });
    const below = await issueAuthority({ commonName: 'below', issuedBy: root });
    const crossed = await issueAuthority({ commonName: 'root', issuedBy: below, keyOf: root });

    const issuers = [below, crossed].map((each) => new X509Certificate(each.certificatePem).issuer);
    expect(issuers).toEqual(['CN=root', 'CN=below']);
    expect(crossed.privateKeyPem).toBe(root.privateKeyPem);
  });

  test('carries name constraints of each kind', async () => {
    const { certificatePem } = await issueAuthority({
      commonName: 'narrow',
      nameConstraints: {
        permitted: { dnsNames: ['.etcd.test'], ipRanges: ['10.0.0.0/9', '2001:db8::/32'] },
        excluded: { uris: ['.example.test'], emailAddresses: ['example.test'] },
      },
    });

    const text = described(certificatePem);
    expect(text).toMatch(/Name Constraints: critical/);
    expect(text).toMatch(/DNS:\.etcd\.test/);
    expect(text).toMatch(/IP:10\.0\.0\.0\/255\.128\.0\.0/);
    expect(text).toMatch(/IP:2001:DB8:0:0:0:0:0:0\/FFFF:FFFF:0:0:0:0:0:0/);
    expect(text).toMatch(/Excluded:\s+URI:\.example\.test\s+email:example\.test/);
  });
});

describe('a leaf', () => {
  test('has the names, usages, dates and serial number asked for', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const { certificatePem } = await authority.issue({
      commonName: 'node1',
      organization: 'lab',
      hosts: ['10.0.0.1', 'node1.etcd.test', '2001:db8::1'],
      dnsNames: ['10.0.0.2'],
      uris: ['spiffe://lab/node1'],
      usages: ['serverAuth', 'clientAuth'],
      serialNumber: '0a0b',
      validFrom: new Date('2020-01-01T00:00:00Z'),
      validTo: new Date('2021-01-01T00:00:00Z'),
      hash: 'SHA-1',
      crlDistributionPoints: ['http://crl.test/lab.crl'],
    });

    const text = described(certificatePem);
    expect(new X509Certificate(certificatePem).subjectAltName).toBe(
      'IP Address:10.0.0.1, DNS:node1.etcd.test, IP Address:2001:DB8:0:0:0:0:0:1, ' +
        'DNS:10.0.0.2, URI:spiffe://lab/node1',
    );
    expect(text).toMatch(/Subject: O = lab, CN = node1/);
    expect(text).toMatch(/TLS Web Server Authentication, TLS Web Client Authentication/);
    expect(text).toMatch(/Serial Number: 2571 /);
    expect(text).toMatch(/Not After : Jan {2}1 00:00:00 2021 GMT/);
    expect(text).toMatch(/Signature Algorithm: ecdsa-with-SHA1/);
    expect(text).toMatch(/URI:http:\/\/crl\.test\/lab\.crl/);
  });

  test('has no extension for what was not asked for', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const { certificatePem } = await authority.issue({ commonName: 'client' });

    expect(described(certificatePem)).not.toMatch(/Alternative|Extended|Basic Constraints/);
  });

  test('carries an extension that no program knows', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const { certificatePem } = await authority.issue({
      extraExtensions: [{ oid: '1.2.3.4', critical: true }],
    });

    expect(described(certificatePem)).toMatch(/1\.2\.3\.4: critical/);
  });

  test('keeps the key of another one', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const first = await authority.issue({ commonName: 'node1' });
    const second = await authority.issue({ commonName: 'node1', keyOf: first });

    expect(second.privateKeyPem).toBe(first.privateKeyPem);
    expect(serialOf(second)).not.toBe(serialOf(first));
  });

  test('may break the rules on serial numbers and versions, signed all the same', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA', versionOne: true });
    const { certificatePem } = await authority.issue({ serialOctets: '80' });
    const authorityKey = new X509Certificate(authority.certificatePem).publicKey;

    expect(described(authority.certificatePem)).toMatch(/Version: 1 /);
    expect(described(certificatePem)).toMatch(/Serial Number: -128 /);
    expect(new X509Certificate(certificatePem).verify(authorityKey)).toBe(true);
    expect(new X509Certificate(authority.certificatePem).verify(authorityKey)).toBe(true);
  });

  test('can sign itself', async () => {
    const { certificatePem } = await issueSelfSigned({ commonName: 'alone', isCa: true });
    const certificate = new X509Certificate(certificatePem);

    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(described(certificatePem)).toMatch(/CA:TRUE/);
  });
});

describe('a revocation list', () => {
  test('names its serial numbers, as text or bytes, signed by the authority', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA', key: 'rsa-2048' });
    const pem = await authority.revoke(['0a0b'], { nextUpdate: inDays(-1) });
    const der = await authority.revoke(['0a0b'], { encoding: 'DER' });

    expect(openssl(['crl', '-noout', '-text'], pem)).toMatch(/Serial Number: 0A0B/);
    expect(openssl(['crl', '-noout', '-text', '-inform', 'DER'], der)).toMatch(/Version 2/);
  });

  test('may be of version 1', async () => {
    const authority = await issueAuthority({ commonName: 'lab CA' });
    const pem = await authority.revoke([], { versionOne: true });

    expect(openssl(['crl', '-noout', '-text'], pem)).toMatch(/Version 1/);
  });
});

test.each([
  { key: 'ec-p256', form: 'SEC1', header: 'BEGIN EC PRIVATE KEY' },
  { key: 'rsa-2048', form: 'PKCS#1', header: 'BEGIN RSA PRIVATE KEY' },
  { key: 'ec-p256', form: 'PKCS#8', header: 'BEGIN PRIVATE KEY' },
  { key: 'ec-p256', form: 'encrypted PKCS#8', header: 'BEGIN ENCRYPTED PRIVATE KEY' },
  { key: 'ec-p256', form: 'encrypted legacy', header: 'Proc-Type: 4,ENCRYPTED' },
  { key: 'rsa-2048', form: 'encrypted legacy', header: 'Proc-Type: 4,ENCRYPTED' },
] as const)('writes a key of kind $key as $form', async ({ key, form, header }) => {
  const { privateKeyPem } = await issueSelfSigned({ key });
  const written = inForm(privateKeyPem, form, 'guess');

  expect(written).toContain(header);
  expect(
    createPrivateKey({ key: written, passphrase: 'guess' }).export({
      type: 'pkcs8',
      format: 'pem',
    }),
  ).toBe(privateKeyPem);
});

test('PEM written by this program is read back as the same bytes', async () => {
  const { certificatePem } = await issueSelfSigned({ commonName: 'alone' });

  expect(Buffer.from(fromPem(certificatePem))).toEqual(new X509Certificate(certificatePem).raw);
});

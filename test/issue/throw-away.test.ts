import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromPem } from '../../src/issue/der.ts';
import { throwAwayCertificate } from '../../src/issue/throw-away.ts';
import { parseCertificate } from '../../src/pki/parse-certificate.ts';

const names = { issuer: 'a foreign CA', subject: 'a probe' };

test('Go and OpenSSL read a throw-away certificate, and its key is its own', () => {
  const { certificatePem, privateKeyPem } = throwAwayCertificate(names);

  const read = parseCertificate(Buffer.from(fromPem(certificatePem)));
  const openssl = new X509Certificate(certificatePem);

  expect(read).toMatchObject({
    ok: true,
    certificate: {
      subject: { text: 'CN=a probe' },
      issuer: { text: 'CN=a foreign CA' },
      extendedKeyUsage: ['clientAuth', 'serverAuth'],
    },
  });
  expect(openssl.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  expect(openssl.verify(openssl.publicKey)).toBe(false);
});

test('no two of them are alike', () => {
  const [one, other] = [throwAwayCertificate(names), throwAwayCertificate(names)];

  expect(new X509Certificate(one.certificatePem).serialNumber).not.toBe(
    new X509Certificate(other.certificatePem).serialNumber,
  );
});

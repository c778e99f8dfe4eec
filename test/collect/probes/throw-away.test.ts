import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { throwAwayCertificate } from '../../../src/collect/probes/throw-away.ts';
import { parseCertificate } from '../../../src/pki/parse-certificate.ts';

const names = { issuer: 'a foreign CA', subject: 'a probe' };

test('Go and OpenSSL read a throw-away certificate, and its key is its own', () => {
  const { certificate, key } = throwAwayCertificate(names);

  const openssl = new X509Certificate(certificate);
  const read = parseCertificate(openssl.raw);

  expect(read).toMatchObject({
    ok: true,
    certificate: {
      subject: { text: 'CN=a probe' },
      issuer: { text: 'CN=a foreign CA' },
      extendedKeyUsage: ['clientAuth', 'serverAuth'],
    },
  });
  expect(openssl.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(openssl.verify(openssl.publicKey)).toBe(false);
});

test('no two of them are alike', () => {
  const [one, other] = [throwAwayCertificate(names), throwAwayCertificate(names)];

  expect(new X509Certificate(one.certificate).serialNumber).not.toBe(
    new X509Certificate(other.certificate).serialNumber,
  );
});

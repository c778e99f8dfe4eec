import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cipherSuiteName } from '../../src/collect/wire/cipher-suites.ts';
import { curves } from '../../src/pki/elliptic-curve.ts';
import { currentGo } from '../../src/pki/go-release.ts';
import { signatureAlgorithm } from '../../src/pki/signature-algorithm.ts';

const opensslNames = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test.each(curves)(
  '$name is what OpenSSL has under this name',
  ({ name, prime, b, order, bits, objectIdentifier }) => {
    const text = openssl(
      'ecparam',
      '-name',
      opensslNames[name],
      '-param_enc',
      'explicit',
      '-text',
      '-noout',
    );
    const number = (label: string): bigint => {
      const hex =
        new RegExp(String.raw`^${label}:\s*((?:[0-9a-f]{2}[:\s]*)+)$`, 'm').exec(text)?.[1] ?? '';
      return BigInt(`0x${hex.replaceAll(/[:\s]/g, '')}`);
    };

    expect(number('Prime')).toBe(prime);
    expect(number('B')).toBe(b);
    expect(number('Order')).toBe(order);
    expect(number('A')).toBe(prime - 3n);
    expect(prime.toString(2)).toHaveLength(bits);
    const key = openssl('asn1parse', '-genstr', `OID:${objectIdentifier}`);
    expect(key).toContain(opensslNames[name]);
  },
);

test.each([
  ['md5WithRSAEncryption', 'MD5-RSA'],
  ['sha1WithRSAEncryption', 'SHA1-RSA'],
  ['sha1WithRSA', 'SHA1-RSA'],
  ['sha256WithRSAEncryption', 'SHA256-RSA'],
  ['sha384WithRSAEncryption', 'SHA384-RSA'],
  ['sha512WithRSAEncryption', 'SHA512-RSA'],
  ['dsaWithSHA1', 'DSA-SHA1'],
  ['dsa_with_SHA256', 'DSA-SHA256'],
  ['ecdsa-with-SHA1', 'ECDSA-SHA1'],
  ['ecdsa-with-SHA256', 'ECDSA-SHA256'],
  ['ecdsa-with-SHA384', 'ECDSA-SHA384'],
  ['ecdsa-with-SHA512', 'ECDSA-SHA512'],
  ['ED25519', 'Ed25519'],
])('what OpenSSL calls %s is %s', (name, expected) => {
  const lines = openssl('list', '-objects').split('\n');
  const line = lines.find((one) => one.split(/ = |, /).includes(name)) ?? '';
  const objectIdentifier = /[\d.]+$/.exec(line)?.[0] ?? '';

  expect(signatureAlgorithm({ objectIdentifier }, currentGo).name).toBe(expected);
});

test('cipher suites have the names that OpenSSL has for their numbers', () => {
  const listed = openssl('ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL');
  const pairs = Array.from(listed.matchAll(/0x(\w\w),0x(\w\w) - (TLS_\w+)/g));
  const known = pairs
    .map(([, high = '', low = '', name = '']) => [cipherSuiteName(Number(`0x${high}${low}`)), name])
    .filter(([own = '']) => own.startsWith('TLS_'));

  expect(known.length).toBeGreaterThan(30);
  expect(known.filter(([own, name]) => own !== name)).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { usageNames } from '../../src/pki/key-usage.ts';
import { skipWithout } from '../support/skip-without.ts';
import { type StringLiteral, stringLiterals } from '../support/string-literals.ts';

skipWithout('openssl');

/** By object identifier: the short name that OpenSSL has for what it stands for in src. */
const meant: Readonly<Record<string, string>> = {
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10040.4.3': 'DSA-SHA1',
  '1.2.840.10045.2.1': 'id-ecPublicKey',
  '1.2.840.10045.3.1.7': 'prime256v1',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.2.840.113549.1.1.1': 'rsaEncryption',
  '1.2.840.113549.1.1.4': 'RSA-MD5',
  '1.2.840.113549.1.1.5': 'RSA-SHA1',
  '1.2.840.113549.1.1.8': 'MGF1',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'RSA-SHA256',
  '1.2.840.113549.1.1.12': 'RSA-SHA384',
  '1.2.840.113549.1.1.13': 'RSA-SHA512',
  '1.3.14.3.2.29': 'RSA-SHA1-2',
  '1.3.101.110': 'X25519',
  '1.3.101.112': 'ED25519',
  '1.3.132.0.33': 'secp224r1',
  '1.3.132.0.34': 'secp384r1',
  '1.3.132.0.35': 'secp521r1',
  '1.3.6.1.4.1.311.2.1.22': 'msCodeCom',
  '1.3.6.1.4.1.311.10.3.3': 'msSGC',
  '1.3.6.1.5.5.7.1.1': 'authorityInfoAccess',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.5': 'ipsecEndSystem',
  '1.3.6.1.5.5.7.3.6': 'ipsecTunnel',
  '1.3.6.1.5.5.7.3.7': 'ipsecUser',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '1.3.6.1.5.5.7.48.1': 'OCSP',
  '1.3.6.1.5.5.7.48.2': 'caIssuers',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
  '2.16.840.1.101.3.4.3.2': 'dsa_with_SHA256',
  '2.16.840.1.113730.4.1': 'nsSGC',
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.15': 'keyUsage',
  '2.5.29.17': 'subjectAltName',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.20': 'crlNumber',
  '2.5.29.21': 'CRLReason',
  '2.5.29.30': 'nameConstraints',
  '2.5.29.31': 'crlDistributionPoints',
  '2.5.29.32': 'certificatePolicies',
  '2.5.29.33': 'policyMappings',
  '2.5.29.35': 'authorityKeyIdentifier',
  '2.5.29.36': 'policyConstraints',
  '2.5.29.37': 'extendedKeyUsage',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '2.5.29.54': 'inhibitAnyPolicy',
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.17': 'postalCode',
};

/** OpenSSL has no name for it: oidExtKeyUsageMicrosoftKernelCodeSigning of Go's crypto/x509. */
const notInOpenssl = '1.3.6.1.4.1.311.61.1.1';

let literals: readonly StringLiteral[] = [];
const opensslNames = new Map<string, string>();

beforeAll(async () => {
  literals = await stringLiterals('src');
  const listed = execFileSync('openssl', ['list', '-objects'], { encoding: 'utf8' });
  for (const [, name = '', identifier = ''] of listed.matchAll(/^(\S+) = .*?([\d.]+)$/gm)) {
    opensslNames.set(identifier, name);
  }
}, 30_000);

test('every object identifier in src is what OpenSSL has under the name that is meant', () => {
  const written = literals
    .map(({ text }) => text)
    .filter((text) => /^[0-2](\.\d+){3,}$/.test(text));
  const identifiers = [...new Set(written)].filter((text) => !isAddress(text)).toSorted();
  const compared = identifiers.map((identifier) => [identifier, opensslNames.get(identifier)]);

  expect(opensslNames.size).toBeGreaterThan(1000);
  expect(Object.fromEntries(compared)).toEqual({ ...meant, [notInOpenssl]: undefined });
});

/** 0.0.0.0, and nothing that an object identifier is. */
function isAddress(text: string): boolean {
  return text === '0.0.0.0';
}

test('extended key usages have the names of OpenSSL', () => {
  const known = [...usageNames].filter(([identifier]) => identifier !== notInOpenssl);

  expect(known).toEqual(known.map(([identifier]) => [identifier, opensslNames.get(identifier)]));
});

/** A key's DER without the 32 bytes of the key, which stand at its end. */
function header(der: Buffer): string {
  return der.subarray(0, -32).toString('hex');
}

test('every other constant that is written in hexadecimal is what node:crypto makes', () => {
  const exchange = generateKeyPairSync('x25519');
  const signing = generateKeyPairSync('ed25519');
  const made = [
    header(exchange.publicKey.export({ type: 'spki', format: 'der' })),
    header(signing.privateKey.export({ type: 'pkcs8', format: 'der' })),
    // RFC 8446 section 4.1.3: the random of a HelloRetryRequest.
    createHash('sha256').update('HelloRetryRequest').digest('hex'),
  ];
  const written = literals
    // Eight fingerprints of keys that Go refuses.
    .filter(({ file }) => file !== 'src/pki/verify.ts')
    .map(({ text }) => text)
    .filter((text) => /^[\da-f]{16,}$/.test(text));

  expect(written.toSorted()).toEqual(made.toSorted());
});

import { expect, test } from 'vitest';
import { goRelease } from '../../src/pki/go-release.ts';
import { parseCertificate } from '../../src/pki/parse-certificate.ts';
import { rfc5280Complaints } from '../../src/pki/rfc5280.ts';
import {
  altNames,
  authorityKeyId,
  basicConstraints,
  dnsNames,
  ed25519Signer,
  extendedKeyUsage,
  extension,
  generalizedTime,
  generalName,
  keyId,
  keyUsage,
  makeCertificate,
  named,
  nameConstraints,
  nameOf,
  type Recipe,
  utcTime,
} from '../oracle/make-certificate.ts';

const signer = ed25519Signer('root');
const sound: Recipe = { subject: named('leaf'), extensions: [authorityKeyId('key')] };
const authority = [basicConstraints(true), keyUsage(2, 4), keyId('key'), authorityKeyId('key')];

function complaintsOf(recipe: Partial<Recipe>): readonly string[] {
  const der = makeCertificate({ ...sound, ...recipe }, signer);
  // 1.22 is the last that takes negative serial numbers.
  const parsed = parseCertificate(der, goRelease('1.22.12'));
  if (!parsed.ok) throw new Error(parsed.error.text);
  return rfc5280Complaints(parsed.certificate).map(({ clause }) => clause);
}

test.each<readonly [string, Partial<Recipe>]>([
  ['a leaf', {}],
  ['an authority', { extensions: authority }],
  ['a date of 2050', { notAfter: generalizedTime('20500101000000Z') }],
])('has nothing against %s that is issued well', (_, recipe) => {
  expect(complaintsOf(recipe)).toEqual([]);
});

test.each<readonly [string, string, Partial<Recipe>]>([
  ['4.1.2.2', 'serial number zero', { serial: Uint8Array.of(0) }],
  ['4.1.2.2', 'a negative serial number', { serial: Uint8Array.of(0xff) }],
  ['4.1.2.2', 'a serial number of 21 octets', { serial: Buffer.alloc(21, 1) }],
  ['4.1.2.5', 'an early date as GeneralizedTime', { notAfter: generalizedTime('20490101000000Z') }],
  ['4.1.2.5.1', 'a date without seconds', { notBefore: utcTime('2001010000Z') }],
  ['4.1.2.6', 'an authority without a name', { subject: nameOf([]), extensions: authority }],
  ['4.2.1.1', 'no authority key identifier', { extensions: [keyId('key')] }],
  ['4.2.1.2', 'an authority without a key identifier', { extensions: authority.toSpliced(2, 1) }],
  ['4.2.1.3', 'an authority without key usage', { extensions: authority.toSpliced(1, 1) }],
  ['4.2.1.3', 'a key usage without a bit', { extensions: [keyUsage(0), authorityKeyId('key')] }],
  [
    '4.2.1.6',
    'names that should be critical',
    { subject: nameOf([]), extensions: [dnsNames('a'), authorityKeyId('key')] },
  ],
  ['4.2.1.6', 'no entry among the names', { extensions: [altNames(), authorityKeyId('key')] }],
  ['4.2.1.9', 'a leaf that may sign', { extensions: [keyUsage(2, 4), authorityKeyId('key')] }],
  [
    '4.2.1.9',
    'a path length of a leaf',
    { extensions: [basicConstraints(false, 1), authorityKeyId('key')] },
  ],
  [
    '4.2.1.9',
    'constraints of an authority that are not critical',
    {
      extensions: [
        extension('2.5.29.19', Uint8Array.of(0x30, 3, 1, 1, 0xff)),
        ...authority.slice(1),
      ],
    },
  ],
  [
    '4.2.1.10',
    'name constraints of a leaf',
    { extensions: [nameConstraints([generalName(2, 'a')]), authorityKeyId('key')] },
  ],
  [
    '4.2.1.12',
    'no entry among the usages',
    { extensions: [extendedKeyUsage(), authorityKeyId('key')] },
  ],
])('finds by section %s: %s', (clause, _, recipe) => {
  expect(complaintsOf(recipe)).toEqual([clause]);
});

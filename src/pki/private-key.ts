import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import type { PrivateKey } from '../model/certificate.ts';
import { fromBigInt, toBigInt } from './bytes.ts';
import { keyFingerprint } from './check-signature.ts';
import { DerReader, explicitTag, tag } from './der-reader.ts';
import { type Curve, curveByObjectIdentifier } from './elliptic-curve.ts';
import type { PemBlock } from './pem.ts';
import { bitLength, isPositive, type KeyMaterial, withoutZeros } from './public-key.ts';
import { findRsaFault, type RsaNumbers } from './rsa-key.ts';

/** What becomes of a key: its public half, or why Go does not take it. */
type KeyReading =
  | { readonly ok: true; readonly material: KeyMaterial; readonly refusedSince24?: string }
  | { readonly ok: false; readonly reason: string };

/** What Go prints for every key that it cannot read. */
export const unreadableKey = 'tls: failed to parse private key';

/** Four times the longest modulus that OpenSSL takes. */
const mostBits = 65_536;

/** Why a key is not judged that Go may take: arithmetic takes the square of the length of its numbers. */
export const tooLargeNumber = `a number of an RSA key is longer than ${mostBits} bits`;

/** What Go prints since 1.20 for an X25519 key, which it reads and cannot use. */
export const unknownKeyType = 'tls: found unknown private key type in PKCS#8 wrapping';

/** Describes the key in a PEM block without keeping any of it. */
export function describePrivateKey({ type, headers, bytes }: PemBlock): PrivateKey {
  // Go reads a key whatever the type and headers of its block say, and only then fails over a passphrase.
  const [format, reading] = readAny(bytes);
  if (!reading.ok) {
    return {
      algorithm: algorithmOfType(type),
      format: format === 'unknown' ? formatOfType(type) : format,
      encrypted: format === 'unknown' && saysEncrypted(type, headers),
      refusedBy: reading.reason,
    };
  }
  const { material, refusedSince24 } = reading;
  return {
    ...describe(material),
    publicKeySha256: keyFingerprint(material),
    format,
    encrypted: false,
    ...(refusedSince24 !== undefined && { refusedBy: unreadableKey, refusedSince: '1.24' }),
  };
}

function saysEncrypted(type: string, headers: PemBlock['headers']): boolean {
  return type === 'ENCRYPTED PRIVATE KEY' || (headers.get('Proc-Type') ?? '').includes('ENCRYPTED');
}

function algorithmOfType(type: string): PrivateKey['algorithm'] {
  if (type === 'RSA PRIVATE KEY') return 'RSA';
  return type === 'EC PRIVATE KEY' ? 'ECDSA' : 'unknown';
}

function formatOfType(type: string): PrivateKey['format'] {
  switch (type) {
    case 'PRIVATE KEY':
    case 'ENCRYPTED PRIVATE KEY':
      return 'PKCS#8';
    case 'EC PRIVATE KEY':
      return 'SEC1';
    case 'RSA PRIVATE KEY':
      return 'PKCS#1';
    default:
      return 'unknown';
  }
}

function describe(material: KeyMaterial): Pick<PrivateKey, 'algorithm' | 'bits' | 'curve'> {
  switch (material.kind) {
    case 'RSA':
      return { algorithm: 'RSA', bits: bitLength(material.modulus) };
    case 'ECDSA':
      return { algorithm: 'ECDSA', bits: material.curve.bits, curve: material.curve.name };
    case 'Ed25519':
      return { algorithm: 'Ed25519', bits: 256 };
    case 'DSA':
    case 'unknown':
      return { algorithm: 'unknown' };
  }
}

/** Go tries the three forms whatever the type of the block says. */
function readAny(bytes: Uint8Array): readonly [PrivateKey['format'], KeyReading] {
  const attempts = [
    ['PKCS#1', readPkcs1(bytes)],
    ['PKCS#8', readPkcs8(bytes)],
    ['SEC1', readSec1(bytes)],
  ] as const;
  const found = attempts.find(([, reading]) => reading !== undefined);
  const refusal = { ok: false, reason: unreadableKey } as const;
  return found === undefined ? ['unknown', refusal] : [found[0], found[1] ?? refusal];
}

/** RFC 8017, A.1.2. */
function readPkcs1(bytes: Uint8Array): KeyReading | undefined {
  const outer = new DerReader(bytes);
  const fields = outer.inside(tag.sequence);
  const version = fields.int64();
  const numbers = readIntegers(fields, 5);
  if (numbers === undefined || version === undefined || !outer.isEmpty) return undefined;

  const crt = fields.isEmpty ? undefined : readIntegers(fields, 3);
  const others = readOtherPrimes(fields);
  const key = version > 1n || others === undefined ? undefined : toRsaNumbers(numbers, crt, others);
  if (key === undefined) return { ok: false, reason: unreadableKey };
  return key === 'too-large' ? { ok: false, reason: tooLargeNumber } : judgeRsa(key);
}

function judgeRsa(key: RsaNumbers): KeyReading {
  const fault = findRsaFault(key);
  if (fault?.since === 'ever') return { ok: false, reason: unreadableKey };
  const modulus = fromBigInt(key.modulus, Math.ceil(key.modulus.toString(16).length / 2));
  const material = { kind: 'RSA', modulus, exponent: key.exponent } as const;
  return { ok: true, material, ...(fault !== undefined && { refusedSince24: fault.text }) };
}

function readIntegers(fields: DerReader, count: number): readonly Uint8Array[] | undefined {
  const numbers: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    const number = fields.integer();
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

/** OtherPrimeInfos: of each only the prime counts, the rest follows from it. */
function readOtherPrimes(fields: DerReader): readonly Uint8Array[] | undefined {
  if (!fields.peek(tag.sequence)) return [];
  const infos = fields.inside(tag.sequence);
  const primes: Uint8Array[] = [];
  while (!infos.isEmpty) {
    const [prime] = readIntegers(infos.inside(tag.sequence), 3) ?? [];
    if (prime === undefined) return undefined;
    primes.push(prime);
  }
  return primes;
}

function toRsaNumbers(
  numbers: readonly Uint8Array[],
  crt: readonly Uint8Array[] | undefined,
  others: readonly Uint8Array[],
): RsaNumbers | 'too-large' | undefined {
  const all = [...numbers, ...(crt ?? []), ...others];
  const [modulus = new Uint8Array(), exponent = new Uint8Array(), , ...rest] = numbers;
  if (!all.every(isPositive) || bitLength(exponent) > 31) return undefined;
  if (!mayBeProduct(modulus, [...rest, ...others])) return undefined;
  if (!all.every((number) => bitLength(number) <= mostBits)) return 'too-large';
  const at = (index: number): bigint => toBigInt(all[index] ?? new Uint8Array());
  return {
    modulus: at(0),
    exponent: at(1),
    privateExponent: at(2),
    p: at(3),
    q: at(4),
    others: others.map(toBigInt),
    ...(crt !== undefined && { crt: { dp: at(5), dq: at(6), inverse: at(7) } }),
  };
}

/** A product of n numbers has the sum of their bits, or up to n - 1 fewer. */
function mayBeProduct(product: Uint8Array, factors: readonly Uint8Array[]): boolean {
  const most = factors.reduce((sum, factor) => sum + bitLength(factor), 0);
  const bits = bitLength(product);
  return bits <= most && bits > most - factors.length;
}

/** RFC 5208. Attributes that follow are not looked at. */
function readPkcs8(bytes: Uint8Array): KeyReading | undefined {
  const fields = new DerReader(bytes).inside(tag.sequence);
  const version = fields.int64();
  const algorithm = fields.enter(tag.sequence);
  const key = fields.content(tag.octetString);
  if (version === undefined || algorithm === undefined || key === undefined) return undefined;
  return readWrapped(key, algorithm) ?? { ok: false, reason: unreadableKey };
}

function readWrapped(key: Uint8Array, algorithm: DerReader): KeyReading | undefined {
  const objectIdentifier = algorithm.objectIdentifier();
  if (objectIdentifier === '1.2.840.113549.1.1.1') return readPkcs1(key);
  if (objectIdentifier === '1.2.840.10045.2.1') return readSec1(key, algorithm.objectIdentifier());
  if (objectIdentifier === '1.3.101.112') return readEd25519(key, algorithm);
  const isX25519 = objectIdentifier === '1.3.101.110';
  return isX25519 ? { ok: false, reason: unknownKeyType } : undefined;
}

/** RFC 5915; the curve of a PKCS#8 wrapping counts before its own. */
function readSec1(bytes: Uint8Array, wrappedCurve?: string): KeyReading | undefined {
  const fields = new DerReader(bytes).inside(tag.sequence);
  const version = fields.int64();
  const secret = fields.content(tag.octetString);
  if (version === undefined || secret === undefined) return undefined;

  const curve = curveByObjectIdentifier(wrappedCurve ?? ownCurve(fields) ?? '');
  const point = curve === undefined ? undefined : derivePoint(curve, secret);
  if (version !== 1n || curve === undefined || point === undefined) {
    return { ok: false, reason: unreadableKey };
  }
  return { ok: true, material: { kind: 'ECDSA', curve, point } };
}

function ownCurve(fields: DerReader): string | undefined {
  return fields.peek(explicitTag(0)) ? fields.enter(explicitTag(0))?.objectIdentifier() : undefined;
}

const opensslNames: Readonly<Record<Curve['name'], string>> = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

/** Zeros in front may be missing or too many. */
function derivePoint(curve: Curve, secret: Uint8Array): Uint8Array | undefined {
  const value = toBigInt(withoutZeros(secret));
  if (value === 0n || value >= curve.order) return undefined;
  const exchange = createECDH(opensslNames[curve.name]);
  exchange.setPrivateKey(fromBigInt(value, Math.ceil(curve.bits / 8)));
  return exchange.getPublicKey();
}

function readEd25519(key: Uint8Array, algorithm: DerReader): KeyReading | undefined {
  const seed = new DerReader(key).content(tag.octetString);
  if (!algorithm.isEmpty || seed?.length !== 32) return undefined;
  const header = Buffer.from('302e020100300506032b657004220420', 'hex');
  const secret = createPrivateKey({
    key: Buffer.concat([header, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const exported = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return { ok: true, material: { kind: 'Ed25519', point: exported.subarray(-32) } };
}

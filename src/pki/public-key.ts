import { hash } from 'node:crypto';
import type { PublicKey } from '../model/certificate.ts';
import { explainField, explainHeader } from './asn1-words.ts';
import { areEqual } from './bytes.ts';
import { DerReader, rightAlign, tag } from './der-reader.ts';
import { type Curve, curveByObjectIdentifier, findPointFault } from './elliptic-curve.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { Malformed, malformed } from './malformed.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './signature-algorithm.ts';

/** A public key in numbers. */
export type KeyMaterial =
  | { readonly kind: 'RSA'; readonly modulus: Uint8Array; readonly exponent: bigint }
  | { readonly kind: 'ECDSA'; readonly curve: Curve; readonly point: Uint8Array }
  | { readonly kind: 'Ed25519'; readonly point: Uint8Array }
  | { readonly kind: 'DSA'; readonly numbers: DsaNumbers }
  /** Go parses the certificate and cannot use the key. */
  | { readonly kind: 'unknown'; readonly objectIdentifier: string };

/** All of them positive. */
export interface DsaNumbers {
  readonly p: Uint8Array;
  readonly q: Uint8Array;
  readonly g: Uint8Array;
  readonly y: Uint8Array;
}

export interface ParsedPublicKey {
  readonly material: KeyMaterial;
  readonly described: PublicKey;
}

const objectIdentifiers: ReadonlyMap<string, Exclude<KeyMaterial['kind'], 'unknown'>> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10045.2.1', 'ECDSA'],
  ['1.3.101.112', 'Ed25519'],
]);

/** Reads a SubjectPublicKeyInfo with its identifier octets, and refuses what Go refuses. */
export function parsePublicKeyInfo(whole: Uint8Array, go: GoRelease): ParsedPublicKey {
  const info = new DerReader(whole, () => !isSince(go, 21)).enter(tag.sequence);
  if (info === undefined) throw new Malformed('x509: malformed spki');
  const identifier = info.enter(tag.sequence);
  if (identifier === undefined) {
    throw new Malformed('x509: malformed public key algorithm identifier');
  }
  const algorithm = readAlgorithmIdentifier(identifier);
  const bits = info.bitString();
  if (bits === undefined) throw new Malformed('x509: malformed subjectPublicKey');

  const material = readMaterial(algorithm, rightAlign(bits), go);
  const sha256 = hash('sha256', whole, 'hex');
  return { material, described: describe(material, sha256) };
}

function describe(material: KeyMaterial, sha256: string): PublicKey {
  switch (material.kind) {
    case 'RSA':
      return { algorithm: 'RSA', bits: bitLength(material.modulus), sha256 };
    case 'ECDSA':
      return { algorithm: 'ECDSA', bits: material.curve.bits, curve: material.curve.name, sha256 };
    case 'Ed25519':
      return { algorithm: 'Ed25519', bits: 256, sha256 };
    case 'DSA':
      return { algorithm: 'DSA', bits: bitLength(material.numbers.p), sha256 };
    case 'unknown':
      return { algorithm: 'unknown', sha256 };
  }
}

/** Of an unsigned number. */
export function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
}

function readMaterial(
  { objectIdentifier, parameters }: AlgorithmIdentifier,
  key: Uint8Array,
  go: GoRelease,
): KeyMaterial {
  const kind = objectIdentifiers.get(objectIdentifier);
  switch (kind) {
    case 'RSA':
      return readRsa(parameters, key, go);
    case 'ECDSA':
      return readEcdsa(parameters, key, go);
    case 'Ed25519':
      return readEd25519(parameters, key, go);
    case 'DSA':
      return readDsa(parameters, key);
    case undefined:
      return { kind: 'unknown', objectIdentifier };
  }
}

const asn1Null = Uint8Array.of(5, 0);

function readRsa(parameters: Uint8Array | undefined, key: Uint8Array, go: GoRelease): KeyMaterial {
  if (parameters === undefined || !areEqual(parameters, asn1Null)) {
    throw new Malformed('x509: RSA key missing NULL parameters');
  }
  const numbers = new DerReader(key).enter(tag.sequence);
  if (numbers === undefined) {
    throw malformed(go, 'x509: invalid RSA public key', () => explainHeader(key, tag.sequence));
  }
  const modulus = numbers.integer();
  if (modulus === undefined) {
    throw malformed(go, 'x509: invalid RSA modulus', () => explainField(numbers));
  }
  const exponent = numbers.int64();
  if (exponent === undefined) {
    throw malformed(go, 'x509: invalid RSA public exponent', () => explainField(numbers));
  }
  if (!isPositive(modulus)) throw new Malformed('x509: RSA modulus is not a positive number');
  if (exponent <= 0n) throw new Malformed('x509: RSA public exponent is not a positive number');
  return { kind: 'RSA', modulus: withoutZeros(modulus), exponent };
}

/** Of a number in two's complement. */
export function isPositive(number: Uint8Array): boolean {
  return (number[0] ?? 0) < 0x80 && number.some((byte) => byte !== 0);
}

/** Drops the zeros in front. */
export function withoutZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  return first < 0 ? number.subarray(number.length) : number.subarray(first);
}

function readEcdsa(
  parameters: Uint8Array | undefined,
  point: Uint8Array,
  go: GoRelease,
): KeyMaterial {
  const objectIdentifier =
    parameters === undefined ? undefined : new DerReader(parameters).objectIdentifier();
  if (objectIdentifier === undefined) {
    throw malformed(
      go,
      'x509: invalid ECDSA parameters',
      () => 'x509: failed to parse ECDSA parameters as named curve',
    );
  }
  const curve = curveByObjectIdentifier(objectIdentifier);
  if (curve === undefined) {
    throw new Malformed('x509: unsupported elliptic curve', 'x509.unsupported-curve');
  }

  const fault = findPointFault(curve, point);
  if (fault === undefined) return { kind: 'ECDSA', curve, point };
  throw new Malformed(
    isSince(go, 26)
      ? pointFaultText(curve, fault)
      : 'x509: failed to unmarshal elliptic curve point',
  );
}

/** The texts of crypto/ecdsa and its curves, which differ between P-256 on amd64 and the others. */
function pointFaultText(
  { name }: Curve,
  fault: Exclude<ReturnType<typeof findPointFault>, undefined>,
): string {
  const short = name.replace('-', '');
  switch (fault) {
    case 'not-uncompressed':
      return 'ecdsa: invalid uncompressed public key';
    case 'length':
      return `invalid ${short} point encoding`;
    case 'coordinate-too-large':
      return short === 'P256'
        ? 'invalid P256 element encoding'
        : `invalid ${short}Element encoding`;
    case 'off-curve':
      return `${short} point not on curve`;
  }
}

function readEd25519(
  parameters: Uint8Array | undefined,
  point: Uint8Array,
  go: GoRelease,
): KeyMaterial {
  // Go knows Ed25519 in certificates since 1.13.
  if (!isSince(go, 13)) return { kind: 'unknown', objectIdentifier: '1.3.101.112' };
  if (parameters !== undefined) {
    throw new Malformed('x509: Ed25519 key encoded with illegal parameters');
  }
  if (point.length !== 32) throw new Malformed('x509: wrong Ed25519 public key size');
  return { kind: 'Ed25519', point };
}

function readDsa(parameters: Uint8Array | undefined, key: Uint8Array): KeyMaterial {
  const y = new DerReader(key).integer();
  if (y === undefined) throw new Malformed('x509: invalid DSA public key');
  const numbers = new DerReader(parameters ?? new Uint8Array()).enter(tag.sequence);
  const p = numbers?.integer();
  const q = numbers?.integer();
  const g = numbers?.integer();
  if (p === undefined || q === undefined || g === undefined) {
    throw new Malformed('x509: invalid DSA parameters');
  }
  if (![y, p, q, g].every(isPositive)) {
    throw new Malformed('x509: zero or negative DSA parameter');
  }
  return { kind: 'DSA', numbers: { p, q, g, y } };
}

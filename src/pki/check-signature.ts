import { constants, hash as digest, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { getOrMake } from '../model/get-or-make.ts';
import { fromBigInt, toBigInt } from './bytes.ts';
import { DerReader, tag } from './der-reader.ts';
import { coordinateLength, type Curve } from './elliptic-curve.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { bitLength, isPositive, type KeyMaterial } from './public-key.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';
import type { SignatureFault } from './verification.ts';
import { encode, encodeObjectIdentifier } from './write-der.ts';

/** What was signed, with what, and how. */
export interface Signed {
  readonly algorithm: SignatureAlgorithm;
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

/** Go's error when the signature is not by this key, or of a kind that this Go refuses. */
export function checkSignature(
  { algorithm, content, signature }: Signed,
  key: KeyMaterial,
  go: GoRelease,
): SignatureFault | undefined {
  const refusal = refuseAlgorithm(algorithm, go);
  if (refusal !== undefined) return refusal;

  if (key.kind === 'unknown' || isDropped(key, go)) return unimplemented;
  const wanted = algorithm.key === 'RSA-PSS' ? 'RSA' : algorithm.key;
  if (wanted !== key.kind) {
    return anotherKey(
      `x509: signature algorithm specifies an ${wanted} public key, but have public key of type ${goTypes[key.kind]}`,
    );
  }
  if (key.kind === 'RSA') return checkRsa({ algorithm, content, signature }, key, go);
  return isSigned({ algorithm, content, signature }, key)
    ? undefined
    : anotherKey(`x509: ${key.kind} verification failure`);
}

/** DSA was verified until 1.15. */
function isDropped({ kind }: KeyMaterial, go: GoRelease): boolean {
  return kind === 'DSA' && isSince(go, 16);
}

/** Go's error for any signature by this key. */
export function refuseKey(key: KeyMaterial, go: GoRelease): SignatureFault | undefined {
  if (key.kind === 'unknown' || isDropped(key, go)) return unimplemented;
  return key.kind === 'RSA' ? refuseRsaKey(key, go) : undefined;
}

const goTypes = {
  RSA: '*rsa.PublicKey',
  ECDSA: '*ecdsa.PublicKey',
  Ed25519: 'ed25519.PublicKey',
  DSA: '*dsa.PublicKey',
} as const;

function isSigned(
  { algorithm, content, signature }: Signed,
  key: Exclude<KeyMaterial, { kind: 'RSA' | 'unknown' }>,
): boolean {
  if (key.kind === 'ECDSA') return isEcdsaSignature({ algorithm, content, signature }, key);
  const hash = algorithm.hash?.replace('-', '') ?? null;
  return isVerified(signature, key, () => verify(hash, content, publicKeyObject(key), signature));
}

/** Until it is known better, an authority whose signature Go cannot check is none that it knows. */
export const unimplemented: SignatureFault = {
  kind: 'x509.unknown-authority',
  text: 'x509: cannot verify signature: algorithm unimplemented',
};

function anotherKey(text: string): SignatureFault {
  return { kind: 'x509.same-name-other-key', text };
}

function refuseAlgorithm(
  { name, key, hash }: SignatureAlgorithm,
  go: GoRelease,
): SignatureFault | undefined {
  if (key === 'unknown') return unimplemented;
  if (hash === 'MD5' || (hash === 'SHA-1' && isSince(go, 18) && !isBroughtBack(go))) {
    const isBridged = hash === 'SHA-1' && key !== 'DSA' && !isSince(go, 24);
    const override = isBridged ? ' (temporarily override with GODEBUG=x509sha1=1)' : '';
    return {
      kind: 'x509.insecure-signature',
      text: `x509: cannot verify signature: insecure algorithm ${name}${override}`,
    };
  }
  return undefined;
}

function isBroughtBack(go: GoRelease): boolean {
  return go.acceptsSha1Signatures === true && !isSince(go, 24);
}

const rsaMismatch = 'crypto/rsa: verification error';

function checkRsa(
  { algorithm, content, signature }: Signed,
  key: KeyMaterial & { kind: 'RSA' },
  go: GoRelease,
): SignatureFault | undefined {
  const refusal = refuseRsaKey(key, go);
  if (refusal !== undefined) return refusal;
  if (signature.length !== key.modulus.length) return anotherKey(rsaMismatch);

  const hash = algorithm.hash ?? 'SHA-256';
  const options =
    algorithm.key === 'RSA-PSS'
      ? {
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        }
      : { padding: constants.RSA_PKCS1_PADDING };
  const isGood = isVerified(signature, key, () =>
    verify(hash.replace('-', ''), content, { key: publicKeyObject(key), ...options }, signature),
  );
  return isGood ? undefined : anotherKey(rsaMismatch);
}

/** Go looks at the numbers of a key since 1.24. */
function refuseRsaKey(
  { modulus, exponent }: KeyMaterial & { kind: 'RSA' },
  go: GoRelease,
): SignatureFault | undefined {
  if (!isSince(go, 24)) return undefined;
  const bits = bitLength(modulus);
  if (bits < 1024 && go.acceptsSmallRsaKeys !== true) {
    return tooSmallKey(bits);
  }
  if (((modulus.at(-1) ?? 0) & 1) === 0) return unusable('crypto/rsa: public modulus is even');
  if (exponent < 2n) return unusable('crypto/rsa: public exponent too small or negative');
  if (exponent % 2n === 0n) return unusable('crypto/rsa: public exponent is even');
  return exponent > 0x7fff_ffffn ? unusable('crypto/rsa: public exponent too large') : undefined;
}

function unusable(text: string): SignatureFault {
  return { kind: 'x509.unknown-authority', text };
}

function tooSmallKey(bits: number): SignatureFault {
  return { kind: 'x509.authority-key-too-small', text: insecureKeyText(bits) };
}

/** What crypto/rsa says of a key of fewer than 1024 bits. */
export function insecureKeyText(bits: number): string {
  return `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
}

function isEcdsaSignature(
  { algorithm, content, signature }: Signed,
  key: KeyMaterial & { kind: 'ECDSA' },
): boolean {
  return isVerified(signature, key, () => {
    const fixed = toFixedLength(signature, key.curve);
    if (fixed === undefined) return false;
    const hash = (algorithm.hash ?? 'SHA-256').replace('-', '');
    const options = { key: publicKeyObject(key), dsaEncoding: 'ieee-p1363' } as const;
    return verify(hash, content, options, fixed);
  });
}

/** The two numbers side by side; undefined for an encoding or a size that Go refuses. */
function toFixedLength(signature: Uint8Array, curve: Curve): Uint8Array | undefined {
  const outer = new DerReader(signature);
  const numbers = outer.inside(tag.sequence);
  const parts = [numbers.integer(), numbers.integer()].flatMap((number) => {
    const value = number === undefined || !isPositive(number) ? 0n : toBigInt(number);
    return value > 0n && value < curve.order ? [fromBigInt(value, coordinateLength(curve))] : [];
  });
  const isWhole = numbers.isEmpty && outer.isEmpty && parts.length === 2;
  return isWhole ? Buffer.concat(parts) : undefined;
}

const verified = new WeakMap<KeyMaterial, WeakMap<Uint8Array, boolean>>();

/** Each signature of a certificate in memory once by each key, whichever release of Go asks. */
function isVerified(signature: Uint8Array, key: KeyMaterial, attempt: () => boolean): boolean {
  const byKey = getOrMake(verified, key, () => new WeakMap<Uint8Array, boolean>());
  return getOrMake(byKey, signature, () => isAccepted(attempt));
}

/** OpenSSL throws for keys that it will not use; such a signature is not verified. */
function isAccepted(attempt: () => boolean): boolean {
  try {
    return attempt();
  } catch {
    return false;
  }
}

const keyObjects = new WeakMap<KeyMaterial, KeyObject>();

/** Rebuilt from the numbers: OpenSSL rejects encodings that Go accepts. */
function publicKeyObject(key: KeyMaterial): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const created = createPublicKey({
    key: Buffer.from(encodePublicKey(key)),
    format: 'der',
    type: 'spki',
  });
  keyObjects.set(key, created);
  return created;
}

/** A SubjectPublicKeyInfo in its usual form. */
function encodePublicKey(key: KeyMaterial): Uint8Array {
  switch (key.kind) {
    case 'RSA': {
      const numbers = encode(tag.sequence, [
        encodeInteger(key.modulus),
        encodeInteger(fromBigInt(key.exponent, 8)),
      ]);
      return publicKeyInfo('1.2.840.113549.1.1.1', Uint8Array.of(tag.null, 0), numbers);
    }
    case 'ECDSA': {
      const curve = encodeObjectIdentifier(key.curve.objectIdentifier);
      return publicKeyInfo('1.2.840.10045.2.1', curve, key.point);
    }
    case 'Ed25519':
      return publicKeyInfo('1.3.101.112', new Uint8Array(), key.point);
    case 'DSA': {
      const { p, q, g, y } = key.numbers;
      const parameters = encode(tag.sequence, [p, q, g].map(encodeInteger));
      return publicKeyInfo('1.2.840.10040.4.1', parameters, encodeInteger(y));
    }
    case 'unknown':
      return new Uint8Array();
  }
}

function publicKeyInfo(algorithm: string, parameters: Uint8Array, key: Uint8Array): Uint8Array {
  return encode(tag.sequence, [
    encode(tag.sequence, [encodeObjectIdentifier(algorithm), parameters]),
    encode(tag.bitString, [Uint8Array.of(0), key]),
  ]);
}

/** Of an unsigned number. */
function encodeInteger(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  const shortest = first < 0 ? Uint8Array.of(0) : number.subarray(first);
  const sign = (shortest[0] ?? 0) >= 0x80 ? [Uint8Array.of(0)] : [];
  return encode(tag.integer, [...sign, shortest]);
}

const keyFingerprints = new WeakMap<KeyMaterial, string>();

/** SHA-256 in hex of a key in its usual form: the same for a certificate and the private key that belongs to it. */
export function keyFingerprint(key: KeyMaterial): string {
  const known = keyFingerprints.get(key);
  if (known !== undefined) return known;
  const sha256 = fingerprint(encodePublicKey(key));
  keyFingerprints.set(key, sha256);
  return sha256;
}

/** SHA-256 in hex. */
export function fingerprint(bytes: Uint8Array): string {
  return digest('sha256', bytes, 'hex');
}

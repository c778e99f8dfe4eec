import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { contextTag, explicitTag, tag } from '../../src/pki/der-reader.ts';
import { encode, encodeObjectIdentifier } from '../../src/pki/write-der.ts';

/** Whoever signs. Ed25519 and RSA sign the same bytes the same way every time. */
export interface Signer {
  readonly name: Uint8Array;
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo. */
  readonly info: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly hash: 'sha256' | 'sha1' | null;
}

/** What a certificate is to say; everything else is made up from it. */
export interface Recipe {
  readonly subject: Uint8Array;
  readonly info?: Uint8Array;
  readonly serial?: Uint8Array;
  readonly notBefore?: Uint8Array;
  readonly notAfter?: Uint8Array;
  /** 3 when absent. */
  readonly version?: 1 | 2 | 3;
  readonly extensions?: readonly Uint8Array[];
}

const ed25519 = encode(tag.sequence, [encodeObjectIdentifier('1.3.101.112')]);
const asn1Null = Uint8Array.of(5, 0);

export function algorithm(objectIdentifier: string, parameters: Uint8Array = asn1Null): Uint8Array {
  return encode(tag.sequence, [encodeObjectIdentifier(objectIdentifier), parameters]);
}

/** A key that follows from its name. */
export function ed25519Signer(commonName: string, keyName = commonName): Signer {
  const seed = createHash('sha256').update(`oracle ${keyName}`).digest();
  const header = Buffer.from('302e020100300506032b657004220420', 'hex');
  const key = createPrivateKey({
    key: Buffer.concat([header, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return { name: named(commonName), key, info: infoOf(key), algorithm: ed25519, hash: null };
}

export function rsaSigner(commonName: string, pem: string, hash: 'sha256' | 'sha1'): Signer {
  const key = createPrivateKey(pem);
  const objectIdentifier = hash === 'sha1' ? '1.2.840.113549.1.1.5' : '1.2.840.113549.1.1.11';
  return {
    name: named(commonName),
    key,
    info: infoOf(key),
    algorithm: algorithm(objectIdentifier),
    hash,
  };
}

function infoOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}

export function named(commonName: string): Uint8Array {
  return nameOf([['2.5.4.3', tag.utf8String, Buffer.from(commonName)]]);
}

export function nameOf(
  attributes: readonly (readonly [type: string, tag: number, value: Uint8Array])[],
): Uint8Array {
  return encode(
    tag.sequence,
    attributes.map(([type, kind, value]) =>
      encode(tag.set, [
        encode(tag.sequence, [encodeObjectIdentifier(type), encode(kind, [value])]),
      ]),
    ),
  );
}

export function utcTime(text: string): Uint8Array {
  return encode(tag.utcTime, [Buffer.from(text)]);
}

export function generalizedTime(text: string): Uint8Array {
  return encode(tag.generalizedTime, [Buffer.from(text)]);
}

export function makeCertificate(recipe: Recipe, signer: Signer): Uint8Array {
  const { version = 3, extensions = [] } = recipe;
  const content = encode(tag.sequence, [
    version === 1
      ? new Uint8Array()
      : encode(explicitTag(0), [encode(tag.integer, [Uint8Array.of(version - 1)])]),
    encode(tag.integer, [recipe.serial ?? Uint8Array.of(1)]),
    signer.algorithm,
    signer.name,
    encode(tag.sequence, [
      recipe.notBefore ?? utcTime('200101000000Z'),
      recipe.notAfter ?? utcTime('400101000000Z'),
    ]),
    recipe.subject,
    recipe.info ?? ed25519Signer('leaf').info,
    extensions.length === 0
      ? new Uint8Array()
      : encode(explicitTag(3), [encode(tag.sequence, extensions)]),
  ]);
  const signature = sign(signer.hash, content, signer.key);
  return encode(tag.sequence, [
    content,
    signer.algorithm,
    encode(tag.bitString, [Uint8Array.of(0), signature]),
  ]);
}

export function extension(
  objectIdentifier: string,
  value: Uint8Array,
  isCritical = false,
): Uint8Array {
  return encode(tag.sequence, [
    encodeObjectIdentifier(objectIdentifier),
    isCritical ? Uint8Array.of(1, 1, 0xff) : new Uint8Array(),
    encode(tag.octetString, [value]),
  ]);
}

export function basicConstraints(isCa: boolean, pathLength?: number): Uint8Array {
  const length = pathLength === undefined ? [] : [Uint8Array.of(2, 1, pathLength & 0xff)];
  const flag = isCa ? [Uint8Array.of(1, 1, 0xff)] : [];
  return extension('2.5.29.19', encode(tag.sequence, [...flag, ...length]), true);
}

export function keyUsage(...octets: readonly number[]): Uint8Array {
  return extension('2.5.29.15', encode(tag.bitString, [Uint8Array.from(octets)]), true);
}

export function extendedKeyUsage(...objectIdentifiers: readonly string[]): Uint8Array {
  const value = encode(tag.sequence, objectIdentifiers.map(encodeObjectIdentifier));
  return extension('2.5.29.37', value);
}

/** A GeneralName of a kind: 1 mail, 2 DNS, 6 URI, 7 IP address. */
export function generalName(kind: number, value: string | Uint8Array): Uint8Array {
  return encode(contextTag(kind), [typeof value === 'string' ? Buffer.from(value) : value]);
}

export function altNames(...names: readonly Uint8Array[]): Uint8Array {
  return extension('2.5.29.17', encode(tag.sequence, names));
}

export function dnsNames(...names: readonly string[]): Uint8Array {
  return altNames(...names.map((name) => generalName(2, name)));
}

export function nameConstraints(
  permitted: readonly Uint8Array[],
  excluded: readonly Uint8Array[] = [],
): Uint8Array {
  const value = encode(tag.sequence, [...subtrees(0, permitted), ...subtrees(1, excluded)]);
  return extension('2.5.29.30', value, true);
}

function subtrees(side: 0 | 1, names: readonly Uint8Array[]): readonly Uint8Array[] {
  const bases = names.map((name) => encode(tag.sequence, [name]));
  return bases.length === 0 ? [] : [encode(explicitTag(side), bases)];
}

export function policies(...objectIdentifiers: readonly string[]): Uint8Array {
  const entries = objectIdentifiers.map((objectIdentifier) =>
    encode(tag.sequence, [encodeObjectIdentifier(objectIdentifier)]),
  );
  return extension('2.5.29.32', encode(tag.sequence, entries));
}

export function keyId(octets: string): Uint8Array {
  return extension('2.5.29.14', encode(tag.octetString, [Buffer.from(octets)]));
}

export function authorityKeyId(octets: string): Uint8Array {
  return extension(
    '2.5.29.35',
    encode(tag.sequence, [encode(contextTag(0), [Buffer.from(octets)])]),
  );
}

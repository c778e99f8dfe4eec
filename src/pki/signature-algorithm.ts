import { areEqual } from './bytes.ts';
import { DerReader, explicitTag, tag } from './der-reader.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { Malformed } from './malformed.ts';

export interface AlgorithmIdentifier {
  readonly objectIdentifier: string;
  /** With identifier octets; absent when there are none. */
  readonly parameters?: Uint8Array;
}

/** Reads what is in an AlgorithmIdentifier; what follows the parameters is not looked at. */
export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const objectIdentifier = reader.objectIdentifier();
  if (objectIdentifier === undefined) throw new Malformed('x509: malformed OID');
  if (reader.isEmpty) return { objectIdentifier };
  const parameters = reader.element();
  if (parameters === undefined) throw new Malformed('x509: malformed parameters');
  return { objectIdentifier, parameters: parameters.whole };
}

/** How a signature is made. */
export interface SignatureAlgorithm {
  /** Go's name, or the object identifier where Go has none. */
  readonly name: string;
  readonly key: 'RSA' | 'RSA-PSS' | 'DSA' | 'ECDSA' | 'Ed25519' | 'unknown';
  readonly hash?: 'MD5' | 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';
}

const algorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ['1.2.840.113549.1.1.4', { name: 'MD5-RSA', key: 'RSA', hash: 'MD5' }],
  ['1.2.840.113549.1.1.5', { name: 'SHA1-RSA', key: 'RSA', hash: 'SHA-1' }],
  ['1.3.14.3.2.29', { name: 'SHA1-RSA', key: 'RSA', hash: 'SHA-1' }],
  ['1.2.840.113549.1.1.11', { name: 'SHA256-RSA', key: 'RSA', hash: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { name: 'SHA384-RSA', key: 'RSA', hash: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { name: 'SHA512-RSA', key: 'RSA', hash: 'SHA-512' }],
  ['1.2.840.10040.4.3', { name: 'DSA-SHA1', key: 'DSA', hash: 'SHA-1' }],
  ['2.16.840.1.101.3.4.3.2', { name: 'DSA-SHA256', key: 'DSA', hash: 'SHA-256' }],
  ['1.2.840.10045.4.1', { name: 'ECDSA-SHA1', key: 'ECDSA', hash: 'SHA-1' }],
  ['1.2.840.10045.4.3.2', { name: 'ECDSA-SHA256', key: 'ECDSA', hash: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { name: 'ECDSA-SHA384', key: 'ECDSA', hash: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { name: 'ECDSA-SHA512', key: 'ECDSA', hash: 'SHA-512' }],
]);

const ed25519 = '1.3.101.112';
const rsaPss = '1.2.840.113549.1.1.10';
const mgf1 = '1.2.840.113549.1.1.8';

/** What Go makes of the identifier. Parameters of RSA and ECDSA are not looked at. */
export function signatureAlgorithm(
  { objectIdentifier, parameters }: AlgorithmIdentifier,
  go: GoRelease,
): SignatureAlgorithm {
  const unknown: SignatureAlgorithm = { name: objectIdentifier, key: 'unknown' };
  if (objectIdentifier === rsaPss) return pssAlgorithm(parameters) ?? unknown;
  if (objectIdentifier === ed25519) {
    const isKnown = isSince(go, 13) && parameters === undefined;
    return isKnown ? { name: 'Ed25519', key: 'Ed25519' } : unknown;
  }
  return algorithms.get(objectIdentifier) ?? unknown;
}

const pssHashes: ReadonlyMap<string, readonly [SignatureAlgorithm, saltLength: bigint]> = new Map([
  ['2.16.840.1.101.3.4.2.1', [{ name: 'SHA256-RSAPSS', key: 'RSA-PSS', hash: 'SHA-256' }, 32n]],
  ['2.16.840.1.101.3.4.2.2', [{ name: 'SHA384-RSAPSS', key: 'RSA-PSS', hash: 'SHA-384' }, 48n]],
  ['2.16.840.1.101.3.4.2.3', [{ name: 'SHA512-RSAPSS', key: 'RSA-PSS', hash: 'SHA-512' }, 64n]],
]);

/** Go takes three sets of parameters: one hash for both purposes, a salt of its length, the usual trailer. */
function pssAlgorithm(parameters: Uint8Array | undefined): SignatureAlgorithm | undefined {
  const fields = new DerReader(parameters ?? new Uint8Array()).inside(tag.sequence);
  const objectIdentifier = readPlainHash(fields.inside(explicitTag(0)).inside(tag.sequence));
  const mask = fields.inside(explicitTag(1)).inside(tag.sequence);
  const isMgf1 = mask.objectIdentifier() === mgf1;
  const isSameHash = readPlainHash(mask.inside(tag.sequence)) === objectIdentifier;
  const saltLength = fields.inside(explicitTag(2)).int64();
  const hasUsualTrailer = fields.isEmpty || fields.inside(explicitTag(3)).int64() === 1n;

  const known = objectIdentifier === undefined ? undefined : pssHashes.get(objectIdentifier);
  if (known === undefined || !isMgf1 || !isSameHash || !hasUsualTrailer) return undefined;
  const [algorithm, usualSalt] = known;
  return saltLength === usualSalt ? algorithm : undefined;
}

/** The object identifier, when its parameters are NULL or absent. */
function readPlainHash(reader: DerReader): string | undefined {
  const objectIdentifier = reader.objectIdentifier();
  if (reader.isEmpty) return objectIdentifier;
  const parameters = reader.element();
  const isNull = parameters !== undefined && areEqual(parameters.whole, Uint8Array.of(5, 0));
  return isNull ? objectIdentifier : undefined;
}

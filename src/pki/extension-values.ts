import { explainHeader } from './asn1-words.ts';
import { toLatin1 } from './bytes.ts';
import { contextTag, DerReader, explicitTag, tag } from './der-reader.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { toGoString } from './go-text.ts';
import { usageNames } from './key-usage.ts';
import { Malformed, malformed } from './malformed.ts';
import { isObjectIdentifier } from './object-identifier.ts';

/** Bit n of keyUsage as 2ⁿ. */
export function readKeyUsage(value: Uint8Array): number {
  const bits = new DerReader(value).bitString();
  if (bits === undefined) throw new Malformed('x509: invalid key usage');
  let usage = 0;
  for (let bit = 0; bit < 9; bit += 1) {
    const isSet = ((bits.bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
    usage |= isSet << bit;
  }
  return usage;
}

export interface BasicConstraints {
  readonly isCa: boolean;
  /** Absent where nothing, or a negative number, is written. */
  readonly maxPathLength?: number;
}

/** Negative path lengths are refused since 1.25. */
export function readBasicConstraints(value: Uint8Array, go: GoRelease): BasicConstraints {
  // Until 1.20 a letter in the text said what was wrong.
  const invalid = (letter: string): Malformed =>
    new Malformed(`x509: invalid basic constraints${isSince(go, 21) ? '' : ` ${letter}`}`);
  const fields = new DerReader(value).enter(tag.sequence);
  if (fields === undefined) throw invalid('a');
  const isCa = fields.peek(tag.boolean) ? fields.boolean() : false;
  if (isCa === undefined) throw invalid('b');
  if (!fields.peek(tag.integer)) return { isCa };
  const length = fields.int64();
  if (length === undefined || (length < 0n && isSince(go, 25))) throw invalid('c');
  return length < 0n ? { isCa } : { isCa, maxPathLength: Number(length) };
}

/** Names where Go has one, object identifiers elsewhere. */
export function readExtendedKeyUsage(value: Uint8Array): readonly string[] {
  const entries = new DerReader(value).enter(tag.sequence);
  if (entries === undefined) throw new Malformed('x509: invalid extended key usages');
  const usages: string[] = [];
  while (!entries.isEmpty) {
    const objectIdentifier = entries.objectIdentifier();
    if (objectIdentifier === undefined) throw new Malformed('x509: invalid extended key usages');
    usages.push(usageNames.get(objectIdentifier) ?? objectIdentifier);
  }
  return usages;
}

export function readSubjectKeyId(value: Uint8Array): Uint8Array {
  const id = new DerReader(value).content(tag.octetString);
  if (id === undefined) throw new Malformed('x509: invalid subject key identifier');
  return id;
}

/** Undefined where only issuer and serial number are given. */
export function readAuthorityKeyId(value: Uint8Array): Uint8Array | undefined {
  const fields = new DerReader(value).enter(tag.sequence);
  if (fields === undefined) throw new Malformed('x509: invalid authority key identifier');
  if (!fields.peek(contextTag(0))) return undefined;
  const id = fields.content(contextTag(0));
  if (id === undefined) throw new Malformed('x509: invalid authority key identifier');
  return id;
}

/** URIs that come first in the full name of each point, which are all that Go keeps. */
export function readDistributionPoints(value: Uint8Array): readonly string[] {
  const points = new DerReader(value).enter(tag.sequence);
  if (points === undefined) throw new Malformed('x509: invalid CRL distribution points');
  const uris: string[] = [];
  while (!points.isEmpty) {
    const point = points.enter(tag.sequence);
    const name = point?.optional(explicitTag(0));
    if (name === undefined) throw new Malformed('x509: invalid CRL distribution point');
    if (name !== 'none') for (const uri of readFullName(name)) uris.push(uri);
  }
  return uris;
}

function readFullName(name: Uint8Array): readonly string[] {
  const names = new DerReader(name).enter(explicitTag(0));
  if (names === undefined) throw new Malformed('x509: invalid CRL distribution point');
  const uris: string[] = [];
  while (names.peek(contextTag(6))) {
    const uri = names.content(contextTag(6));
    if (uri === undefined) throw new Malformed('x509: invalid CRL distribution point');
    uris.push(toGoString(uri));
  }
  return uris;
}

/** Content octets as byte strings. Go takes arcs of any size since 1.22 and no policy twice since 1.24. */
export function readPolicies(value: Uint8Array, go: GoRelease): readonly string[] {
  const invalid = 'x509: invalid certificate policies';
  const entries = new DerReader(value).enter(tag.sequence);
  if (entries === undefined) throw new Malformed(invalid);
  const policies: string[] = [];
  while (!entries.isEmpty) {
    const policy = entries.enter(tag.sequence);
    const objectIdentifier = policy?.element(tag.objectIdentifier);
    if (objectIdentifier === undefined) throw new Malformed(invalid);
    const isKnown = isSince(go, 22)
      ? isObjectIdentifier(objectIdentifier.content)
      : new DerReader(objectIdentifier.whole, () => !isSince(go, 21)).objectIdentifier() !==
        undefined;
    const text = toLatin1(objectIdentifier.content);
    if (!isKnown || (isSince(go, 24) && policies.includes(text))) throw new Malformed(invalid);
    policies.push(text);
  }
  return policies;
}

export interface PolicyConstraints {
  readonly requireExplicitPolicy?: bigint;
  readonly inhibitPolicyMapping?: bigint;
}

export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const invalid = 'x509: invalid policy constraints extension';
  const fields = new DerReader(value).enter(tag.sequence);
  if (fields === undefined) throw new Malformed(invalid);
  const read = (number: number): bigint | undefined => {
    if (!fields.peek(contextTag(number))) return undefined;
    const found = fields.int64(contextTag(number));
    if (found === undefined) throw new Malformed(invalid);
    return found;
  };
  const requireExplicitPolicy = read(0);
  const inhibitPolicyMapping = read(1);
  return {
    ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }),
    ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }),
  };
}

export interface PolicyMapping {
  /** Content octets as a byte string. */
  readonly issuer: string;
  readonly subject: string;
}

export function readPolicyMappings(value: Uint8Array): readonly PolicyMapping[] {
  const invalid = 'x509: invalid policy mappings extension';
  const entries = new DerReader(value).enter(tag.sequence);
  if (entries === undefined) throw new Malformed(invalid);
  const mappings: PolicyMapping[] = [];
  while (!entries.isEmpty) {
    const entry = entries.enter(tag.sequence);
    const issuer = entry?.content(tag.objectIdentifier);
    const subject = entry?.content(tag.objectIdentifier);
    if (issuer === undefined || subject === undefined) throw new Malformed(invalid);
    mappings.push({ issuer: toLatin1(issuer), subject: toLatin1(subject) });
  }
  return mappings;
}

export function readInhibitAnyPolicy(value: Uint8Array): bigint {
  const skipped = new DerReader(value).int64();
  if (skipped === undefined) throw new Malformed('x509: invalid inhibit any policy extension');
  return skipped;
}

/** Reads for the sake of refusing: nothing of it matters to etcd. */
export function checkAuthorityInfoAccess(value: Uint8Array, go: GoRelease): void {
  const invalid = 'x509: invalid authority info access';
  const entries = new DerReader(value).enter(tag.sequence);
  if (entries === undefined) {
    throw malformed(go, invalid, () => explainHeader(value, tag.sequence));
  }
  while (!entries.isEmpty) {
    const entry = entries.enter(tag.sequence);
    if (entry?.objectIdentifier() === undefined) throw new Malformed(invalid);
    if (entry.peek(contextTag(6)) && entry.content(contextTag(6)) === undefined) {
      throw new Malformed(invalid);
    }
  }
}

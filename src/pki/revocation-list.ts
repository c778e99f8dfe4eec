import { hash } from 'node:crypto';
import type { RevocationList } from '../model/certificate.ts';
import { areEqual, toHex } from './bytes.ts';
import { type Asn1Time, readTime } from './asn1-time.ts';
import { DerReader, explicitTag, rightAlign, tag, toSigned } from './der-reader.ts';
import { parseName } from './distinguished-name.ts';
import { readAuthorityKeyId } from './extension-values.ts';
import { type Extension, readExtension } from './extensions.ts';
import { currentGo } from './go-release.ts';
import { Malformed } from './malformed.ts';
import { readAlgorithmIdentifier, signatureAlgorithm } from './signature-algorithm.ts';

/** A list, or the text of the error of Go's ParseRevocationList, which wants version 2. */
export interface ParsedRevocationList {
  readonly list?: RevocationList;
  readonly error?: string;
}

/** Reads a list of either version as Go reads one of version 2; `encoding` is how it came. */
export function parseRevocationList(
  der: Uint8Array,
  encoding: RevocationList['encoding'],
): ParsedRevocationList {
  let versionError: string | undefined;
  const noteVersion = (error: string): void => {
    versionError = error;
  };
  try {
    const list = read(der, encoding, noteVersion);
    return { list, ...(versionError !== undefined && { error: versionError }) };
  } catch (error) {
    if (error instanceof Malformed) return { error: versionError ?? error.message };
    throw error;
  }
}

function read(
  der: Uint8Array,
  encoding: RevocationList['encoding'],
  noteVersion: (error: string) => void,
): RevocationList {
  const outer = new DerReader(der);
  const list = outer.element(tag.sequence);
  if (list === undefined) throw new Malformed('x509: malformed crl');
  const parts = new DerReader(list.content);
  const fields = parts.enter(tag.sequence);
  if (fields === undefined) throw new Malformed('x509: malformed tbs crl');

  const version = readVersion(fields, noteVersion);
  const algorithm = readAlgorithm(fields, parts);
  const signature = parts.bitString();
  if (signature === undefined) throw new Malformed('x509: malformed signature');
  rightAlign(signature);
  const name = readIssuer(fields);
  const thisUpdate = readMoment(fields);
  const hasNext = fields.peek(tag.generalizedTime) || fields.peek(tag.utcTime);
  const nextUpdate = hasNext ? readMoment(fields) : undefined;
  const revokedSerials = fields.peek(tag.sequence) ? readRevoked(fields) : [];
  const authorityKeyId = readKeyId(fields);
  return {
    sha256: hash('sha256', list.whole, 'hex'),
    encoding,
    version,
    issuer: name,
    signatureAlgorithm: algorithm,
    ...(authorityKeyId !== undefined && { authorityKeyId: toHex(authorityKeyId) }),
    thisUpdate: toIso(thisUpdate),
    ...(nextUpdate !== undefined && { nextUpdate: toIso(nextUpdate) }),
    revokedSerials,
  };
}

function readIssuer(fields: DerReader): RevocationList['issuer'] {
  const issuer = fields.element(tag.sequence);
  if (issuer === undefined) throw new Malformed('x509: malformed issuer');
  return parseName(issuer.whole, currentGo);
}

function toIso({ milliseconds }: Asn1Time): string {
  return new Date(milliseconds).toISOString();
}

/** Version 1 is written by leaving it out. */
function readVersion(fields: DerReader, noteVersion: (error: string) => void): number {
  if (!fields.peek(tag.integer)) {
    noteVersion('x509: unsupported crl version');
    return 1;
  }
  const version = fields.int64();
  if (version === undefined) throw new Malformed('x509: malformed crl');
  if (version !== 1n) noteVersion(`x509: unsupported crl version: ${version}`);
  return Number(version) + 1;
}

function readAlgorithm(fields: DerReader, parts: DerReader): string {
  const inner = fields.content(tag.sequence);
  if (inner === undefined) throw new Malformed('x509: malformed signature algorithm identifier');
  const outer = parts.content(tag.sequence);
  if (outer === undefined) throw new Malformed('x509: malformed algorithm identifier');
  if (!areEqual(inner, outer)) {
    throw new Malformed("x509: inner and outer signature algorithm identifiers don't match");
  }
  return signatureAlgorithm(readAlgorithmIdentifier(new DerReader(inner)), currentGo).name;
}

function readMoment(fields: DerReader): Asn1Time {
  const time = readTime(fields, currentGo);
  if (typeof time === 'string') throw new Malformed(time);
  return time;
}

function readRevoked(fields: DerReader): readonly string[] {
  const entries = fields.enter(tag.sequence);
  if (entries === undefined) throw new Malformed('x509: malformed crl');
  const serials: string[] = [];
  while (!entries.isEmpty) {
    const entry = entries.enter(tag.sequence);
    if (entry === undefined) throw new Malformed('x509: malformed crl');
    const serial = entry.integer();
    if (serial === undefined) throw new Malformed('x509: malformed serial number');
    readMoment(entry);
    const extensions = entry.optional(tag.sequence);
    if (extensions === undefined) throw new Malformed('x509: malformed extensions');
    if (extensions !== 'none') checkReasons(extensions);
    serials.push(toSigned(serial).toString(16));
  }
  return serials;
}

function checkReasons(extensions: Uint8Array): void {
  for (const { objectIdentifier, value } of readExtensionList(extensions)) {
    const isReason = objectIdentifier === '2.5.29.21';
    if (isReason && new DerReader(value).int64(tag.enumerated) === undefined) {
      throw new Malformed('x509: malformed reasonCode extension');
    }
  }
}

function readExtensionList(content: Uint8Array): readonly Extension[] {
  const reader = new DerReader(content);
  const extensions: Extension[] = [];
  while (!reader.isEmpty) extensions.push(readExtension(reader));
  return extensions;
}

function readKeyId(fields: DerReader): Uint8Array | undefined {
  const present = fields.optional(explicitTag(0));
  if (present === undefined) throw new Malformed('x509: malformed extensions');
  if (present === 'none') return undefined;
  const list = new DerReader(present).content(tag.sequence);
  if (list === undefined) throw new Malformed('x509: malformed extensions');
  let keyId: Uint8Array | undefined;
  for (const extension of readExtensionList(list)) {
    if (extension.objectIdentifier === '2.5.29.35') keyId = readListKeyId(extension);
    const isNumber = extension.objectIdentifier === '2.5.29.20';
    if (isNumber && new DerReader(extension.value).integer() === undefined) {
      throw new Malformed('x509: malformed crl number');
    }
  }
  return keyId;
}

function readListKeyId({ isCritical, value }: Extension): Uint8Array | undefined {
  if (isCritical) {
    throw new Malformed('x509: authority key identifier incorrectly marked critical');
  }
  return readAuthorityKeyId(value);
}

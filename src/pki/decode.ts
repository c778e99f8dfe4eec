import type { DistinguishedName, PublicKey } from '../model/certificate.ts';
import { areEqual } from './bytes.ts';
import { contextTag, DerReader, explicitTag, rightAlign, tag, toSigned } from './der-reader.ts';
import { parseName } from './distinguished-name.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { Malformed, malformed } from './malformed.ts';
import { type KeyMaterial, parsePublicKeyInfo } from './public-key.ts';
import {
  readAlgorithmIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithm,
} from './signature-algorithm.ts';
import { type Asn1Time, readTime } from './asn1-time.ts';

/** A certificate as one release of Go has it in memory. */
export interface Decoded extends Extensions {
  readonly der: Uint8Array;
  /** What is signed. */
  readonly content: Uint8Array;
  readonly version: number;
  /** Two's complement. */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Asn1Time;
  readonly notAfter: Asn1Time;
  /** SubjectPublicKeyInfo with its identifier octets. */
  readonly publicKeyInfo: Uint8Array;
  readonly key: KeyMaterial;
  readonly publicKey: PublicKey;
}

/** Reads a certificate in the order in which Go does, so that the first thing wrong is the same one. */
export function decode(der: Uint8Array, go: GoRelease): Decoded {
  const file = new DerReader(der);
  const certificate = file.enter(tag.sequence);
  if (certificate === undefined) throw new Malformed('x509: malformed certificate');
  const signed = certificate.element(tag.sequence);
  if (signed === undefined) throw new Malformed('x509: malformed tbs certificate');

  const fields = new DerReader(signed.content, () => !isSince(go, 21));
  const version = readVersion(fields, go);
  const serialNumber = readSerialNumber(fields, go);
  const algorithm = readAlgorithm(fields, certificate, go);
  const issuer = readName(fields, go);
  const [notBefore, notAfter] = readValidity(fields, go);
  const subject = readName(fields, go);
  const info = fields.element(tag.sequence);
  if (info === undefined) throw new Malformed('x509: malformed spki');
  const { material, described } = parsePublicKeyInfo(info.whole, go);
  const extensions = readRest(fields, version, go);
  const signature = certificate.bitString();
  if (signature === undefined) throw new Malformed('x509: malformed signature');
  if (!file.isEmpty) {
    throw malformed(go, 'x509: trailing data', () => 'asn1: syntax error: trailing data');
  }

  return {
    ...extensions,
    der,
    content: signed.whole,
    version,
    serialNumber,
    signatureAlgorithm: algorithm,
    signature: rightAlign(signature),
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKeyInfo: info.whole,
    key: material,
    publicKey: described,
  };
}

function readVersion(fields: DerReader, go: GoRelease): number {
  if (!fields.peek(explicitTag(0))) return 1;
  const inside = fields.enter(explicitTag(0));
  const version = inside?.int64();
  if (version === undefined || inside?.isEmpty !== true || version < 0n) {
    throw new Malformed('x509: malformed version');
  }
  // Until 1.16 Go took any number.
  if (version > 2n && isSince(go, 17)) throw new Malformed('x509: invalid version');
  return Number(version) + 1;
}

function readSerialNumber(fields: DerReader, go: GoRelease): Uint8Array {
  const serialNumber = fields.integer();
  if (serialNumber === undefined) throw new Malformed('x509: malformed serial number');
  const isNegative = toSigned(serialNumber.subarray(0, 1)) < 0n;
  if (isNegative && isSince(go, 23) && go.acceptsNegativeSerials !== true) {
    throw new Malformed('x509: negative serial number');
  }
  return serialNumber;
}

/** The one that is signed, which has to equal the one next to the signature. */
function readAlgorithm(
  fields: DerReader,
  certificate: DerReader,
  go: GoRelease,
): SignatureAlgorithm {
  const inner = fields.content(tag.sequence);
  if (inner === undefined) {
    throw new Malformed('x509: malformed signature algorithm identifier');
  }
  const outer = certificate.content(tag.sequence);
  if (outer === undefined) throw new Malformed('x509: malformed algorithm identifier');
  if (!areEqual(inner, outer) && isSince(go, 17)) {
    throw new Malformed("x509: inner and outer signature algorithm identifiers don't match");
  }
  return signatureAlgorithm(
    readAlgorithmIdentifier(new DerReader(inner, () => !isSince(go, 21))),
    go,
  );
}

/** Go says "issuer" of a subject too. */
function readName(fields: DerReader, go: GoRelease): DistinguishedName {
  const name = fields.element(tag.sequence);
  if (name === undefined) throw new Malformed('x509: malformed issuer');
  return parseName(name.whole, go);
}

function readValidity(fields: DerReader, go: GoRelease): readonly [Asn1Time, Asn1Time] {
  const validity = fields.enter(tag.sequence);
  if (validity === undefined) throw new Malformed('x509: malformed validity');
  const read = (): Asn1Time => {
    const time = readTime(validity, go);
    if (typeof time === 'string') throw new Malformed(time);
    return time;
  };
  return [read(), read()];
}

function readRest(fields: DerReader, version: number, go: GoRelease): Extensions {
  if (version > 1) {
    for (const [number, name] of [
      [1, 'issuerUniqueID'],
      [2, 'subjectUniqueID'],
    ] as const) {
      if (fields.optional(contextTag(number)) === undefined) {
        throw new Malformed(`x509: malformed ${name}`);
      }
    }
  }
  const present = version >= 3 ? fields.optional(explicitTag(3)) : 'none';
  if (present === undefined) throw new Malformed('x509: malformed extensions');
  return readExtensions(present, go);
}

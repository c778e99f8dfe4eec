import type { Certificate, NameConstraints } from '../model/certificate.ts';
import { getOrMake } from '../model/get-or-make.ts';
import { fromBase64, toBase64, toHex } from './bytes.ts';
import { fingerprint } from './check-signature.ts';
import { type Decoded, decode } from './decode.ts';
import { DerReader, tag, toSigned } from './der-reader.ts';
import { currentGo, type GoRelease, isSince, noting } from './go-release.ts';
import { formatIpAddress, formatIpRange } from './ip-address.ts';
import { keyUsageNames } from './key-usage.ts';
import { isParseFault, Malformed, type ParseFault } from './malformed.ts';
import type { Constraints, Subtrees } from './name-constraints.ts';
import { encode } from './write-der.ts';

/** A certificate, or Go's error. */
export type ParsedCertificate =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly error: ParseFault };

/** Go's x509.ParseCertificate. */
export function parseCertificate(der: Uint8Array, go: GoRelease = currentGo): ParsedCertificate {
  const reading = tryDecode(der, go);
  const { decoded } = reading;
  if (isParseFault(decoded)) return { ok: false, error: decoded };
  const certificate = describe(decoded);
  if (early.count < mostEarly) {
    early.count += 1;
    remember(certificate, go, reading);
  }
  return { ok: true, certificate };
}

interface Reading {
  readonly decoded: Decoded | ParseFault;
  /** Nothing was asked of the release: every other one reads the same. */
  readonly isOfAll: boolean;
}

function tryDecode(der: Uint8Array, go: GoRelease): Reading {
  const { release, wasAsked } = noting(go);
  try {
    const decoded = decode(der, release);
    return { decoded, isOfAll: !wasAsked() };
  } catch (error) {
    if (error instanceof Malformed) {
      const fault = { kind: error.kind, text: inWordsOf(go, error.message) };
      return { decoded: fault, isOfAll: false };
    }
    throw error;
  }
}

/** Words of old releases: `%q` wrote DEL as a code point until 1.18, and 1.17 has a spelling of its own. */
function inWordsOf(go: GoRelease, text: string): string {
  if (isSince(go, 19)) return text;
  const quoted = text.replaceAll(String.raw`\x7f`, String.raw`\u007f`);
  return go.minor === 17
    ? quoted.replace(/^(x509: malformed )extension( \w+ field)$/, '$1extention$2')
    : quoted;
}

/**
 * A deployment's certificates are asked for again soon. Of ten thousand in a directory few are, and what is decoded
 * takes several times the space of what is said of it: those are decoded again on demand.
 */
const mostEarly = 1000;
const early = { count: 0 };

const decodedByAll = new WeakMap<Certificate, Decoded | ParseFault>();
const decodedBy = new WeakMap<Certificate, Map<string, Decoded | ParseFault>>();

function remember(certificate: Certificate, go: GoRelease, reading: Reading): void {
  const { decoded, isOfAll } = reading;
  if (isOfAll) decodedByAll.set(certificate, decoded);
  else getOrMake(decodedBy, certificate, () => new Map()).set(go.text, decoded);
}

/** What one release of Go has of a certificate in memory, or why it refuses it. */
export function decodedFor(certificate: Certificate, go: GoRelease): Decoded | ParseFault {
  const known = decodedByAll.get(certificate) ?? decodedBy.get(certificate)?.get(go.text);
  if (known !== undefined) return known;
  const reading = tryDecode(fromBase64(certificate.der), go);
  remember(certificate, go, reading);
  return reading.decoded;
}

function describe(decoded: Decoded): Certificate {
  return {
    der: toBase64(withoutAppendix(decoded.der)),
    sha256: fingerprint(decoded.der),
    version: decoded.version,
    serialNumber: toSignedHex(decoded.serialNumber),
    subject: decoded.subject,
    issuer: decoded.issuer,
    notBefore: new Date(decoded.notBefore.milliseconds).toISOString(),
    notAfter: new Date(decoded.notAfter.milliseconds).toISOString(),
    publicKey: decoded.publicKey,
    signatureAlgorithm: decoded.signatureAlgorithm.name,
    ...describeExtensions(decoded),
    crlDistributionPoints: decoded.distributionPoints,
    unhandledCriticalExtensions: decoded.unhandledCritical,
  };
}

/** What a certificate may have and may lack. */
type Optional = {
  -readonly [
    Field in keyof Certificate as undefined extends Certificate[Field] ? Field : never
  ]: Certificate[Field];
};

function describeExtensions(decoded: Decoded): Optional {
  const { basicConstraints, keyUsage, extendedKeyUsage, altNames, nameConstraints } = decoded;
  const { authorityKeyId, subjectKeyId } = decoded;
  const described: Optional = {};
  if (basicConstraints !== undefined) described.basicConstraints = basicConstraints;
  if (keyUsage !== undefined) {
    described.keyUsage = keyUsageNames.filter((_, bit) => (keyUsage & (1 << bit)) !== 0);
  }
  if (extendedKeyUsage !== undefined) described.extendedKeyUsage = extendedKeyUsage;
  if (altNames !== undefined) {
    described.subjectAltName = {
      dnsNames: altNames.dnsNames,
      ipAddresses: altNames.ipAddresses.map(formatIpAddress),
      uris: altNames.uris.map(({ text }) => text),
      emailAddresses: altNames.emailAddresses,
      otherNames: altNames.otherNames,
    };
  }
  if (nameConstraints !== undefined) {
    described.nameConstraints = describeConstraints(nameConstraints);
  }
  if (authorityKeyId !== undefined) described.authorityKeyId = toHex(authorityKeyId);
  if (subjectKeyId !== undefined) described.subjectKeyId = toHex(subjectKeyId);
  return described;
}

/**
 * RFC 5280, 4.1: a certificate has three parts. Go passes over what follows them inside the certificate; it
 * is not certificate, may be anything, and is not kept.
 */
function withoutAppendix(der: Uint8Array): Uint8Array {
  const certificate = new DerReader(der).inside(tag.sequence);
  const parts = [tag.sequence, tag.sequence, tag.bitString].flatMap(
    (expected) => certificate.element(expected)?.whole ?? [],
  );
  return certificate.isEmpty ? der : encode(tag.sequence, parts);
}

function describeConstraints({
  isCritical,
  permitted,
  excluded,
}: Constraints & { readonly isCritical: boolean }): NameConstraints {
  return {
    critical: isCritical,
    permitted: describeSubtrees(permitted),
    excluded: describeSubtrees(excluded),
  };
}

function describeSubtrees({ dnsNames, ipRanges, uris, emailAddresses }: Subtrees) {
  return { dnsNames, ipRanges: ipRanges.map(formatIpRange), uris, emailAddresses };
}

/** Of a number in two's complement, without leading zeros. */
function toSignedHex(number: Uint8Array): string {
  return toSigned(number).toString(16);
}

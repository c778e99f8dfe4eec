import { z } from 'zod';
import { instant, type Plain, text, texts } from './basics.ts';

export type DistinguishedName = Plain<typeof distinguishedName>;
const distinguishedName = z.object({
  /** As Go's pkix.Name prints it: most specific first, `CN=etcd-ca,O=lab`. Hostile text: escape before showing. */
  text,
  /** The last commonName, which is the one that Go reports. */
  commonName: text.exactOptional(),
  organization: texts,
  /** The DER of the name in hex. Go matches issuers to subjects by these bytes. */
  raw: text,
});

export type PublicKey = Plain<typeof publicKey>;
const publicKey = z.object({
  algorithm: z.literal(['RSA', 'ECDSA', 'Ed25519', 'DSA', 'unknown']),
  /** Modulus length for RSA, field size for ECDSA, in bits. */
  bits: z.int().exactOptional(),
  /** Go's name: `P-224`, `P-256`, `P-384`, `P-521`; the OID of any other. */
  curve: text.exactOptional(),
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  sha256: text,
});

export type ConstraintSet = Plain<typeof constraintSet>;
const constraintSet = z.object({
  dnsNames: texts,
  /** CIDR notation. */
  ipRanges: texts,
  uris: texts,
  emailAddresses: texts,
});

export type NameConstraints = Plain<typeof nameConstraints>;
const nameConstraints = z.object({
  critical: z.boolean(),
  permitted: constraintSet,
  excluded: constraintSet,
});

export type SubjectAltName = Plain<typeof subjectAltName>;
const subjectAltName = z.object({
  dnsNames: texts,
  /** In Go's printed form: `10.0.0.1`, `2001:db8::1`. */
  ipAddresses: texts,
  uris: texts,
  emailAddresses: texts,
  /** How many names of kinds that Go ignores (otherName, directoryName, registeredID…). */
  otherNames: z.int(),
});

/** A parsed X.509 certificate as plain data. Dates are ISO 8601 UTC, bytes are hex unless said. */
export type Certificate = Plain<typeof certificate>;
export const certificate = z.object({
  /** The certificate itself, DER in base64. Everything else here is read from it. */
  der: text,
  /** SHA-256 of the DER, lower-case hex: its identity everywhere in this program. */
  sha256: text,
  version: z.int(),
  /** Lower-case hex as encoded, without leading zeros; `-` in front when negative. */
  serialNumber: text,
  subject: distinguishedName,
  issuer: distinguishedName,
  notBefore: instant,
  notAfter: instant,
  publicKey,
  /** In Go's words: `SHA256-RSA`, `ECDSA-SHA256`, `Ed25519`; the dotted OID when Go has no name for it. */
  signatureAlgorithm: text,
  basicConstraints: z
    .object({ isCa: z.boolean(), maxPathLength: z.int().exactOptional() })
    .exactOptional(),
  /** Absent when the extension is absent, which allows every usage. */
  keyUsage: texts.exactOptional(),
  /** Names such as `serverAuth`, dotted OIDs where there is none. Absent when the extension is. */
  extendedKeyUsage: texts.exactOptional(),
  /** Absent when the extension is. */
  subjectAltName: subjectAltName.exactOptional(),
  nameConstraints: nameConstraints.exactOptional(),
  authorityKeyId: text.exactOptional(),
  subjectKeyId: text.exactOptional(),
  crlDistributionPoints: texts,
  /** Dotted OIDs of critical extensions that Go does not handle. */
  unhandledCriticalExtensions: texts,
});

/** What may be known of a private key without holding it. */
export type PrivateKey = Plain<typeof privateKey>;
const privateKey = z.object({
  algorithm: z.literal(['RSA', 'ECDSA', 'Ed25519', 'unknown']),
  bits: z.int().exactOptional(),
  curve: text.exactOptional(),
  /** SHA-256 of the SubjectPublicKeyInfo of its public half; absent when the key is encrypted or unreadable. */
  publicKeySha256: text.exactOptional(),
  format: z.literal(['PKCS#8', 'SEC1', 'PKCS#1', 'unknown']),
  encrypted: z.boolean(),
  /** Why Go would refuse the key, in Go's words. */
  refusedBy: text.exactOptional(),
  /** The release of Go since which that is so, such as `1.24`; absent when every release refuses it. */
  refusedSince: text.exactOptional(),
});

/** What etcd reads of a certificate revocation list. */
export type RevocationList = Plain<typeof revocationList>;
const revocationList = z.object({
  sha256: text,
  encoding: z.literal(['PEM', 'DER']),
  version: z.int(),
  issuer: distinguishedName,
  signatureAlgorithm: text,
  authorityKeyId: text.exactOptional(),
  thisUpdate: instant,
  nextUpdate: instant.exactOptional(),
  /** Lower-case hex without leading zeros. */
  revokedSerials: texts,
});

/** What Go makes of a block since a release: a certificate or the text of an error. */
export type CertificateReading = Plain<typeof reading>;
const reading = z.object({
  /** Such as `1.24.8`. */
  since: text,
  /** Set where GODEBUG has x509negativeserial=1, which counts from Go 1.23 on. */
  acceptsNegativeSerials: z.literal(true).exactOptional(),
  error: text.exactOptional(),
  /** Set where the error is about a curve that Go does not know. */
  unsupportedCurve: z.literal(true).exactOptional(),
  certificate: certificate.exactOptional(),
});

const place = { type: text, line: z.int() };

export type Block = Plain<typeof block>;
const block = z.discriminatedUnion('kind', [
  z.object({ ...place, kind: z.literal('certificate'), certificate }),
  /** What Go says of it depends on the release. The bytes are not kept: they may be anything. */
  z.object({
    ...place,
    kind: z.literal('malformed-certificate'),
    error: text,
    /** From the oldest release to the newest; a reading holds until the next of its kind. */
    readings: z.array(reading),
  }),
  /** `asCertificate`: what Go says when etcd parses this block as a certificate, as it does in CA files. */
  z.object({ ...place, kind: z.literal('key'), key: privateKey, asCertificate: text }),
  z.object({ ...place, kind: z.literal('crl'), asCertificate: text }),
  z.object({
    ...place,
    kind: z.literal('other'),
    asCertificate: text,
    /** SHA-256 of a PUBLIC KEY block, which is a SubjectPublicKeyInfo. */
    publicKeySha256: text.exactOptional(),
  }),
]);

export type PemTrap = Plain<typeof trap>;
const trap = z.object({
  kind: z.literal([
    'byte-order-mark',
    'indented',
    'glued-blocks',
    'der',
    'key-store',
    'utf-16',
    'bad-base64',
    'truncated',
    'empty',
    'no-pem',
  ]),
  line: z.int().exactOptional(),
  /** One sentence: what is there and what Go makes of it. */
  detail: text,
});

/** Why the content of a file is not known. */
export type Unreadable = Plain<typeof unreadable>;
const unreadable = z.object({
  kind: z.enum([
    'missing',
    'denied',
    'directory',
    'not-a-directory',
    'link-loop',
    'not-regular',
    'too-large',
    'too-deep',
    'no-settings',
    /** An absolute link in a copy of a host's files whose target is not in the copy. */
    'outside',
    'other',
  ]),
  /** In the operating system's words where it is that which refused. */
  text,
});

/** One file that was looked at, and what a PEM reader like Go's finds in it. Key material never gets here. */
export type FileFact = Plain<typeof file>;
export const file = z.object({
  /** Path as the operator would type it; the key by which everything else refers to the file. */
  path: text,
  /** The host it is on, where evidence of several hosts was put together. */
  host: text.exactOptional(),
  /** Bytes. */
  size: z.number(),
  /** Permission bits, e.g. 0o640; absent where the file came out of a manifest or Secret. */
  mode: z.int().exactOptional(),
  uid: z.int().exactOptional(),
  gid: z.int().exactOptional(),
  /** Where a symbolic link leads. */
  linkTarget: text.exactOptional(),
  /** Set when the content could not be read. */
  unreadable: unreadable.exactOptional(),
  /** In file order, as Go's encoding/pem finds them. */
  blocks: z.array(block),
  /** What a person sees in the file and Go does not. */
  traps: z.array(trap),
  /** The certificates that a person sees in it, where Go sees no block at all. */
  hidden: z.array(certificate).exactOptional(),
  /** The first certificate revocation list, whichever encoding; CRLs may be DER files without any block. */
  revocationList: revocationList.exactOptional(),
  /** What Go says when etcd reads the whole file as a revocation list; empty when it takes it. */
  asRevocationList: z
    .object({
      /** x509.ParseCRL, until etcd 3.5. */
      parseCrl: text.exactOptional(),
      /** x509.ParseRevocationList, since etcd 3.6. */
      parseRevocationList: text.exactOptional(),
    })
    .exactOptional(),
});

import { z } from 'zod';
import type {
  Certificate,
  DistinguishedName,
  PrivateKey,
  PublicKey,
  RevocationList,
} from '../model/certificate.ts';
import type { Block, CertificateReading, FileFact, PemTrap } from '../model/files.ts';
import { type Complete, instant, oneOf, text, texts } from './basics.ts';
import { unreadableKinds } from '../model/files.ts';

const distinguishedName: z.ZodType<DistinguishedName> = z.object({
  text,
  commonName: text.exactOptional(),
  organization: texts,
  raw: text,
} satisfies Complete<DistinguishedName>);

const publicKey: z.ZodType<PublicKey> = z.object({
  algorithm: oneOf<PublicKey['algorithm']>()(['RSA', 'ECDSA', 'Ed25519', 'DSA', 'unknown']),
  bits: z.int().exactOptional(),
  curve: text.exactOptional(),
  sha256: text,
} satisfies Complete<PublicKey>);

const constraintSet = z.object({
  dnsNames: texts,
  ipRanges: texts,
  uris: texts,
  emailAddresses: texts,
});

export const certificate: z.ZodType<Certificate> = z.object({
  der: text,
  sha256: text,
  version: z.int(),
  serialNumber: text,
  subject: distinguishedName,
  issuer: distinguishedName,
  notBefore: instant,
  notAfter: instant,
  publicKey,
  signatureAlgorithm: text,
  basicConstraints: z
    .object({ isCa: z.boolean(), maxPathLength: z.int().exactOptional() })
    .exactOptional(),
  keyUsage: texts.exactOptional(),
  extendedKeyUsage: texts.exactOptional(),
  subjectAltName: z
    .object({
      dnsNames: texts,
      ipAddresses: texts,
      uris: texts,
      emailAddresses: texts,
      otherNames: z.int(),
    })
    .exactOptional(),
  nameConstraints: z
    .object({ critical: z.boolean(), permitted: constraintSet, excluded: constraintSet })
    .exactOptional(),
  authorityKeyId: text.exactOptional(),
  subjectKeyId: text.exactOptional(),
  crlDistributionPoints: texts,
  unhandledCriticalExtensions: texts,
} satisfies Complete<Certificate>);

const privateKey: z.ZodType<PrivateKey> = z.object({
  algorithm: oneOf<PrivateKey['algorithm']>()(['RSA', 'ECDSA', 'Ed25519', 'unknown']),
  bits: z.int().exactOptional(),
  curve: text.exactOptional(),
  publicKeySha256: text.exactOptional(),
  format: oneOf<PrivateKey['format']>()(['PKCS#8', 'SEC1', 'PKCS#1', 'unknown']),
  encrypted: z.boolean(),
  refusedBy: text.exactOptional(),
  refusedSince: text.exactOptional(),
} satisfies Complete<PrivateKey>);

const revocationList: z.ZodType<RevocationList> = z.object({
  sha256: text,
  encoding: oneOf<RevocationList['encoding']>()(['PEM', 'DER']),
  version: z.int(),
  issuer: distinguishedName,
  signatureAlgorithm: text,
  authorityKeyId: text.exactOptional(),
  thisUpdate: instant,
  nextUpdate: instant.exactOptional(),
  revokedSerials: texts,
} satisfies Complete<RevocationList>);

const reading: z.ZodType<CertificateReading> = z.object({
  since: text,
  acceptsNegativeSerials: z.literal(true).exactOptional(),
  error: text.exactOptional(),
  unsupportedCurve: z.literal(true).exactOptional(),
  certificate: certificate.exactOptional(),
} satisfies Complete<CertificateReading>);

const place = { type: text, line: z.int() };

const block: z.ZodType<Block> = z.discriminatedUnion('kind', [
  z.object({ ...place, kind: z.literal('certificate'), certificate }),
  z.object({
    ...place,
    kind: z.literal('malformed-certificate'),
    error: text,
    readings: z.array(reading),
  }),
  z.object({ ...place, kind: z.literal('key'), key: privateKey, asCertificate: text }),
  z.object({ ...place, kind: z.literal('crl'), asCertificate: text }),
  z.object({ ...place, kind: z.literal('other'), asCertificate: text }),
]);

const trap: z.ZodType<PemTrap> = z.object({
  kind: oneOf<PemTrap['kind']>()([
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
  detail: text,
} satisfies Complete<PemTrap>);

export const file: z.ZodType<FileFact> = z.object({
  path: text,
  host: text.exactOptional(),
  size: z.number(),
  mode: z.int().exactOptional(),
  uid: z.int().exactOptional(),
  gid: z.int().exactOptional(),
  linkTarget: text.exactOptional(),
  unreadable: z.object({ kind: z.enum(unreadableKinds), text }).exactOptional(),
  blocks: z.array(block),
  traps: z.array(trap),
  hidden: z.array(certificate).exactOptional(),
  revocationList: revocationList.exactOptional(),
  asRevocationList: z
    .object({ parseCrl: text.exactOptional(), parseRevocationList: text.exactOptional() })
    .exactOptional(),
} satisfies Complete<FileFact>);

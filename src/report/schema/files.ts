import { z } from 'zod';
import type {
  Certificate,
  DistinguishedName,
  PrivateKey,
  PublicKey,
  RevocationList,
} from '../../model/certificate.ts';
import type { Block, CertificateReading, FileFact, PemTrap } from '../../model/files.ts';
import { instant, oneOf, text, texts } from './basics.ts';

const distinguishedName: z.ZodType<DistinguishedName> = z.looseObject({
  text,
  commonName: text.exactOptional(),
  organization: texts,
  raw: text,
});

const publicKey: z.ZodType<PublicKey> = z.looseObject({
  algorithm: oneOf<PublicKey['algorithm']>()(['RSA', 'ECDSA', 'Ed25519', 'DSA', 'unknown']),
  bits: z.int().exactOptional(),
  curve: text.exactOptional(),
  sha256: text,
});

const constraintSet = z.looseObject({
  dnsNames: texts,
  ipRanges: texts,
  uris: texts,
  emailAddresses: texts,
});

export const certificate: z.ZodType<Certificate> = z.looseObject({
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
    .looseObject({ isCa: z.boolean(), maxPathLength: z.int().exactOptional() })
    .exactOptional(),
  keyUsage: texts.exactOptional(),
  extendedKeyUsage: texts.exactOptional(),
  subjectAltName: z
    .looseObject({
      dnsNames: texts,
      ipAddresses: texts,
      uris: texts,
      emailAddresses: texts,
      otherNames: z.int(),
    })
    .exactOptional(),
  nameConstraints: z
    .looseObject({ critical: z.boolean(), permitted: constraintSet, excluded: constraintSet })
    .exactOptional(),
  authorityKeyId: text.exactOptional(),
  subjectKeyId: text.exactOptional(),
  crlDistributionPoints: texts,
  unhandledCriticalExtensions: texts,
});

const privateKey: z.ZodType<PrivateKey> = z.looseObject({
  algorithm: oneOf<PrivateKey['algorithm']>()(['RSA', 'ECDSA', 'Ed25519', 'unknown']),
  bits: z.int().exactOptional(),
  curve: text.exactOptional(),
  publicKeySha256: text.exactOptional(),
  format: oneOf<PrivateKey['format']>()(['PKCS#8', 'SEC1', 'PKCS#1', 'unknown']),
  encrypted: z.boolean(),
  refusedBy: text.exactOptional(),
});

const revocationList: z.ZodType<RevocationList> = z.looseObject({
  sha256: text,
  encoding: oneOf<RevocationList['encoding']>()(['PEM', 'DER']),
  version: z.int(),
  issuer: distinguishedName,
  signatureAlgorithm: text,
  authorityKeyId: text.exactOptional(),
  thisUpdate: instant,
  nextUpdate: instant.exactOptional(),
  revokedSerials: texts,
});

const reading: z.ZodType<CertificateReading> = z.looseObject({
  since: text,
  acceptsNegativeSerials: z.literal(true).exactOptional(),
  error: text.exactOptional(),
  certificate: certificate.exactOptional(),
});

const place = { type: text, line: z.int() };

const block: z.ZodType<Block> = z.discriminatedUnion('kind', [
  z.looseObject({ ...place, kind: z.literal('certificate'), certificate }),
  z.looseObject({
    ...place,
    kind: z.literal('malformed-certificate'),
    error: text,
    readings: z.array(reading),
  }),
  z.looseObject({ ...place, kind: z.literal('key'), key: privateKey, asCertificate: text }),
  z.looseObject({ ...place, kind: z.literal('crl'), asCertificate: text }),
  z.looseObject({ ...place, kind: z.literal('other'), asCertificate: text }),
]);

const trap: z.ZodType<PemTrap> = z.looseObject({
  kind: oneOf<PemTrap['kind']>()([
    'byte-order-mark',
    'indented',
    'glued-blocks',
    'der',
    'bad-base64',
    'truncated',
    'empty',
    'no-pem',
  ]),
  line: z.int().exactOptional(),
  detail: text,
});

export const file: z.ZodType<FileFact> = z.looseObject({
  path: text,
  host: text.exactOptional(),
  size: z.number(),
  mode: z.int().exactOptional(),
  uid: z.int().exactOptional(),
  gid: z.int().exactOptional(),
  linkTarget: text.exactOptional(),
  unreadable: text.exactOptional(),
  blocks: z.array(block),
  traps: z.array(trap),
  revocationList: revocationList.exactOptional(),
});

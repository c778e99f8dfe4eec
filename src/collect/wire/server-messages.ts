import { type ByteReader, readBytes, readList } from './bytes.ts';
import { extensionType, versionNumbers } from './numbers.ts';
import { WireViolation } from './violation.ts';

/** What a ServerHello settles, in numbers as sent. */
export interface ServerHello {
  readonly version: number;
  readonly cipherSuite: number;
  /** A HelloRetryRequest (RFC 8446 section 4.1.4): the server names its group and waits. */
  readonly isRetry: boolean;
  readonly group?: number;
  readonly publicKey?: Buffer;
  readonly alpn?: string;
  readonly extendedMasterSecret: boolean;
  readonly sessionTicket: boolean;
}

export interface CertificateList {
  /** DER, leaf first; at most `certificateLimit`. */
  readonly certificates: readonly Buffer[];
  readonly sent: number;
}

export interface CertificateRequest {
  /** DER of distinguished names, at most `authorityLimit`. */
  readonly authorities: readonly Buffer[];
  readonly sent: number;
  readonly signatureAlgorithms: readonly number[];
}

export interface KeyExchange {
  readonly group?: number;
  readonly signatureAlgorithm?: number;
}

const certificateLimit = 16;
const authorityLimit = 256;

// RFC 8446 section 4.1.3: the SHA-256 of "HelloRetryRequest" in place of a random.
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

export function readServerHello(body: Buffer): ServerHello {
  const reader = readBytes(body);
  const legacyVersion = reader.uint16();
  const isRetry = reader.take(32).toString('hex') === retryRandom;
  reader.vector8();
  const cipherSuite = reader.uint16();
  reader.uint8();
  // RFC 5246 section 7.4.1.4.1: a server without extensions leaves out even their length.
  const extensions = reader.left() === 0 ? new Map<number, Buffer>() : readExtensions(reader);

  const chosen = extensions.get(extensionType.supportedVersions);
  const keyShare = extensions.get(extensionType.keyShare);
  const alpn = chosenProtocol(extensions);
  return {
    version: chosen === undefined ? legacyVersion : readBytes(chosen).uint16(),
    cipherSuite,
    isRetry,
    ...(keyShare !== undefined && readKeyShare(keyShare, isRetry)),
    ...(alpn !== undefined && { alpn }),
    extendedMasterSecret: extensions.has(extensionType.extendedMasterSecret),
    sessionTicket: extensions.has(extensionType.sessionTicket),
  };
}

export function readEncryptedExtensions(body: Buffer): { readonly alpn?: string } {
  const alpn = chosenProtocol(readExtensions(readBytes(body)));
  return alpn === undefined ? {} : { alpn };
}

export function readCertificateList(body: Buffer, version: number): CertificateList {
  const reader = readBytes(body);
  const isTls13 = version === versionNumbers['1.3'];
  if (isTls13) reader.vector8();
  const { items, total } = readList(
    reader.vector24(),
    (entry) => {
      const certificate = entry.vector24();
      if (isTls13) entry.vector16();
      return certificate;
    },
    certificateLimit,
  );
  return { certificates: items, sent: total };
}

export function readCertificateRequest(body: Buffer, version: number): CertificateRequest {
  const reader = readBytes(body);
  if (version === versionNumbers['1.3']) return readTls13Request(reader);

  reader.vector8();
  const signatureAlgorithms =
    version === versionNumbers['1.2'] ? readNumbers(reader.vector16()) : [];
  return { ...readAuthorities(reader.vector16()), signatureAlgorithms };
}

/** Group and signature algorithm of a TLS 1.2 ECDHE key exchange (RFC 8422 section 5.4). */
export function readKeyExchange(body: Buffer): KeyExchange {
  const namedCurve = 3;
  if (body[0] !== namedCurve) return {};
  const reader = readBytes(body);
  reader.uint8();
  const group = reader.uint16();
  reader.vector8();
  return reader.left() === 0 ? { group } : { group, signatureAlgorithm: reader.uint16() };
}

export function readSignatureAlgorithm(body: Buffer): number {
  return readBytes(body).uint16();
}

function readTls13Request(reader: ByteReader): CertificateRequest {
  reader.vector8();
  const extensions = readExtensions(reader);
  const algorithms = extensions.get(extensionType.signatureAlgorithms);
  const authorities = extensions.get(extensionType.certificateAuthorities);
  return {
    ...(authorities === undefined
      ? { authorities: [], sent: 0 }
      : readAuthorities(readBytes(authorities).vector16())),
    signatureAlgorithms:
      algorithms === undefined ? [] : readNumbers(readBytes(algorithms).vector16()),
  };
}

function readAuthorities(bytes: Buffer): Pick<CertificateRequest, 'authorities' | 'sent'> {
  const { items, total } = readList(bytes, (reader) => reader.vector16(), authorityLimit);
  return { authorities: items, sent: total };
}

function readNumbers(bytes: Buffer): readonly number[] {
  return readList(bytes, (reader) => reader.uint16()).items;
}

function readExtensions(reader: ByteReader): ReadonlyMap<number, Buffer> {
  const extensions = new Map<number, Buffer>();
  const inner = readBytes(reader.vector16());
  while (inner.left() > 0) {
    const type = inner.uint16();
    // RFC 8446 section 4.2: not more than one of a type.
    if (extensions.has(type)) throw new WireViolation('EXTENSION_TWICE');
    extensions.set(type, inner.vector16());
  }
  return extensions;
}

function chosenProtocol(extensions: ReadonlyMap<number, Buffer>): string | undefined {
  const alpn = extensions.get(extensionType.alpn);
  if (alpn === undefined) return undefined;
  return readBytes(readBytes(alpn).vector16()).vector8().toString('latin1');
}

function readKeyShare(
  content: Buffer,
  isRetry: boolean,
): Pick<ServerHello, 'group'> & Pick<ServerHello, 'publicKey'> {
  const reader = readBytes(content);
  const group = reader.uint16();
  return isRetry ? { group } : { group, publicKey: reader.vector16() };
}

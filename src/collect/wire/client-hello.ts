import { randomBytes } from 'node:crypto';
import { uint8, uint16, uint24, vector8, vector16 } from './bytes.ts';
import {
  extensionType,
  groupNames,
  messageType,
  namedGroup,
  recordType,
  signatureSchemeNames,
  type TlsVersion,
  versionNumbers,
} from './numbers.ts';
import { isIpAddress, withoutZone } from '../../model/host.ts';

/** What a ClientHello offers. Nothing in it says who we are. */
export interface Hello {
  /** Exactly this version is offered. */
  readonly version: TlsVersion;
  readonly cipherSuites: readonly number[];
  readonly groups?: readonly number[];
  readonly signatureAlgorithms?: readonly number[];
  /** None when empty. */
  readonly alpn?: readonly string[];
  /** Sent as SNI when it is a name; RFC 6066 section 3 forbids addresses there. */
  readonly host?: string;
  /** TLS 1.3: public keys by group. With none, a server has to name its group in a HelloRetryRequest. */
  readonly keyShares?: readonly KeyShare[];
}

export interface KeyShare {
  readonly group: number;
  readonly publicKey: Buffer;
}

/** Groups that a server of TLS 1.2 may use for its key exchange. */
export const classicGroups: readonly number[] = [
  namedGroup.x25519,
  namedGroup.secp256r1,
  namedGroup.secp384r1,
  namedGroup.secp521r1,
];

/** All known groups, with those that resist quantum computers first. */
export const everyGroup: readonly number[] = [...groupNames.keys()];

export const everySignatureAlgorithm: readonly number[] = [...signatureSchemeNames.keys()];

/** The handshake message without its record. */
export function clientHello(hello: Hello): Buffer {
  const { version, cipherSuites } = hello;
  const body = Buffer.concat([
    // RFC 8446 section 4.1.2: TLS 1.3 calls itself 1.2 here and 1.3 in an extension.
    uint16(Math.min(versionNumbers[version], versionNumbers['1.2'])),
    randomBytes(32),
    vector8(randomBytes(32)),
    vector16(...cipherSuites.map(uint16)),
    vector8(uint8(0)),
    vector16(...extensions(hello)),
  ]);
  return Buffer.concat([uint8(messageType.clientHello), uint24(body.length), body]);
}

/** One record around a handshake message, as a first flight has it. */
export function firstRecord(message: Buffer): Buffer {
  return Buffer.concat([
    uint8(recordType.handshake),
    uint16(versionNumbers['1.0']),
    vector16(message),
  ]);
}

/** `user_canceled` as a warning, in clear: the way to leave a TLS 1.2 handshake (RFC 5246 section 7.2). */
export const farewell = Buffer.from([recordType.alert, 3, 3, 0, 2, 1, 90]);

function extensions(hello: Hello): readonly Buffer[] {
  const {
    version,
    groups = classicGroups,
    signatureAlgorithms = everySignatureAlgorithm,
    alpn = ['h2', 'http/1.1'],
  } = hello;
  const names = alpn.map((name) => vector8(Buffer.from(name, 'latin1')));

  return [
    ...serverName(hello.host),
    extension('supportedGroups', vector16(...groups.map(uint16))),
    extension('ecPointFormats', vector8(uint8(0))),
    ...(version < '1.2'
      ? []
      : [extension('signatureAlgorithms', vector16(...signatureAlgorithms.map(uint16)))]),
    ...(names.length === 0 ? [] : [extension('alpn', vector16(...names))]),
    extension('extendedMasterSecret', Buffer.alloc(0)),
    extension('sessionTicket', Buffer.alloc(0)),
    extension('renegotiationInfo', vector8()),
    ...(version === '1.3' ? tls13Extensions(hello.keyShares ?? []) : []),
  ];
}

function serverName(host: string | undefined): readonly Buffer[] {
  if (host === undefined || isIpAddress(withoutZone(host))) return [];
  return [extension('serverName', vector16(uint8(0), vector16(Buffer.from(host, 'latin1'))))];
}

function tls13Extensions(keyShares: readonly KeyShare[]): readonly Buffer[] {
  const shares = keyShares.map(({ group, publicKey }) =>
    Buffer.concat([uint16(group), vector16(publicKey)]),
  );
  return [
    extension('supportedVersions', vector8(uint16(versionNumbers['1.3']))),
    extension('pskKeyExchangeModes', vector8(uint8(1))),
    extension('keyShare', vector16(...shares)),
  ];
}

function extension(name: keyof typeof extensionType, content: Buffer): Buffer {
  return Buffer.concat([uint16(extensionType[name]), vector16(content)]);
}

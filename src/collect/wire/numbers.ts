/** TLS versions as they are on the wire. */
export const versionNumbers = {
  '1.0': 0x0301,
  '1.1': 0x0302,
  '1.2': 0x0303,
  '1.3': 0x0304,
} as const;

export type TlsVersion = keyof typeof versionNumbers;

export const recordType = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

export const messageType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  finished: 20,
  certificateStatus: 22,
  compressedCertificate: 25,
} as const;

export const extensionType = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

const messageNames: ReadonlyMap<number, string> = new Map([
  [messageType.clientHello, 'ClientHello'],
  [messageType.serverHello, 'ServerHello'],
  [messageType.newSessionTicket, 'NewSessionTicket'],
  [messageType.encryptedExtensions, 'EncryptedExtensions'],
  [messageType.certificate, 'Certificate'],
  [messageType.serverKeyExchange, 'ServerKeyExchange'],
  [messageType.certificateRequest, 'CertificateRequest'],
  [messageType.serverHelloDone, 'ServerHelloDone'],
  [messageType.certificateVerify, 'CertificateVerify'],
  [messageType.finished, 'Finished'],
  [messageType.certificateStatus, 'CertificateStatus'],
  [messageType.compressedCertificate, 'CompressedCertificate'],
]);

/** RFC 8446's name of a handshake message. */
export function messageName(type: number): string {
  return messageNames.get(type) ?? `HandshakeType ${type}`;
}

/** The entries in use of IANA's registry of supported groups. */
export const namedGroup = {
  X25519MLKEM768: 0x11ec,
  SecP256r1MLKEM768: 0x11eb,
  SecP384r1MLKEM1024: 0x11ed,
  X25519Kyber768Draft00: 0x6399,
  x25519: 0x001d,
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x448: 0x001e,
  ffdhe2048: 0x0100,
  ffdhe3072: 0x0101,
} as const;

export const groupNames: ReadonlyMap<number, string> = new Map(
  Object.entries(namedGroup).map(([name, number]) => [number, name]),
);

/** IANA's registry of signature schemes. */
export const signatureSchemeNames: ReadonlyMap<number, string> = new Map([
  [0x0403, 'ecdsa_secp256r1_sha256'],
  [0x0503, 'ecdsa_secp384r1_sha384'],
  [0x0603, 'ecdsa_secp521r1_sha512'],
  [0x0807, 'ed25519'],
  [0x0808, 'ed448'],
  [0x0804, 'rsa_pss_rsae_sha256'],
  [0x0805, 'rsa_pss_rsae_sha384'],
  [0x0806, 'rsa_pss_rsae_sha512'],
  [0x0401, 'rsa_pkcs1_sha256'],
  [0x0501, 'rsa_pkcs1_sha384'],
  [0x0601, 'rsa_pkcs1_sha512'],
  [0x0203, 'ecdsa_sha1'],
  [0x0201, 'rsa_pkcs1_sha1'],
]);

/** A number in hexadecimal, as registries print those that have no name here. */
export function registryNumber(value: number): string {
  return `0x${value.toString(16).padStart(4, '0').toUpperCase()}`;
}

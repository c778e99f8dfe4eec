import {
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import { uint8, uint16, vector8 } from './bytes.ts';
import { tls13CipherSuite } from './cipher-suites.ts';
import type { KeyShare } from './client-hello.ts';
import { namedGroup, recordType } from './numbers.ts';
import type { TlsRecord } from './records.ts';
import { WireViolation } from './violation.ts';

/** Our halves of the key exchanges on offer; what they agree on stays in here. */
export interface KeyAgreement {
  readonly shares: readonly KeyShare[];
  agree(group: number, publicKey: Buffer): Buffer;
}

/** Decrypts a record of the server's handshake: the type that was hidden in it, and its content. */
export type RecordOpener = (record: TlsRecord) => {
  readonly type: number;
  readonly fragment: Buffer;
};

const curves: readonly (readonly [number, string])[] = [
  [namedGroup.secp256r1, 'prime256v1'],
  [namedGroup.secp384r1, 'secp384r1'],
  [namedGroup.secp521r1, 'secp521r1'],
];

// RFC 8410: what precedes the 32 bytes of an X25519 key in a SubjectPublicKeyInfo.
const x25519Prefix = Buffer.from('302a300506032b656e032100', 'hex');

/** Fresh keys for every group that can be agreed on without a second ClientHello. */
export function createKeyAgreement(): KeyAgreement {
  const pair = generateKeyPairSync('x25519');
  const shared = new Map<number, (publicKey: Buffer) => Buffer>([
    [
      namedGroup.x25519,
      (publicKey) =>
        diffieHellman({
          privateKey: pair.privateKey,
          publicKey: createPublicKey({
            key: Buffer.concat([x25519Prefix, publicKey]),
            format: 'der',
            type: 'spki',
          }),
        }),
    ],
  ]);
  const ownKey = pair.publicKey.export({ type: 'spki', format: 'der' });
  const shares: KeyShare[] = [
    { group: namedGroup.x25519, publicKey: ownKey.subarray(x25519Prefix.length) },
  ];
  for (const [group, curve] of curves) {
    const exchange = createECDH(curve);
    shares.push({ group, publicKey: exchange.generateKeys() });
    shared.set(group, (publicKey) => exchange.computeSecret(publicKey));
  }

  return {
    shares,
    agree(group, publicKey) {
      const compute = shared.get(group);
      if (compute === undefined) throw new WireViolation('GROUP_NOT_OFFERED');
      return orViolation(() => compute(publicKey));
    },
  };
}

/** The server's handshake keys of RFC 8446 section 7.1, from the hellos and what they agreed on. */
export function openHandshakeRecords(
  cipherSuite: number,
  sharedSecret: Buffer,
  hellos: Buffer,
): RecordOpener {
  const { hash, cipher, keyLength } = suite(cipherSuite);
  const zeros = Buffer.alloc(createHash(hash).digest().length);
  const early = hmac(hash, zeros, zeros);
  const derived = expand(hash, early, 'derived', createHash(hash).digest(), zeros.length);
  const handshake = hmac(hash, derived, sharedSecret);
  const transcript = createHash(hash).update(hellos).digest();
  const traffic = expand(hash, handshake, 's hs traffic', transcript, zeros.length);
  const key = expand(hash, traffic, 'key', Buffer.alloc(0), keyLength);
  const iv = expand(hash, traffic, 'iv', Buffer.alloc(0), 12);
  let sequence = 0;

  return ({ header, fragment }) => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence) >>> 0, 8);
    sequence += 1;
    return inner(orViolation(() => decrypt(cipher, key, nonce, header, fragment)));
  };
}

function suite(id: number): {
  readonly hash: string;
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly keyLength: number;
} {
  switch (id) {
    case tls13CipherSuite.TLS_AES_128_GCM_SHA256:
      return { hash: 'sha256', cipher: 'aes-128-gcm', keyLength: 16 };
    case tls13CipherSuite.TLS_AES_256_GCM_SHA384:
      return { hash: 'sha384', cipher: 'aes-256-gcm', keyLength: 32 };
    case tls13CipherSuite.TLS_CHACHA20_POLY1305_SHA256:
      return { hash: 'sha256', cipher: 'chacha20-poly1305', keyLength: 32 };
    default:
      throw new WireViolation('SUITE_NOT_OFFERED');
  }
}

function decrypt(
  cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305',
  key: Buffer,
  nonce: Buffer,
  header: Buffer,
  fragment: Buffer,
): Buffer {
  const tagLength = 16;
  const content = fragment.subarray(0, -tagLength);
  const options = { authTagLength: tagLength };
  const decipher =
    cipher === 'chacha20-poly1305'
      ? createDecipheriv(cipher, key, nonce, options)
      : createDecipheriv(cipher, key, nonce, options);
  decipher.setAAD(header, { plaintextLength: content.length });
  decipher.setAuthTag(fragment.subarray(-tagLength));
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

/** RFC 8446 section 5.2: content, its type, then any number of zeros. */
function inner(plaintext: Buffer): { readonly type: number; readonly fragment: Buffer } {
  let end = plaintext.length - 1;
  while (end >= 0 && plaintext[end] === 0) end -= 1;
  if (end < 0) throw new WireViolation('RECORD_EMPTY');
  return { type: plaintext[end] ?? recordType.data, fragment: plaintext.subarray(0, end) };
}

function hmac(hash: string, key: Buffer, ...data: readonly Buffer[]): Buffer {
  return createHmac(hash, key).update(Buffer.concat(data)).digest();
}

/** HKDF-Expand-Label of RFC 8446 section 7.1; one block of output is enough for every use here. */
function expand(hash: string, key: Buffer, label: string, context: Buffer, length: number): Buffer {
  const info = Buffer.concat([
    uint16(length),
    vector8(Buffer.from(`tls13 ${label}`, 'latin1')),
    vector8(context),
  ]);
  return hmac(hash, key, info, uint8(1)).subarray(0, length);
}

/** What node:crypto throws at untrusted bytes is a protocol violation of the sender. */
function orViolation(compute: () => Buffer): Buffer {
  try {
    return compute();
  } catch {
    throw new WireViolation('RECORD_UNREADABLE');
  }
}

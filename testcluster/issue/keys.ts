import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  type KeyPairKeyObjectResult,
  webcrypto,
} from 'node:crypto';
import { promisify } from 'node:util';
import { toPem } from './der.ts';
import { table } from '../../src/model/table.ts';

/**
 * Keys that can be made. Those after `ed25519` are for certificates that Go refuses, and no authority
 * can sign with the last three, since WebCrypto knows neither these curves nor RSA-PSS keys as such.
 */
export type KeyKind =
  | 'ec-p256'
  | 'ec-p384'
  | 'ec-p521'
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'ed25519'
  | 'rsa-1024'
  | 'rsa-512'
  | 'rsa-768'
  | 'rsa-pss-2048'
  | 'ec-p224'
  | 'ec-secp256k1';

export type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** A private key as unencrypted PKCS#8 in PEM, the form that every reader takes. */
export async function newPrivateKey(kind: KeyKind): Promise<string> {
  const { privateKey } = await newKeyPair(kind);
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const generate = promisify(generateKeyPair);

async function newKeyPair(kind: KeyKind): Promise<KeyPairKeyObjectResult> {
  const namedCurve = curves.get(kind);
  if (namedCurve !== undefined) {
    return generate('ec', { namedCurve });
  }
  if (kind === 'ed25519') {
    return generate('ed25519');
  }
  const modulusLength = Number(/\d+/.exec(kind)?.[0]);
  return kind === 'rsa-pss-2048'
    ? generate('rsa-pss', { modulusLength })
    : generate('rsa', { modulusLength });
}

/** Curve names as OpenSSL spells them. */
const curves: ReadonlyMap<KeyKind, string> = new Map<KeyKind, string>([
  ['ec-p256', 'prime256v1'],
  ['ec-p384', 'secp384r1'],
  ['ec-p521', 'secp521r1'],
  ['ec-p224', 'secp224r1'],
  ['ec-secp256k1', 'secp256k1'],
]);

/** The public half of a private key, as SubjectPublicKeyInfo. */
export function publicKeyInfo(privateKeyPem: string): Uint8Array {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
}

/** What RSA certificates need keyEncipherment for is the RSA key exchange of TLS 1.2. */
export function isRsa(privateKeyPem: string): boolean {
  return createPrivateKey(privateKeyPem).asymmetricKeyType === 'rsa';
}

/** A key that signs certificates. The hash is part of an RSA key's algorithm in WebCrypto, hence a parameter. */
export async function signingKey(
  privateKeyPem: string,
  hash: HashName,
): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(privateKeyPem);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, signingAlgorithm(key, hash), false, ['sign']);
}

function signingAlgorithm(
  { asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject,
  hash: HashName,
) {
  if (type === 'rsa') {
    return { name: 'RSASSA-PKCS1-v1_5', hash };
  }
  if (type === 'ed25519') {
    return { name: 'Ed25519' };
  }
  const namedCurve = webCurves[asymmetricKeyDetails?.namedCurve ?? ''];
  if (namedCurve === undefined) {
    throw new Error(`no authority can sign with this key of type ${type}`);
  }
  return { name: 'ECDSA', namedCurve };
}

const webCurves = table<string>({
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
});

/** How a key is written down. The encrypted forms are those that `openssl` writes, old and new. */
export type KeyForm = 'PKCS#8' | 'SEC1' | 'PKCS#1' | 'encrypted PKCS#8' | 'encrypted legacy';

/** The same key in another form. SEC1 is for elliptic curves and PKCS#1 for RSA alone. */
export function inForm(privateKeyPem: string, form: KeyForm, passphrase = 'secret'): string {
  const key = createPrivateKey(privateKeyPem);
  const ownType = key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1';
  const cipher = 'aes-256-cbc';
  switch (form) {
    case 'PKCS#8':
      return key.export({ type: 'pkcs8', format: 'pem' }).toString();
    case 'SEC1':
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'PKCS#1':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'encrypted PKCS#8':
      return key.export({ type: 'pkcs8', format: 'pem', cipher, passphrase }).toString();
    case 'encrypted legacy':
      return key.export({ type: ownType, format: 'pem', cipher, passphrase }).toString();
  }
}

/** What `openssl ecparam -genkey` writes before a key on P-256: the curve's OID in a block of its own. */
export const p256Parameters: string = toPem(
  'EC PARAMETERS',
  Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07),
);

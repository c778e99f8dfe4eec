import type { Certificate } from '../model/certificate.ts';
import { insecureKeyText } from '../pki/check-signature.ts';
import { type GoRelease, isSince } from '../pki/go-release.ts';
import { blameCertificate, type Refusal } from './judgement.ts';
import { rules } from './rules.ts';

/** A key as it is used in one handshake. */
export interface SigningKey {
  readonly leaf: Certificate;
  /** The certificate file. */
  readonly file: string;
  /** The side that signs. */
  readonly side: 'server' | 'client';
  /** 12 or 13. */
  readonly version: number;
}

/** Why a handshake fails over a key, and which alert the other side gets. */
export interface KeyFault {
  readonly refusal: Refusal;
  readonly alert: string;
}

/** crypto/tls selectSignatureScheme and what crypto/rsa says when it signs; of the signer's own Go. */
export function findSigningFault(key: SigningKey, go: GoRelease): KeyFault | undefined {
  const { algorithm, curve } = key.leaf.publicKey;
  // TLS 1.2 does not bind a signature's hash to a curve.
  if (algorithm === 'ECDSA' && curve === 'P-224' && key.version === 13) {
    return fault('tls.unsupported-curve', 'tls: unsupported certificate curve (P-224)', key);
  }
  return algorithm === 'RSA' ? findRsaFault(key, go) : undefined;
}

function findRsaFault(key: SigningKey, go: GoRelease): KeyFault | undefined {
  const { bits = 0 } = key.leaf.publicKey;
  if (Math.ceil(bits / 8) < smallestModulus(key.version, go)) {
    const text = 'tls: certificate RSA key size too small for supported signature algorithms';
    return fault('tls.key-too-small', text, key);
  }
  if (!isInsecure(key.leaf, go)) return undefined;
  const text = `${beforeSigningError(key)}${insecureKeyText(bits)}`;
  // In TLS 1.2 a server sends this alert whatever kept it from signing; in TLS 1.3 for keys too short for PSS.
  const isFailure = key.side === 'server' && (key.version === 12 || bits < 66 * 8);
  return fault('tls.key-too-small', text, key, isFailure ? 'handshake failure' : 'internal error');
}

/** Bytes: RSA-PSS with SHA-256 in TLS 1.3; in TLS 1.2 PKCS#1 with SHA-1, and since Go 1.25 with SHA-256. */
function smallestModulus(version: number, go: GoRelease): number {
  if (version === 13) return 66;
  return isSince(go, 25) && go.signsWithSha1 !== true ? 62 : 46;
}

function beforeSigningError({ side, version }: SigningKey): string {
  if (version === 13) return 'tls: failed to sign handshake: ';
  return side === 'server' ? 'tls: failed to sign ECDHE parameters: ' : '';
}

/** What the other side's Go says of a signature by a key that it finds too small. */
export function findVerifyingFault(key: SigningKey, go: GoRelease): KeyFault | undefined {
  const { leaf, side, version } = key;
  if (leaf.publicKey.algorithm !== 'RSA' || !isInsecure(leaf, go)) return undefined;
  const text = `tls: invalid signature by the ${side} certificate: ${insecureKeyText(leaf.publicKey.bits ?? 0)}`;
  const isKeyExchange = side === 'server' && version === 12;
  const alert = isKeyExchange ? 'illegal parameter' : 'error decrypting message';
  return fault('tls.key-too-small', text, key, alert);
}

/** crypto/rsa refuses keys below 1024 bits since Go 1.24, unless GODEBUG has rsa1024min=0. */
function isInsecure({ publicKey: { bits = 0 } }: Certificate, go: GoRelease): boolean {
  return isSince(go, 24) && go.acceptsSmallRsaKeys !== true && bits < 1024;
}

function fault(
  rule: 'tls.unsupported-curve' | 'tls.key-too-small',
  text: string,
  { leaf, file }: SigningKey,
  alert = 'handshake failure',
): KeyFault {
  const remedy = rules[rule].remedy({ file });
  return { alert, refusal: { rule, text, blame: blameCertificate(leaf, file), remedy } };
}

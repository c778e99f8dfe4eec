import { createPrivateKey, sign } from 'node:crypto';
import { children, type Element, encode, tags } from './der.ts';

/** What the library does not write, applied to what it wrote; the result is re-signed. */
export interface Rewriting {
  /** X.509 version 1: no version, no extensions. For revocation lists too. */
  readonly versionOne?: boolean;
  /** The content octets of the serial number in hex, `80` being -128. */
  readonly serialOctets?: string;
}

/** Changes the part of a certificate that is signed, and signs it again with the same algorithm. */
export function rewriteCertificate(
  der: Uint8Array,
  rewriting: Rewriting,
  signer: Signer,
): Uint8Array {
  // tbsCertificate: [0] version, serial, algorithm, issuer, validity, subject, key, [3] extensions
  return resign(der, signer, (parts) => {
    const [version, serial, ...rest] = parts;
    const newSerial =
      rewriting.serialOctets === undefined
        ? (serial?.bytes ?? new Uint8Array())
        : encode(tags.integer, Buffer.from(rewriting.serialOctets, 'hex'));
    const versionOne = rewriting.versionOne === true;
    return [
      ...(versionOne || version === undefined ? [] : [version.bytes]),
      newSerial,
      ...rest.filter(({ tag }) => !versionOne || tag !== 0xa3).map((element) => element.bytes),
    ];
  });
}

/** Takes version and extensions out of a revocation list, of which Go's new parser wants both. */
export function rewriteRevocationList(der: Uint8Array, signer: Signer): Uint8Array {
  // tbsCertList: version, algorithm, issuer, thisUpdate, …, [0] extensions
  return resign(der, signer, (parts) =>
    parts.filter(({ tag }, index) => index > 0 && tag !== 0xa0).map(({ bytes }) => bytes),
  );
}

export interface Signer {
  readonly privateKeyPem: string;
  readonly hash: string;
}

function resign(
  der: Uint8Array,
  signer: Signer,
  rewrite: (parts: readonly Element[]) => readonly Uint8Array[],
): Uint8Array {
  const [signed, algorithm] = children(der);
  if (signed === undefined || algorithm === undefined) {
    throw new Error('neither a certificate nor a revocation list');
  }
  const toBeSigned = encode(tags.sequence, ...rewrite(children(signed.bytes)));
  const key = createPrivateKey(signer.privateKeyPem);
  const hash = key.asymmetricKeyType === 'ed25519' ? null : signer.hash.replace('-', '');
  const signature = sign(hash, toBeSigned, key);
  const bitString = encode(tags.bitString, Uint8Array.of(0), signature);
  return encode(tags.sequence, toBeSigned, algorithm.bytes, bitString);
}

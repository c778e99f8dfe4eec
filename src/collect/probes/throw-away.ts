import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { explicitTag, tag } from '../../pki/der-reader.ts';
import { encode, encodeObjectIdentifier as oid } from '../../pki/write-der.ts';

/** Who a throw-away certificate says it is, and who it says issued it. */
export interface ThrowAwayNames {
  readonly issuer: string;
  readonly subject: string;
}

/** A certificate and its key, as PEM. */
export interface ThrowAwayPair {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate of a CA that exists for this call only: its key is gone when the call returns. */
export function throwAwayCertificate({ issuer, subject }: ThrowAwayNames): ThrowAwayPair {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const toBeSigned = sequence(
    encode(explicitTag(0), [encode(tag.integer, [Uint8Array.of(2)])]),
    encode(tag.integer, [Uint8Array.of(0x5a), randomBytes(15)]),
    algorithm,
    name(issuer),
    validity(),
    name(subject),
    leaf.publicKey.export({ type: 'spki', format: 'der' }),
    encode(explicitTag(3), [sequence(keyUsage(), extendedKeyUsage())]),
  );
  const signature = sign('sha256', toBeSigned, authority.privateKey);
  const certificate = new X509Certificate(sequence(toBeSigned, algorithm, bitString(0, signature)));
  return {
    certificate: certificate.toString(),
    key: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return encode(tag.sequence, parts);
}

function bitString(unusedBits: number, octets: Uint8Array): Uint8Array {
  return encode(tag.bitString, [Uint8Array.of(unusedBits), octets]);
}

function name(commonName: string): Uint8Array {
  const value = encode(tag.utf8String, [Buffer.from(commonName)]);
  return sequence(encode(tag.set, [sequence(oid('2.5.4.3'), value)]));
}

/** A year to both sides of now: a server whose clock is off must refuse the CA and not the date. */
function validity(): Uint8Array {
  const year = 365 * 86_400_000;
  return sequence(moment(Date.now() - year), moment(Date.now() + year));
}

/** RFC 5280 4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050. */
function moment(milliseconds: number): Uint8Array {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return digits < '2050'
    ? encode(tag.utcTime, [Buffer.from(digits.slice(2))])
    : encode(tag.generalizedTime, [Buffer.from(digits)]);
}

function keyUsage(): Uint8Array {
  const critical = encode(tag.boolean, [Uint8Array.of(0xff)]);
  const digitalSignature = bitString(7, Uint8Array.of(0x80));
  return sequence(oid('2.5.29.15'), critical, encode(tag.octetString, [digitalSignature]));
}

function extendedKeyUsage(): Uint8Array {
  const usages = sequence(oid('1.3.6.1.5.5.7.3.2'), oid('1.3.6.1.5.5.7.3.1'));
  return sequence(oid('2.5.29.37'), encode(tag.octetString, [usages]));
}

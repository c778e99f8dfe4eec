import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { encode, tags, toPem } from './der.ts';
import type { Issued } from './issue.ts';

/** Who a throw-away certificate says it is, and who it says issued it. */
export interface ThrowAwayNames {
  readonly issuer: string;
  readonly subject: string;
}

const tag = { boolean: 0x01, oid: 0x06, octetString: 0x04, utf8: 0x0c, set: 0x31 } as const;
const time = { utc: 0x17, generalized: 0x18 } as const;

const oids = {
  commonName: '550403',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const;

/**
 * A certificate of a CA that exists for this call only: its key is gone when the call returns. Written
 * here, because importing the library that issues every other certificate takes longer than a probe.
 */
export function throwAwayCertificate({ issuer, subject }: ThrowAwayNames): Issued {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = encode(tags.sequence, oid('ecdsaWithSha256'));
  const toBeSigned = encode(
    tags.sequence,
    encode(0xa0, encode(tags.integer, Uint8Array.of(2))),
    encode(tags.integer, Uint8Array.of(0x5a), randomBytes(15)),
    algorithm,
    name(issuer),
    validity(),
    name(subject),
    leaf.publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa3, encode(tags.sequence, keyUsage(), extendedKeyUsage())),
  );
  const signature = sign('sha256', toBeSigned, authority.privateKey);
  const certificate = encode(
    tags.sequence,
    toBeSigned,
    algorithm,
    encode(tags.bitString, Uint8Array.of(0), signature),
  );
  return {
    certificatePem: toPem('CERTIFICATE', certificate),
    privateKeyPem: leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function oid(which: keyof typeof oids): Uint8Array {
  return encode(tag.oid, Buffer.from(oids[which], 'hex'));
}

function name(commonName: string): Uint8Array {
  const attribute = encode(
    tags.sequence,
    oid('commonName'),
    encode(tag.utf8, Buffer.from(commonName)),
  );
  return encode(tags.sequence, encode(tag.set, attribute));
}

/** A year to both sides of now: a server whose clock is off must refuse the CA and not the date. */
function validity(): Uint8Array {
  const year = 365 * 86_400_000;
  return encode(tags.sequence, moment(Date.now() - year), moment(Date.now() + year));
}

/** RFC 5280 4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050. */
function moment(milliseconds: number): Uint8Array {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return digits < '2050'
    ? encode(time.utc, Buffer.from(digits.slice(2)))
    : encode(time.generalized, Buffer.from(digits));
}

function keyUsage(): Uint8Array {
  const digitalSignature = encode(tags.bitString, Uint8Array.of(7, 0x80));
  return encode(
    tags.sequence,
    oid('keyUsage'),
    encode(tag.boolean, Uint8Array.of(0xff)),
    encode(tag.octetString, digitalSignature),
  );
}

function extendedKeyUsage(): Uint8Array {
  const usages = encode(tags.sequence, oid('clientAuth'), oid('serverAuth'));
  return encode(tags.sequence, oid('extendedKeyUsage'), encode(tag.octetString, usages));
}

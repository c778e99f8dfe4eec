import { explicitTag, tag } from '../../src/pki/der-reader.ts';
import { encode } from '../../src/pki/write-der.ts';
import { algorithm, ed25519Signer, extension, rsaSigner, utcTime } from './make-certificate.ts';
import type { OracleCase } from './oracle-case.ts';
import { infoOfPem, keyPem, leafBy, pem, root, rootCertificate } from './parties.ts';
import { mutate, Random } from './random.ts';

function certificateOf(info: Uint8Array): string {
  return pem('CERTIFICATE', leafBy(root, [], { info }));
}

/** Files by what is in them; every certificate file is tried with every key file. */
export function pairCases(): readonly OracleCase[] {
  const rsaKey = keyPem('rsa-1024');
  const ed25519 = ed25519Signer('leaf');
  const pkcs8 = ed25519.key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const certificates: Readonly<Record<string, string>> = {
    'RSA certificate': certificateOf(rsaSigner('', rsaKey, 'sha256').info),
    'other RSA certificate': certificateOf(rsaSigner('', keyPem('rsa-512'), 'sha256').info),
    'Ed25519 certificate': certificateOf(ed25519.info),
    'EC certificate': certificateOf(infoOfPem(keyPem('ec-p256'))),
    'P-384 certificate': certificateOf(infoOfPem(keyPem('ec-p384'))),
    'certificate with text and carriage returns': `Bag Attributes\n${certificateOf(ed25519.info).replaceAll('\n', '\r\n')}`,
    'broken certificate': pem('CERTIFICATE', Uint8Array.of(0x30, 0)),
    'broken certificate behind a sound one':
      certificateOf(ed25519.info) + pem('CERTIFICATE', Uint8Array.of(0x30, 0)),
    'certificate request': pem('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)),
    'two odd blocks': pem('X', Uint8Array.of(1)) + pem('RSA PRIVATE KEY', Uint8Array.of(1)),
    'certificate of an unknown key': certificateOf(
      encode(tag.sequence, [algorithm('1.2.3.4'), encode(tag.bitString, [Uint8Array.of(0, 1)])]),
    ),
  };
  const keys: Readonly<Record<string, string>> = {
    'RSA key': rsaKey,
    'Ed25519 key': pkcs8,
    'EC key': keyPem('ec-p256'),
    'P-384 key in PKCS#8': keyPem('ec-p384'),
    'encrypted key': keyPem('encrypted'),
    'legacy encrypted key': keyPem('legacy-encrypted'),
    'RSA key with wrong CRT values': keyPem('rsa-wrong-crt'),
    'EC parameters first':
      pem('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex')) + keyPem('ec-p256'),
    'secp256k1 key': keyPem('secp256k1'),
    'X25519 key': keyPem('x25519'),
    'public key': pem('PUBLIC KEY', ed25519.info),
    'key of a type that only ends so': pem('XPRIVATE KEY', Uint8Array.of(1)),
    empty: '',
    text: 'no key\n',
    indented: ` ${rsaKey}`,
    'with a byte order mark': `\ufeff${rsaKey}`,
  };
  const files = { ...certificates, ...keys };
  return Object.entries(files).flatMap(([certificateId, certificateFile]) =>
    Object.entries(files).map(([keyId_, keyFile]) => ({
      id: `${certificateId} with ${keyId_}`,
      op: 'pair',
      certificate: Buffer.from(certificateFile),
      key: Buffer.from(keyFile),
    })),
  );
}

function revocationList(
  version: readonly Uint8Array[],
  entries: readonly Uint8Array[],
): Uint8Array {
  const number = encode(tag.sequence, [extension('2.5.29.20', Uint8Array.of(2, 1, 7))]);
  const content = encode(tag.sequence, [
    ...version,
    root.algorithm,
    root.name,
    utcTime('260101000000Z'),
    utcTime('270101000000Z'),
    ...(entries.length === 0 ? [] : [encode(tag.sequence, entries)]),
    ...(version.length === 0 ? [] : [encode(explicitTag(0), [number])]),
  ]);
  const signature = encode(tag.bitString, [Uint8Array.of(0), Buffer.alloc(64, 1)]);
  return encode(tag.sequence, [content, root.algorithm, signature]);
}

/** Lists of version 2 and 1, and what accidents make of them. */
export function listCases(): readonly OracleCase[] {
  const entry = encode(tag.sequence, [
    encode(tag.integer, [Uint8Array.of(5)]),
    utcTime('260101000000Z'),
  ]);
  const second = revocationList([encode(tag.integer, [Uint8Array.of(1)])], [entry]);
  const random = new Random(3);
  const files: Readonly<Record<string, Uint8Array>> = {
    'version 2': second,
    'version 2, nothing revoked': revocationList([encode(tag.integer, [Uint8Array.of(1)])], []),
    'version 1': revocationList([], [entry]),
    'version 3': revocationList([encode(tag.integer, [Uint8Array.of(2)])], [entry]),
    'version 2 in PEM': Buffer.from(pem('X509 CRL', second)),
    'version 2 in PEM behind text': Buffer.from(`text\n${pem('X509 CRL', second)}`),
    'version 2 and a byte': Buffer.concat([second, Uint8Array.of(0)]),
    'a certificate': rootCertificate,
    'a certificate in PEM': Buffer.from(pem('CERTIFICATE', rootCertificate)),
    text: Buffer.from('no list'),
    nothing: new Uint8Array(),
  };
  const byName = Object.entries(files).flatMap(([id, bytes]) =>
    (['crl', 'old-crl'] as const).map((op) => ({ id: `list, ${id}, ${op}`, op, bytes })),
  );
  const broken = Array.from({ length: 400 }, (_, index) => ({
    id: `accident of a list ${index}`,
    op: 'crl' as const,
    bytes: mutate(second, random),
  }));
  return [...byName, ...broken];
}

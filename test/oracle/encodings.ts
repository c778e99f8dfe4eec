import { tag } from '../../src/pki/der-reader.ts';
import { encode, encodeObjectIdentifier } from '../../src/pki/write-der.ts';
import {
  algorithm,
  altNames,
  authorityKeyId,
  dnsNames,
  extendedKeyUsage,
  extension,
  generalizedTime,
  generalName,
  keyId,
  makeCertificate,
  nameConstraints,
  named,
  nameOf,
  policies,
  rsaSigner,
} from './make-certificate.ts';
import type { OracleCase } from './oracle-case.ts';
import {
  authority,
  clientAuth,
  intermediate,
  keyPem,
  leafBy,
  mapping,
  middle,
  root,
  serverAuth,
} from './parties.ts';
import { mutate, Random } from './random.ts';

function keyInfo(
  objectIdentifier: string,
  parameters: Uint8Array,
  ...octets: readonly number[]
): Uint8Array {
  return encode(tag.sequence, [
    algorithm(objectIdentifier, parameters),
    encode(tag.bitString, [Uint8Array.of(0, ...octets)]),
  ]);
}

export function keyCases(): readonly OracleCase[] {
  const none = new Uint8Array();
  const ec = '1.2.840.10045.2.1';
  const p224 = encodeObjectIdentifier('1.3.132.0.33');
  const p256 = encodeObjectIdentifier('1.2.840.10045.3.1.7');
  const rsaNumbers = [0x30, 6, 2, 1, 0x23, 2, 1, 3];
  const infos: Readonly<Record<string, Uint8Array>> = {
    'RSA without NULL': keyInfo('1.2.840.113549.1.1.1', none, ...rsaNumbers),
    'RSA with NULL': keyInfo('1.2.840.113549.1.1.1', Uint8Array.of(5, 0), ...rsaNumbers),
    'RSA with a negative modulus': keyInfo(
      '1.2.840.113549.1.1.1',
      Uint8Array.of(5, 0),
      0x30,
      6,
      2,
      1,
      0xff,
      2,
      1,
      3,
    ),
    'RSA with exponent zero': keyInfo(
      '1.2.840.113549.1.1.1',
      Uint8Array.of(5, 0),
      0x30,
      6,
      2,
      1,
      0x23,
      2,
      1,
      0,
    ),
    'P-224 off its curve': keyInfo(ec, p224, 4, ...Array<number>(56).fill(1)),
    'P-256 off its curve': keyInfo(ec, p256, 4, ...Array<number>(64).fill(1)),
    'P-256 too long': keyInfo(ec, p256, 4, ...Array<number>(65).fill(1)),
    'P-256 beyond its field': keyInfo(ec, p256, 4, ...Array<number>(64).fill(255)),
    'P-224 beyond its field': keyInfo(ec, p224, 4, ...Array<number>(56).fill(255)),
    'P-256 compressed': keyInfo(ec, p256, 2, ...Array<number>(32).fill(1)),
    secp256k1: keyInfo(ec, encodeObjectIdentifier('1.3.132.0.10'), 4, ...Array<number>(64).fill(1)),
    'curve without parameters': keyInfo(ec, none, 4, ...Array<number>(64).fill(1)),
    'Ed25519 with parameters': keyInfo(
      '1.3.101.112',
      Uint8Array.of(5, 0),
      ...Array<number>(32).fill(1),
    ),
    'Ed25519 too short': keyInfo('1.3.101.112', none, 1, 2, 3),
    'of an unknown kind': keyInfo('1.2.3.4', none, 1, 2, 3),
  };
  return Object.entries(infos).map(([id, info]) => ({
    id: `key ${id}`,
    op: 'parse',
    bytes: leafBy(root, [], { info }),
  }));
}

function nameCase(kind: number, ...octets: readonly number[]): OracleCase {
  return {
    id: `name of type ${kind} with ${octets.join(' ')}`,
    op: 'parse',
    bytes: leafBy(root, [], { subject: nameOf([['2.5.4.3', kind, Uint8Array.from(octets)]]) }),
  };
}

export function nameCases(): readonly OracleCase[] {
  return [
    nameCase(tag.printableString, 0x2a, 0x26),
    nameCase(tag.printableString, 0x40),
    nameCase(tag.utf8String, 0xc3, 0xbc),
    nameCase(tag.utf8String, 0xc3),
    nameCase(tag.utf8String, 0xed, 0xa0, 0x80),
    nameCase(tag.ia5String, 0x80),
    nameCase(tag.numericString, 0x31, 0x20),
    nameCase(tag.numericString, 0x61),
    nameCase(tag.t61String, 0xe4),
    nameCase(tag.bmpString, 0, 0x61),
    nameCase(tag.bmpString, 0),
    nameCase(tag.bmpString, 0xd8, 0),
    nameCase(tag.bmpString, 0xff, 0xfe),
    nameCase(tag.integer, 1),
    nameCase(tag.boolean, 0xff),
    nameCase(tag.octetString, 1),
    nameCase(0x1c, 0, 0, 0, 0x61),
  ];
}

function parseCase(id: string, der: Uint8Array): OracleCase {
  return { id, op: 'parse', bytes: der };
}

export function parseCases(): readonly OracleCase[] {
  const sound = leafBy(root, [dnsNames('a')]);
  return [
    parseCase('sound', sound),
    parseCase('with a byte behind', Buffer.concat([sound, Uint8Array.of(0)])),
    parseCase('negative serial number', leafBy(root, [], { serial: Uint8Array.of(0xff) })),
    parseCase(
      'serial number with a zero too many',
      leafBy(root, [], { serial: Uint8Array.of(0, 1) }),
    ),
    parseCase('twice the same extension', leafBy(root, [dnsNames('a'), dnsNames('b')])),
    parseCase('twice the same policy', leafBy(root, [policies('1.2.3', '1.2.3')])),
    parseCase(
      'critical key identifier',
      leafBy(root, [extension('2.5.29.14', Uint8Array.of(4, 1, 1), true)]),
    ),
    parseCase(
      'critical authority key identifier',
      leafBy(root, [extension('2.5.29.35', Uint8Array.of(0x30, 0), true)]),
    ),
    parseCase(
      'critical authority information',
      leafBy(root, [extension('1.3.6.1.5.5.7.1.1', Uint8Array.of(0x30, 0), true)]),
    ),
    parseCase('no constraints in name constraints', leafBy(root, [nameConstraints([])])),
    parseCase('extensions in version 2', leafBy(root, [dnsNames('a')], { version: 2 })),
  ];
}

/** Certificates that have one of everything, which accidents are made of. */
const rich = [
  intermediate([
    ...authority,
    keyId('key'),
    authorityKeyId('key'),
    policies('1.2.3', '2.5.29.32.0'),
    nameConstraints(
      [generalName(2, 'example.com'), generalName(7, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0))],
      [generalName(1, 'a@example.com'), generalName(6, '.example.com')],
    ),
    extension(
      '1.3.6.1.5.5.7.1.1',
      Buffer.from('3017301506082b060105050730018609687474703a2f2f6f2f', 'hex'),
    ),
    extension('2.5.29.31', Buffer.from('300f300da00ba0098607687474703a2f63', 'hex')),
  ]),
  leafBy(middle, [
    extendedKeyUsage(serverAuth, clientAuth, '1.2.3.4'),
    altNames(
      generalName(2, 'node1.example.com'),
      generalName(7, Uint8Array.of(10, 0, 0, 1)),
      generalName(6, 'https://a:1/%41?b#c'),
      generalName(1, 'a@b.c'),
    ),
    mapping('1.2.3', '1.2.9'),
    extension('2.5.29.36', Uint8Array.of(0x30, 6, 0x80, 1, 0, 0x81, 1, 0)),
    extension('2.5.29.54', Uint8Array.of(2, 1, 0)),
  ]),
  makeCertificate(
    {
      subject: named('rsa'),
      info: rsaSigner('rsa', keyPem('rsa-512'), 'sha256').info,
      notAfter: generalizedTime('20500101000000Z'),
    },
    rsaSigner('rsa', keyPem('rsa-512'), 'sha256'),
  ),
];

export function accidents(): readonly OracleCase[] {
  const random = new Random(1);
  return Array.from({ length: 2_500 }, (_, index) => ({
    id: `accident ${index}`,
    op: 'parse',
    bytes: mutate(random.pick(rich), random),
  }));
}

const pemParts = [
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '-----BEGIN EC PRIVATE KEY-----',
  '-----END EC PRIVATE KEY-----',
  '-----BEGIN -----',
  '-----END -----',
  '-----BEGIN X',
  '-----END X-----',
  'MAA=',
  'MAAA',
  'MA',
  '=',
  '',
  ' ',
  '\t',
  'a: b',
  'Proc-Type: 4,ENCRYPTED',
  ': ',
  '\u00ef\u00bb\u00bf',
  '-----',
  'text',
];
const lineEnds = ['\n', '\n', '\n', '\n', '\r\n', '', ' \n', '\r', '\n\n'];

export function pemCases(): readonly OracleCase[] {
  const random = new Random(2);
  const sound = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';
  return Array.from({ length: 2_500 }, (_, index) => {
    let text = random.below(3) === 0 ? sound : '';
    for (let count = 1 + random.below(9); count > 0; count -= 1) {
      text += random.below(6) === 0 ? sound : random.pick(pemParts) + random.pick(lineEnds);
    }
    return { id: `PEM ${index}`, op: 'pem', bytes: Buffer.from(text, 'latin1') };
  });
}

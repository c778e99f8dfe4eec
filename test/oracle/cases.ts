import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { explicitTag, tag } from '../../src/pki/der-reader.ts';
import { encode, encodeObjectIdentifier } from '../../src/pki/write-der.ts';
import {
  algorithm,
  altNames,
  authorityKeyId,
  basicConstraints,
  dnsNames,
  ed25519Signer,
  extendedKeyUsage,
  extension,
  generalizedTime,
  generalName,
  keyId,
  keyUsage,
  makeCertificate,
  named,
  nameConstraints,
  nameOf,
  policies,
  type Recipe,
  rsaSigner,
  type Signer,
  utcTime,
} from './make-certificate.ts';
import { mutate, Random } from './random.ts';

/** A question that our code and real Go both answer, with a text that is empty for acceptance. */
export type OracleCase = { readonly id: string } & (
  | { readonly op: 'parse' | 'pem' | 'crl' | 'old-crl'; readonly bytes: Uint8Array }
  | { readonly op: 'pair'; readonly certificate: Uint8Array; readonly key: Uint8Array }
  | ({ readonly op: 'verify' } & VerifyQuestion)
);

export interface VerifyQuestion {
  readonly leaf: Uint8Array;
  readonly roots: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
  readonly host: string;
  readonly usage: 'serverAuth' | 'clientAuth' | 'any';
  readonly at: string;
}

const serverAuth = '1.3.6.1.5.5.7.3.1';
const clientAuth = '1.3.6.1.5.5.7.3.2';

const root = ed25519Signer('root');
const middle = ed25519Signer('middle');
const authority = [basicConstraints(true), keyUsage(2, 4)];
const rootCertificate = makeCertificate(
  { subject: root.name, info: root.info, extensions: authority },
  root,
);

function intermediate(extensions: readonly Uint8Array[], more: Partial<Recipe> = {}): Uint8Array {
  return makeCertificate({ subject: middle.name, info: middle.info, extensions, ...more }, root);
}

function leafBy(
  signer: Signer,
  extensions: readonly Uint8Array[] = [],
  more: Partial<Recipe> = {},
): Uint8Array {
  return makeCertificate({ subject: named('leaf'), extensions, ...more }, signer);
}

function verifyCase(id: string, asked: Partial<VerifyQuestion>): OracleCase {
  return {
    id,
    op: 'verify',
    leaf: leafBy(root, [dnsNames('node1.example.com')]),
    roots: [rootCertificate],
    intermediates: [],
    host: '',
    usage: 'any',
    at: '2026-06-01T12:00:00Z',
    ...asked,
  };
}

/** What an intermediate may say, and the leaf under it. */
const chains: Readonly<Record<string, readonly [readonly Uint8Array[], readonly Uint8Array[]]>> = {
  'sound chain': [authority, [dnsNames('node1.example.com')]],
  'key usage without certSign': [[basicConstraints(true), keyUsage(1, 2)], []],
  'key usage of no bits': [[basicConstraints(true), keyUsage(0)], []],
  'no basic constraints': [[keyUsage(2, 4)], []],
  'no authority': [[basicConstraints(false), keyUsage(2, 4)], []],
  'negative path length': [[basicConstraints(true, -1)], []],
  'unknown usage only': [[...authority, extendedKeyUsage('1.2.3.4')], []],
  'usage of clients above a server': [
    [...authority, extendedKeyUsage(clientAuth)],
    [extendedKeyUsage(serverAuth)],
  ],
  'any usage above a server': [
    [...authority, extendedKeyUsage('2.5.29.37.0')],
    [extendedKeyUsage(serverAuth)],
  ],
  'usage without entries': [[...authority, extendedKeyUsage()], []],
  'critical extension of an unknown kind': [
    [...authority, extension('1.2.3.4', Uint8Array.of(5, 0), true)],
    [],
  ],
  'policy that is required and there': [
    [
      ...authority,
      policies('1.2.3'),
      extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0), true),
    ],
    [policies('1.2.3')],
  ],
  'policy that is required and another': [
    [
      ...authority,
      policies('1.2.3'),
      extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0), true),
    ],
    [policies('1.2.4')],
  ],
  'policy that is required and any': [
    [
      ...authority,
      policies('2.5.29.32.0'),
      extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0)),
    ],
    [policies('2.5.29.32.0')],
  ],
  'any policy inhibited': [
    [
      ...authority,
      policies('1.2.3'),
      extension('2.5.29.54', Uint8Array.of(2, 1, 0), true),
      extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0)),
    ],
    [policies('2.5.29.32.0')],
  ],
  'policy mapped': [
    [
      ...authority,
      policies('1.2.3'),
      mapping('1.2.3', '1.2.9'),
      extension('2.5.29.36', Uint8Array.of(0x30, 3, 0x80, 1, 0)),
    ],
    [policies('1.2.9')],
  ],
  'policy mapped to any': [
    [...authority, policies('1.2.3'), mapping('1.2.3', '2.5.29.32.0')],
    [policies('1.2.9')],
  ],
  'mapping inhibited': [
    [
      ...authority,
      policies('1.2.3'),
      mapping('1.2.3', '1.2.9'),
      extension('2.5.29.36', Uint8Array.of(0x30, 6, 0x80, 1, 0, 0x81, 1, 0)),
    ],
    [policies('1.2.9')],
  ],
};

function mapping(issuer: string, subject: string): Uint8Array {
  const pair = encode(tag.sequence, [
    encodeObjectIdentifier(issuer),
    encodeObjectIdentifier(subject),
  ]);
  return extension('2.5.29.33', encode(tag.sequence, [pair]), true);
}

function chainCases(): readonly OracleCase[] {
  return Object.entries(chains).flatMap(([id, [above, below]]) =>
    (['serverAuth', 'any'] as const).map((usage) =>
      verifyCase(`${id}, ${usage}`, {
        leaf: leafBy(middle, below),
        intermediates: [intermediate(above)],
        usage,
      }),
    ),
  );
}

/** Each of these names against each of these constraints, permitted and excluded. */
const constrained: Readonly<
  Record<string, readonly [names: readonly Uint8Array[], constraints: readonly Uint8Array[]]>
> = {
  dns: [
    [
      'a.example.com',
      'example.com',
      '*.example.com',
      'EXAMPLE.com',
      'x.y.a.example.com',
      '.example.com',
      'com',
      '*.com',
      'example.com.',
      'a_b.example.com',
      'xexample.com',
      '*',
    ].map((name) => generalName(2, name)),
    [
      'example.com',
      '.example.com',
      'a.example.com',
      '',
      'com',
      '.',
      'Example.COM',
      'b.a.example.com',
    ].map((name) => generalName(2, name)),
  ],
  uri: [
    [
      'https://a.example.com/x',
      'https://example.com:8443',
      'spiffe://example.com/ns/a',
      'https://10.0.0.1/',
      'https://[::1]/',
      'mailto:a@example.com',
      'https://user@a.example.com/%41',
      '/path',
      'https://A.example.com',
      'https://a.example.com:',
      'urn:x:y',
      'https://',
      'https://u:p@[::1]/a b"',
      'x y',
      '//a.example.com',
      'https:///p',
    ].map((name) => generalName(6, name)),
    ['example.com', '.example.com', 'a.example.com', '10.0.0.1', ''].map((name) =>
      generalName(6, name),
    ),
  ],
  email: [
    [
      'a@example.com',
      'A@EXAMPLE.com',
      '"a b"@example.com',
      'a@b.example.com',
      'example.com',
      'a@b@example.com',
      String.raw`a\@b@example.com`,
      'a..b@example.com',
    ].map((name) => generalName(1, name)),
    ['example.com', '.example.com', 'a@example.com', '@example.com', ''].map((name) =>
      generalName(1, name),
    ),
  ],
  ip: [
    [
      [10, 0, 0, 1],
      [10, 1, 2, 3],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1],
      [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ].map((name) => generalName(7, Uint8Array.from(name))),
    [
      [10, 0, 0, 0, 255, 255, 0, 0],
      [10, 0, 0, 1, 255, 255, 0, 0],
      [10, 0, 0, 0, 255, 0, 255, 0],
      [0, 0, 0, 0, 0, 0, 0, 0],
      [
        0x20,
        1,
        0xd,
        0xb8,
        ...Array<number>(12).fill(0),
        255,
        255,
        255,
        255,
        ...Array<number>(12).fill(0),
      ],
      [10, 0, 0],
    ].map((range) => generalName(7, Uint8Array.from(range))),
  ],
  other: [
    [generalName(2, 'a.example.com')],
    [
      encode(explicitTag(4), [named('directory')]),
      generalName(8, Uint8Array.of(0x2a)),
      encode(explicitTag(0), [Uint8Array.of(5, 0)]),
    ],
  ],
};

function constraintCases(): readonly OracleCase[] {
  return Object.entries(constrained).flatMap(([kind, [names, constraints]]) =>
    names.flatMap((name, nameIndex) =>
      constraints.flatMap((constraint, index) =>
        (['permitted', 'excluded'] as const).map((side) => {
          const rule =
            side === 'permitted'
              ? nameConstraints([constraint])
              : nameConstraints([], [constraint]);
          return verifyCase(`${kind} name ${nameIndex} ${side} by constraint ${index}`, {
            leaf: leafBy(middle, [altNames(name)]),
            intermediates: [intermediate([...authority, rule])],
          });
        }),
      ),
    ),
  );
}

/** Several constraints at once, whose order matters to the search since Go 1.26. */
function manyConstraints(): readonly OracleCase[] {
  const random = new Random(5280);
  const labels = ['a', 'b', 'a-a', 'B', 'example', 'com', 'x'];
  const domain = (): string =>
    `${random.below(4) === 0 ? '.' : ''}${Array.from({ length: 1 + random.below(3) }, () => random.pick(labels)).join('.')}`;
  return Array.from({ length: 150 }, (_, index) => {
    const constraints = Array.from({ length: 2 + random.below(4) }, () => generalName(2, domain()));
    const wildcard = random.below(3) === 0 ? '*.' : '';
    const names = altNames(generalName(2, wildcard + domain().replace(/^\./, '')));
    const rule =
      random.below(2) === 0 ? nameConstraints(constraints) : nameConstraints([], constraints);
    return verifyCase(`constraints together ${index}`, {
      leaf: leafBy(middle, [names]),
      intermediates: [intermediate([...authority, rule])],
    });
  });
}

const hosts = [
  'node1.example.com',
  'NODE1.example.com',
  'node1.example.com.',
  'a_b.example.com',
  '_a.example.com',
  '-a.example.com',
  'x.example.com',
  'a.x.example.com',
  'example.com',
  '10.0.0.1',
  '[10.0.0.1]',
  '010.0.0.1',
  '::ffff:10.0.0.1',
  '[::1]',
  '::1',
  'fe80::1%eth0',
  '*.example.com',
  '*',
  'localhost',
  'a',
  'xn--bcher-kva.example',
  'bücher.example',
  '',
  '.',
  'node1..example.com',
  '1.2.3',
  '[node1.example.com]',
  '0x0a000001',
  '2001:DB8::1',
  'a:b',
];
const certificatesOfHosts: Readonly<Record<string, readonly Uint8Array[]>> = {
  exact: [dnsNames('node1.example.com', 'a_b.example.com', 'localhost')],
  wildcard: [dnsNames('*.example.com')],
  odd: [
    dnsNames(
      '*',
      '*.*.example.com',
      'a*.example.com',
      '10.0.0.1',
      'node1.example.com.',
      '_a.example.com',
      'a:b',
      '.',
      '',
    ),
  ],
  addresses: [
    altNames(
      generalName(7, Uint8Array.of(10, 0, 0, 1)),
      generalName(7, Uint8Array.from([...Array<number>(15).fill(0), 1])),
      generalName(7, Uint8Array.from([0xfe, 0x80, ...Array<number>(13).fill(0), 1])),
    ),
  ],
  mapped: [
    altNames(
      generalName(7, Uint8Array.from([...Array<number>(10).fill(0), 255, 255, 10, 0, 0, 1])),
    ),
  ],
  hundred: [dnsNames(...Array.from({ length: 100 }, (_, index) => `n${index}`))],
  'hundred addresses': [
    altNames(
      ...Array.from({ length: 100 }, (_, index) => generalName(7, Uint8Array.of(192, 0, 2, index))),
    ),
  ],
  none: [],
  'mail only': [altNames(generalName(1, 'a@b'))],
};
const commonNames = ['node1.example.com', '*.example.com', '10.0.0.1', 'localhost', 'not a name'];

function hostCases(): readonly OracleCase[] {
  const byName = Object.entries(certificatesOfHosts).flatMap(([kind, extensions]) =>
    hosts.map((host) =>
      verifyCase(`${kind} for ${host}`, { leaf: leafBy(root, extensions), host }),
    ),
  );
  const byCommonName = commonNames.flatMap((commonName) =>
    hosts.map((host) =>
      verifyCase(`common name ${commonName} for ${host}`, {
        leaf: leafBy(root, [], { subject: named(commonName) }),
        host,
      }),
    ),
  );
  return [...byName, ...byCommonName];
}

function keyPem(name: string): string {
  return readFileSync(new URL(`keys/${name}.pem`, import.meta.url), 'utf8');
}

function signerCases(): readonly OracleCase[] {
  const signers: readonly (readonly [string, Signer])[] = [
    ['rsa-512', rsaSigner('small', keyPem('rsa-512'), 'sha256')],
    ['rsa-1024', rsaSigner('medium', keyPem('rsa-1024'), 'sha256')],
    ['rsa-1024 with SHA-1', rsaSigner('medium', keyPem('rsa-1024'), 'sha1')],
  ];
  const byRsa = signers.map(([id, signer]) =>
    verifyCase(`signed by ${id}`, {
      leaf: leafBy(signer),
      roots: [
        makeCertificate({ subject: signer.name, info: signer.info, extensions: authority }, signer),
      ],
    }),
  );
  const stranger = ed25519Signer('root', 'another key');
  const rsa = rsaSigner('root', keyPem('rsa-1024'), 'sha256');
  const oldRoot = (version: 1 | 2): Uint8Array =>
    makeCertificate({ subject: root.name, info: root.info, version }, root);
  return [
    ...byRsa,
    verifyCase('same name, another key', { leaf: leafBy(stranger) }),
    verifyCase('same name, key of another kind', { leaf: leafBy(rsa) }),
    verifyCase('root of version 1', { roots: [oldRoot(1)] }),
    verifyCase('root of version 2', { roots: [oldRoot(2)] }),
    verifyCase('intermediate of version 1', {
      leaf: leafBy(middle),
      intermediates: [intermediate([], { version: 1 })],
    }),
    verifyCase('leaf among the roots', { roots: [leafBy(root, [dnsNames('node1.example.com')])] }),
    verifyCase('leaf among the roots, wrong usage', {
      leaf: leafBy(root, [extendedKeyUsage(clientAuth)]),
      roots: [leafBy(root, [extendedKeyUsage(clientAuth)])],
      usage: 'serverAuth',
    }),
    verifyCase('no authority at all', { roots: [] }),
    ...loopCases(),
    ...budgetCases(),
  ];
}

/** Two authorities that sign each other, told apart by their names or not. */
function loopCases(): readonly OracleCase[] {
  return [[], [dnsNames('a')], [dnsNames('b')]].flatMap((left, first) =>
    [[], [dnsNames('a')], [dnsNames('b')]].map((right, second) =>
      verifyCase(`loop ${first} ${second}`, {
        leaf: leafBy(middle),
        roots: [],
        intermediates: [
          makeCertificate(
            { subject: middle.name, info: middle.info, extensions: [...authority, ...left] },
            middle,
          ),
          makeCertificate(
            {
              subject: middle.name,
              info: middle.info,
              extensions: [...authority, ...right],
              serial: Uint8Array.of(2),
            },
            middle,
          ),
        ],
      }),
    ),
  );
}

function strangers(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const other = ed25519Signer('root', `other ${index}`);
    return makeCertificate({ subject: root.name, info: other.info, extensions: authority }, other);
  });
}

/** Many authorities of one name, of which the last is the right one. */
function budgetCases(): readonly OracleCase[] {
  return [98, 99, 100, 101].flatMap((count) => [
    verifyCase(`${count} wrong roots before the right one`, {
      roots: [...strangers(count), rootCertificate],
    }),
    verifyCase(`${count} wrong roots with the right one preferred`, {
      leaf: leafBy(root, [authorityKeyId('right')]),
      roots: [
        ...strangers(count),
        makeCertificate(
          { subject: root.name, info: root.info, extensions: [...authority, keyId('right')] },
          root,
        ),
      ],
    }),
  ]);
}

const dates: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
  ['expired', utcTime('200101000000Z'), utcTime('250101000000Z')],
  ['in the future', utcTime('300101000000Z'), utcTime('400101000000Z')],
  ['to the second', utcTime('200101000000Z'), utcTime('260601120000Z')],
  ['one second early', utcTime('260601120001Z'), utcTime('400101000000Z')],
  ['without seconds', utcTime('2001010000Z'), utcTime('2501010000Z')],
  ['with an offset', utcTime('200101000000+0100'), utcTime('250101000000-0530')],
  ['with an offset of nothing', utcTime('200101000000+0000'), utcTime('400101000000Z')],
  ['with an offset too large', utcTime('200101000000+2500'), utcTime('400101000000Z')],
  ['with an offset of 60 minutes', utcTime('200101000000+0160'), utcTime('400101000000Z')],
  ['in the year 50', utcTime('500101000000Z'), utcTime('490101000000Z')],
  ['generalized', generalizedTime('20200101000000Z'), generalizedTime('99991231235959Z')],
  [
    'generalized with a fraction',
    generalizedTime('20200101000000.5Z'),
    generalizedTime('20400101000000Z'),
  ],
  ['on 30 February', utcTime('200230000000Z'), utcTime('400101000000Z')],
  ['on 29 February', utcTime('200229000000Z'), utcTime('210229000000Z')],
  ['at 24 hours', utcTime('200101240000Z'), utcTime('400101000000Z')],
  ['of no kind', encode(tag.integer, [Uint8Array.of(1)]), utcTime('400101000000Z')],
];

function dateCases(): readonly OracleCase[] {
  return dates.map(([id, notBefore, notAfter]) =>
    verifyCase(`valid ${id}`, { leaf: leafBy(root, [], { notBefore, notAfter }) }),
  );
}

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

function keyCases(): readonly OracleCase[] {
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

function nameCases(): readonly OracleCase[] {
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

function parseCases(): readonly OracleCase[] {
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

/** Files by what is in them; every certificate file is tried with every key file. */
function pairCases(): readonly OracleCase[] {
  const rsaKey = keyPem('rsa-1024');
  const certificate = (info: Uint8Array): string => pem('CERTIFICATE', leafBy(root, [], { info }));
  const ed25519 = ed25519Signer('leaf');
  const pkcs8 = ed25519.key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const certificates: Readonly<Record<string, string>> = {
    'RSA certificate': certificate(rsaSigner('', rsaKey, 'sha256').info),
    'other RSA certificate': certificate(rsaSigner('', keyPem('rsa-512'), 'sha256').info),
    'Ed25519 certificate': certificate(ed25519.info),
    'EC certificate': certificate(infoOfPem(keyPem('ec-p256'))),
    'P-384 certificate': certificate(infoOfPem(keyPem('ec-p384'))),
    'certificate with text and carriage returns': `Bag Attributes\n${certificate(ed25519.info).replaceAll('\n', '\r\n')}`,
    'broken certificate': pem('CERTIFICATE', Uint8Array.of(0x30, 0)),
    'broken certificate behind a sound one':
      certificate(ed25519.info) + pem('CERTIFICATE', Uint8Array.of(0x30, 0)),
    'certificate request': pem('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)),
    'two odd blocks': pem('X', Uint8Array.of(1)) + pem('RSA PRIVATE KEY', Uint8Array.of(1)),
    'certificate of an unknown key': certificate(
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

function pem(type: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${type}-----\n${lines}\n-----END ${type}-----\n`;
}

function infoOfPem(privateKey: string): Uint8Array {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
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
function listCases(): readonly OracleCase[] {
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

function accidents(): readonly OracleCase[] {
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

function pemCases(): readonly OracleCase[] {
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

/** The same cases every time. */
export function oracleCases(): readonly OracleCase[] {
  return [
    ...chainCases(),
    ...constraintCases(),
    ...manyConstraints(),
    ...hostCases(),
    ...signerCases(),
    ...dateCases(),
    ...keyCases(),
    ...nameCases(),
    ...parseCases(),
    ...pairCases(),
    ...listCases(),
    ...accidents(),
    ...pemCases(),
  ];
}

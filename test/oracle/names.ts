import { explicitTag } from '../../src/pki/der-reader.ts';
import { encode } from '../../src/pki/write-der.ts';
import { altNames, dnsNames, generalName, nameConstraints, named } from './make-certificate.ts';
import type { OracleCase } from './oracle-case.ts';
import { authority, intermediate, leafBy, middle, root, verifyCase } from './parties.ts';
import { Random } from './random.ts';

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

export function constraintCases(): readonly OracleCase[] {
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
export function manyConstraints(): readonly OracleCase[] {
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

export function hostCases(): readonly OracleCase[] {
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

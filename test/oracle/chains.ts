import { tag } from '../../src/pki/der-reader.ts';
import { encode } from '../../src/pki/write-der.ts';
import {
  authorityKeyId,
  basicConstraints,
  dnsNames,
  ed25519Signer,
  extendedKeyUsage,
  extension,
  generalizedTime,
  keyId,
  keyUsage,
  makeCertificate,
  policies,
  rsaSigner,
  type Signer,
  utcTime,
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
  rootCertificate,
  serverAuth,
  verifyCase,
} from './parties.ts';

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

export function chainCases(): readonly OracleCase[] {
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

function oldRoot(version: 1 | 2): Uint8Array {
  return makeCertificate({ subject: root.name, info: root.info, version }, root);
}

export function signerCases(): readonly OracleCase[] {
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
  const otherSigner = ed25519Signer('root', 'another key');
  const rsa = rsaSigner('root', keyPem('rsa-1024'), 'sha256');
  return [
    ...byRsa,
    verifyCase('same name, another key', { leaf: leafBy(otherSigner) }),
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

function unrelated(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const other = ed25519Signer('root', `other ${index}`);
    return makeCertificate({ subject: root.name, info: other.info, extensions: authority }, other);
  });
}

/** Many authorities of one name, of which the last is the right one. */
function budgetCases(): readonly OracleCase[] {
  return [98, 99, 100, 101].flatMap((count) => [
    verifyCase(`${count} wrong roots before the right one`, {
      roots: [...unrelated(count), rootCertificate],
    }),
    verifyCase(`${count} wrong roots with the right one preferred`, {
      leaf: leafBy(root, [authorityKeyId('right')]),
      roots: [
        ...unrelated(count),
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

export function dateCases(): readonly OracleCase[] {
  return dates.map(([id, notBefore, notAfter]) =>
    verifyCase(`valid ${id}`, { leaf: leafBy(root, [], { notBefore, notAfter }) }),
  );
}

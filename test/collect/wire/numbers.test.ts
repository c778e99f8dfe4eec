import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { uint8, uint16, uint24, vector8, vector16 } from '../../../src/collect/wire/bytes.ts';
import { cipherSuiteClasses, tls13CipherSuite } from '../../../src/collect/wire/cipher-suites.ts';
import { firstRecord } from '../../../src/collect/wire/client-hello.ts';
import {
  extensionType,
  messageType,
  namedGroup,
  recordType,
  signatureSchemeNames,
  versionNumbers,
} from '../../../src/collect/wire/numbers.ts';
import { alertNames } from '../../../src/diagnoses/signals/alerts.ts';
import { comparedGo, goToolchain } from '../../../testcluster/binaries/go-toolchains.ts';
import { run } from '../../../testcluster/run.ts';
import { isMissing } from '../../support/missing.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('openssl');

const suites: readonly (readonly [number, string])[] = [
  ...cipherSuiteClasses.flat(),
  ...Object.entries(tls13CipherSuite).map(([name, id]) => [id, name] as const),
];

/** What neither OpenSSL 3.0 nor Go has: IANA's registries alone say it. */
const inNeither: ReadonlySet<string> = new Set(['X25519Kyber768Draft00', 'compressedCertificate']);

/** Names of OpenSSL that are not ours in another spelling. */
const opensslNames = new Map([
  ['x25519', 'ecdh_x25519'],
  ['x448', 'ecdh_x448'],
  ['secp256r1', 'secp256r1 (P-256)'],
  ['secp384r1', 'secp384r1 (P-384)'],
  ['secp521r1', 'secp521r1 (P-521)'],
  ['alpn', 'application_layer_protocol_negotiation'],
  ['renegotiationInfo', 'renegotiate'],
]);

/** Names of Go that are not ours in another spelling. */
const goNames = new Map([
  ['data', 'applicationData'],
  ['supportedGroups', 'supportedCurves'],
  ['ecPointFormats', 'supportedPoints'],
  ['pskKeyExchangeModes', 'pskModes'],
]);

let trace = '';
let goSources = '';

beforeAll(async () => {
  trace = await traceOf(firstRecord(helloOfEverything()));
  if (!isMissing('go')) {
    const { program, environment } = await goToolchain(comparedGo);
    const { stdout } = await run(program, ['env', 'GOROOT'], { environment });
    const root = stdout.trim();
    const read = (name: string) => readFile(join(root, 'src/crypto/tls', name), 'utf8');
    goSources = (await read('common.go')) + (await read('alert.go'));
  }
}, 300_000);

/** Offers every suite, group, scheme and extension that has a number here; extensions are empty where OpenSSL prints them so. */
function helloOfEverything(): Buffer {
  const contents = new Map<number, Buffer>([
    [extensionType.supportedGroups, vector16(...Object.values(namedGroup).map(uint16))],
    [
      extensionType.signatureAlgorithms,
      vector16(...[...signatureSchemeNames.keys()].map((scheme) => uint16(scheme))),
    ],
    [extensionType.supportedVersions, vector8(...Object.values(versionNumbers).map(uint16))],
    [extensionType.ecPointFormats, vector8(uint8(0))],
    [extensionType.alpn, vector16(vector8(Buffer.from('h2')))],
    [extensionType.pskKeyExchangeModes, vector8(uint8(1))],
    [extensionType.keyShare, vector16()],
    [extensionType.renegotiationInfo, vector8()],
  ]);
  const extensions = Object.values(extensionType).map((type) =>
    Buffer.concat([uint16(type), vector16(contents.get(type) ?? Buffer.alloc(0))]),
  );
  const body = Buffer.concat([
    uint16(versionNumbers['1.2']),
    Buffer.alloc(32),
    vector8(),
    vector16(...suites.map(([id]) => uint16(id))),
    vector8(uint8(0)),
    vector16(...extensions),
  ]);
  return Buffer.concat([uint8(messageType.clientHello), uint24(body.length), body]);
}

/** What `openssl s_server -trace` prints of a first flight: its own names for the numbers in it. */
async function traceOf(flight: Buffer): Promise<string> {
  const args = ['s_server', '-nocert', '-trace', '-naccept', '1', '-accept', '127.0.0.1:0'];
  const server = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  return await new Promise((settle, fail) => {
    let printed = '';
    let isSent = false;
    server.on('error', fail);
    server.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('latin1');
      const port = /ACCEPT \S*:(\d+)/.exec(printed)?.[1];
      if (port === undefined || isSent) return;
      isSent = true;
      const socket = connect(Number(port), '127.0.0.1', () => socket.end(flight));
      socket.on('error', () => {});
      socket.resume();
    });
    server.on('close', () => settle(printed));
  });
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Go's constants by kind, with letters alone, in lower case. */
function goConstants(prefix: string, type: string): ReadonlyMap<string, number> {
  const line = new RegExp(String.raw`^\s+${prefix}(\w+) +${type} += +(\w+)`, 'gm');
  return new Map(
    [...goSources.matchAll(line)].map(([, name = '', number]) => [
      name.toLowerCase(),
      Number(number),
    ]),
  );
}

function lettersOf(name: string): string {
  return (goNames.get(name) ?? name).toLowerCase().replaceAll(/[^a-z\d]/g, '');
}

const numbered = [
  ...suites.map(([id, name]) => {
    const [high = '', low = ''] = [id >> 8, id & 255].map((byte) =>
      byte.toString(16).toUpperCase().padStart(2, '0'),
    );
    return `{0x${high}, 0x${low}} ${name}`;
  }),
  ...Object.entries(namedGroup)
    .filter(([name]) => !/MLKEM|Kyber/.test(name))
    .map(([name, id]) => `${opensslNames.get(name) ?? name} (${id})`),
  ...Array.from(
    signatureSchemeNames,
    ([id, name]) => `${name} (0x${id.toString(16).padStart(4, '0')})`,
  ),
  ...Object.entries(extensionType).map(
    ([name, id]) => `extension_type=${opensslNames.get(name) ?? snakeCase(name)}(${id})`,
  ),
  ...Object.entries(versionNumbers).map(([name, id]) => `TLS ${name} (${id})`),
];

test('suites, groups, signature schemes, extensions and versions have the numbers of OpenSSL', () => {
  const lines = new Set(trace.split('\n').map((one) => one.trim().replace(/, length=\d+$/, '')));

  expect(numbered.filter((line) => !lines.has(line))).toEqual([]);
});

test.skipIf(isMissing('go'))('what Go has a number for has that number here', () => {
  const compared = [
    { own: Object.entries(messageType), go: goConstants('type', 'uint8') },
    { own: Object.entries(recordType), go: goConstants('recordType', 'recordType') },
    { own: Object.entries(extensionType), go: goConstants('extension', 'uint16') },
    {
      own: Object.entries(namedGroup).filter(([name]) => /MLKEM|Kyber/.test(name)),
      go: goConstants('', 'CurveID'),
    },
  ];
  const known = compared.flatMap(({ own, go }) =>
    own
      .filter(([name]) => !inNeither.has(name))
      .map(([name, number]) => ({ name, number, go: go.get(lettersOf(name)) })),
  );

  expect(known.length).toBeGreaterThan(25);
  expect(known.filter(({ number, go }) => number !== go)).toEqual([]);
});

test.skipIf(isMissing('go'))('alerts have the numbers of Go', () => {
  const go = new Map(
    Array.from(goConstants('alert', 'alert'), ([name, number]) => [number, name] as const),
  );
  // 41 is of SSL 3.0, which Go does not speak.
  const own = Object.entries(alertNames).filter(([number]) => number !== '41');

  expect(own.map(([number, name]) => [number, lettersOf(name)])).toEqual(
    own.map(([number]) => [number, go.get(Number(number))]),
  );
});

test('no number of a protocol is outside of the tables that are compared here', async () => {
  const compared = new Set<number>([
    ...suites.map(([id]) => id),
    ...Object.values(namedGroup),
    ...signatureSchemeNames.keys(),
    ...Object.values(extensionType),
    ...Object.values(versionNumbers),
  ]);
  const folder = 'src/collect/wire';
  const files = await readdir(folder);
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const numbers = sources.flatMap((source) => source.match(/\b0x[\da-f]{4}\b/gi) ?? []);

  expect(numbers.length).toBeGreaterThan(70);
  expect(numbers.filter((number) => !compared.has(Number(number)))).toEqual([]);
});

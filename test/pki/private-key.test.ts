import { expect, test } from 'vitest';
import { fromPem, toPem } from '../../testcluster/issue/der.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { describePrivateKey, unreadableKey } from '../../src/pki/private-key.ts';
import { run } from '../../testcluster/run.ts';
import { skipWithout } from '../support/skip-without.ts';
import { inverseOf } from '../../testcluster/modular-inverse.ts';

skipWithout('openssl');

const type = 'RSA PRIVATE KEY';

/** A key of three primes, each of which takes 86 octets; so do its exponent and its coefficient. */
async function keyOfThreePrimes(): Promise<Uint8Array> {
  const { stdout } = await run('openssl', ['genrsa', '-traditional', '-primes', '3', '2048']);
  return fromPem(stdout);
}

test('Go reads RSA keys of more than two primes', async () => {
  const bytes = await keyOfThreePrimes();
  const described = describePrivateKey({ type, headers: new Map(), bytes, line: 1 });

  expect(described).toMatchObject({ algorithm: 'RSA', bits: 2048, format: 'PKCS#1' });
  expect(described).not.toHaveProperty('refusedBy');
});

test('Go refuses them where the third prime is wrong', async () => {
  const bytes = await keyOfThreePrimes();
  const spoilt = Uint8Array.from(bytes);
  const at = spoilt.length - 220;
  spoilt[at] = (spoilt[at] ?? 0) ^ 2;

  expect(describePrivateKey({ type, headers: new Map(), bytes: spoilt, line: 1 })).toMatchObject({
    refusedBy: unreadableKey,
  });
});

function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  const length = Buffer.from(
    content.length
      .toString(16)
      .padStart(8, '0')
      .replace(/^(?:00)+/, ''),
    'hex',
  );
  const header = content.length < 0x80 ? [tag] : [tag, 0x80 + length.length];
  return Buffer.concat([Buffer.from(header), length, content]);
}

function integer(octets: number): Uint8Array {
  return der(2, Buffer.alloc(octets, 0x7f));
}

test('a key of as many primes as there may be is read, as Go reads it', () => {
  const three = Buffer.from([2, 1, 3]);
  const one = Buffer.from([2, 1, 1]);
  // The product of twenty threes, an exponent of 3 and its inverse modulo 2.
  const product = Buffer.from([2, 4, 0xcf, 0xd4, 0x1b, 0x91]);
  const modulus = der(2, Buffer.from([0]), product.subarray(2));
  const infos = Array.from({ length: 18 }, () => der(0x30, three, one, one));
  const numbers = [one, modulus, three, three, three, three, one, one, one];
  const bytes = der(0x30, ...numbers, der(0x30, ...infos));
  const described = describePrivateKey({ type, headers: new Map(), bytes, line: 1 });

  expect(described).toMatchObject({ algorithm: 'RSA', bits: 32 });
  expect(described).not.toHaveProperty('refusedBy');
});

// With arithmetic on them it takes longer than a test may.
test('a key of many primes is refused without arithmetic on it', () => {
  const infos = Array.from({ length: 100_000 }, () =>
    der(0x30, integer(16), integer(1), integer(1)),
  );
  const small = Buffer.from([2, 1, 1]);
  const numbers = [600_000, 1, 600_000, 1, 1, 1, 1, 1].map(integer);
  const bytes = der(0x30, small, ...numbers, der(0x30, ...infos));
  const described = describePrivateKey({ type, headers: new Map(), bytes, line: 1 });

  expect(described).toMatchObject({ format: 'PKCS#1', refusedBy: unreadableKey });
});

/** The numbers of a small key, which Go loads: n, e, d, p, q, d mod (p - 1), d mod (q - 1), 1/q mod p. */
const [p, q, e] = [2n ** 127n - 1n, 2n ** 107n - 1n, 65_537n];
const lambda = (p - 1n) * (q - 1n);
const d = inverseOf(e, lambda);
const small = [p * q, e, d, p, q, d % (p - 1n), d % (q - 1n), inverseOf(q, p)];

function keyOf(numbers: readonly bigint[]): Uint8Array {
  return der(
    0x30,
    ...[0n, ...numbers].map((number) => {
      const digits = number.toString(16);
      return der(
        2,
        Buffer.from(`00${digits.length % 2 === 0 ? '' : '0'}${digits}`, 'hex').subarray(
          Number.parseInt(digits.length % 2 === 0 ? digits.slice(0, 1) : '0', 16) > 7 ? 0 : 1,
        ),
      );
    }),
  );
}

function withNumber(index: number, number: bigint): Uint8Array {
  return keyOf(small.map((each, at) => (at === index ? number : each)));
}

/** As `go run` of crypto/x509's ParsePKCS1PrivateKey in 1.23.12 and 1.24.13 says. */
test.each([
  { what: 'as it is', bytes: keyOf(small), refusedSince: undefined },
  { what: 'with a d above n', bytes: withNumber(2, d + lambda * 2n), refusedSince: '1.24' },
  {
    what: 'with a coefficient above p',
    bytes: withNumber(7, (small[7] ?? 0n) + p),
    refusedSince: '1.24',
  },
])('a key $what is refused since $refusedSince', ({ bytes, refusedSince }) => {
  const described = describePrivateKey({ type, headers: new Map(), bytes, line: 1 });

  expect(described.refusedSince).toBe(refusedSince);
});

test('a key that Go loads and that is too large to be judged counts as not read', () => {
  const bytes = Buffer.from(toPem(type, withNumber(2, d + lambda * 2n ** 66_000n)));

  expect(describeFile({ path: 'large.key', bytes })).toMatchObject({
    unreadable: { kind: 'too-large', text: 'a number of an RSA key is longer than 65536 bits' },
    blocks: [],
  });
});

test('a large number that Go refuses in a key of any size is refused', () => {
  const described = describePrivateKey({
    type,
    headers: new Map(),
    bytes: withNumber(1, 2n ** 66_000n + 1n),
    line: 1,
  });

  expect(described).toMatchObject({ refusedBy: unreadableKey });
});

/** Go's tls.X509KeyPair looks at neither; etcd 3.5.30 starts with both. */
test.each([
  { type: 'ENCRYPTED PRIVATE KEY', headers: new Map<string, string>() },
  { type: 'PRIVATE KEY', headers: new Map([['Proc-Type', '4,ENCRYPTED']]) },
])('a key is what it holds, whatever its block says of a passphrase', async (block) => {
  const algorithm = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const { stdout } = await run('openssl', ['genpkey', ...algorithm]);
  const described = describePrivateKey({ ...block, bytes: fromPem(stdout), line: 1 });

  expect(described).toMatchObject({ algorithm: 'ECDSA', format: 'PKCS#8', encrypted: false });
  expect(described).not.toHaveProperty('refusedBy');
});

test('a key with a passphrase is encrypted', async () => {
  const algorithm = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const passphrase = ['-aes-256-cbc', '-pass', 'pass:secret'];
  const { stdout } = await run('openssl', ['genpkey', ...algorithm, ...passphrase]);
  const block = { type: 'ENCRYPTED PRIVATE KEY', headers: new Map(), line: 1 };

  expect(describePrivateKey({ ...block, bytes: fromPem(stdout) })).toMatchObject({
    encrypted: true,
    refusedBy: unreadableKey,
  });
});

import { expect, test } from 'vitest';
import { fromPem } from '../../src/issue/der.ts';
import { describePrivateKey, unreadableKey } from '../../src/pki/private-key.ts';
import { run } from '../../testcluster/run.ts';
import { skipWithout } from '../support/skip-without.ts';

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

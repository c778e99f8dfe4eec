import { createPrivateKey } from 'node:crypto';
import { encode, tags } from './issue/der.ts';
import { inverseOf } from './modular-inverse.ts';

const exponent = 65_537n;

/** The first primes after powers of two that are usable: primes of this size take half a minute to look for. */
const first = (1n << 4100n) + 1845n;
const second = (1n << 4120n) + 5803n;

/** An RSA key of more bits than Go accepts from the other side, which are 8192, in the form of RFC 8017, A.1.2. */
export async function oversizedKey(): Promise<string> {
  const secret = inverseOf(exponent, (first - 1n) * (second - 1n));
  const halves = [secret % (first - 1n), secret % (second - 1n), inverseOf(second, first)];
  const numbers = [0n, first * second, exponent, secret, first, second, ...halves];
  const der = encode(tags.sequence, ...numbers.map(integer));
  const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
  return Promise.resolve(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function integer(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return encode(tags.integer, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

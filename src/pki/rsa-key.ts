/** An RSA private key in numbers, all of them positive. */
export interface RsaNumbers {
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly privateExponent: bigint;
  readonly p: bigint;
  readonly q: bigint;
  /** The primes of a key that has more than two. */
  readonly others: readonly bigint[];
  readonly crt?: { readonly dp: bigint; readonly dq: bigint; readonly inverse: bigint };
}

interface RsaFault {
  /** Whether every Go refuses the key, or only those since 1.24. */
  readonly since: 'ever' | '1.24';
  readonly text: string;
}

/** What crypto/rsa's Validate finds wrong with the numbers. */
export function findRsaFault(key: RsaNumbers): RsaFault | undefined {
  const text = findOldFault(key);
  if (text !== undefined) return { since: 'ever', text };
  const newer = findNewFault(key) ?? findPairFault(key);
  return newer === undefined ? undefined : { since: '1.24', text: newer };
}

function findOldFault({
  modulus,
  exponent,
  privateExponent,
  p,
  q,
  others,
}: RsaNumbers): string | undefined {
  const primes = [p, q, ...others];
  if (exponent < 2n) return 'crypto/rsa: public exponent too small';
  if (exponent > 0x7fff_ffffn) return 'crypto/rsa: public exponent too large';
  if (primes.some((prime) => prime <= 1n)) return 'crypto/rsa: invalid prime value';
  if (primes.reduce((one, other) => one * other) !== modulus) return 'crypto/rsa: invalid modulus';
  const product = exponent * privateExponent;
  const fits = primes.every((prime) => product % (prime - 1n) === 1n % (prime - 1n));
  return fits ? undefined : 'crypto/rsa: invalid exponents';
}

function findNewFault({ modulus, exponent, privateExponent }: RsaNumbers): string | undefined {
  if (privateExponent >= modulus) return 'input overflows the modulus size';
  if (modulus % 2n === 0n) return 'crypto/rsa: public modulus is even';
  return exponent % 2n === 0n ? 'crypto/rsa: public exponent is even' : undefined;
}

/** A key of more than two primes is used by its private exponent alone, and not judged further. */
function findPairFault(key: RsaNumbers): string | undefined {
  return key.others.length > 0 ? undefined : (findCrtFault(key) ?? findSizeFault(key));
}

function findCrtFault({ privateExponent, p, q, crt }: RsaNumbers): string | undefined {
  if (crt === undefined) return undefined;
  const { dp, dq, inverse } = crt;
  if (dp !== privateExponent % (p - 1n) || dq !== privateExponent % (q - 1n)) {
    return 'crypto/rsa: invalid CRT exponent';
  }
  return inverse < p && (inverse * q) % p === 1n
    ? undefined
    : 'crypto/rsa: invalid CRT coefficient';
}

function findSizeFault({ modulus, privateExponent, p, q }: RsaNumbers): string | undefined {
  const half = Math.floor(lengthOf(modulus) / 2);
  if (lengthOf(p > q ? p - q : q - p) <= half - 100) return 'crypto/rsa: |p - q| too small';
  return lengthOf(privateExponent) <= half ? 'crypto/rsa: d too small' : undefined;
}

/** In bits. */
function lengthOf(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { curves } from '../../src/pki/elliptic-curve.ts';

const opensslNames = {
  'P-224': 'secp224r1',
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test.each(curves)(
  '$name is what OpenSSL has under this name',
  ({ name, prime, b, order, bits, objectIdentifier }) => {
    const text = openssl(
      'ecparam',
      '-name',
      opensslNames[name],
      '-param_enc',
      'explicit',
      '-text',
      '-noout',
    );
    const number = (label: string): bigint => {
      const hex =
        new RegExp(String.raw`^${label}:\s*((?:[0-9a-f]{2}[:\s]*)+)$`, 'm').exec(text)?.[1] ?? '';
      return BigInt(`0x${hex.replaceAll(/[:\s]/g, '')}`);
    };

    expect(number('Prime')).toBe(prime);
    expect(number('B')).toBe(b);
    expect(number('Order')).toBe(order);
    expect(number('A')).toBe(prime - 3n);
    expect(prime.toString(2)).toHaveLength(bits);
    const key = openssl('asn1parse', '-genstr', `OID:${objectIdentifier}`);
    expect(key).toContain(opensslNames[name]);
  },
);

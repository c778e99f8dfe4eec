import { toBigInt } from './bytes.ts';

/** A curve that Go knows, y² = x³ - 3x + b over a prime field. */
export interface Curve {
  /** Go's name. */
  readonly name: 'P-224' | 'P-256' | 'P-384' | 'P-521';
  readonly objectIdentifier: string;
  readonly bits: number;
  readonly prime: bigint;
  readonly b: bigint;
  /** Of the group that the base point makes. */
  readonly order: bigint;
}

/** FIPS 186-5, SP 800-186 section 3.2.1. */
export const curves: readonly Curve[] = [
  {
    name: 'P-224',
    objectIdentifier: '1.3.132.0.33',
    bits: 224,
    prime: 2n ** 224n - 2n ** 96n + 1n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    order: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  },
  {
    name: 'P-256',
    objectIdentifier: '1.2.840.10045.3.1.7',
    bits: 256,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    name: 'P-384',
    objectIdentifier: '1.3.132.0.34',
    bits: 384,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  {
    name: 'P-521',
    objectIdentifier: '1.3.132.0.35',
    bits: 521,
    prime: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
];

export function curveByObjectIdentifier(objectIdentifier: string): Curve | undefined {
  return curves.find((curve) => curve.objectIdentifier === objectIdentifier);
}

/** How many bytes a coordinate has. */
export function coordinateLength({ bits }: Curve): number {
  return Math.ceil(bits / 8);
}

/** What is wrong with an uncompressed point (SEC 1, 2.3.4); undefined when it is on the curve. */
export function findPointFault(
  curve: Curve,
  point: Uint8Array,
): 'not-uncompressed' | 'length' | 'coordinate-too-large' | 'off-curve' | undefined {
  if (point[0] !== 4) return 'not-uncompressed';
  const length = coordinateLength(curve);
  if (point.length !== 1 + 2 * length) return 'length';

  const x = toBigInt(point.subarray(1, 1 + length));
  const y = toBigInt(point.subarray(1 + length));
  if (x >= curve.prime || y >= curve.prime) return 'coordinate-too-large';
  const right = x * x * x - 3n * x + curve.b;
  return (y * y - right) % curve.prime === 0n ? undefined : 'off-curve';
}

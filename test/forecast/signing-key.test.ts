import { expect, test } from 'vitest';
import {
  findSigningFault,
  findVerifyingFault,
  type SigningKey,
} from '../../src/forecast/signing-key.ts';
import type { PublicKey } from '../../src/model/certificate.ts';
import { goRelease } from '../../src/pki/go-release.ts';
import { leaf } from '../fixtures/builders.ts';

const insecure = 'keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)';
const tooSmall = 'tls: certificate RSA key size too small for supported signature algorithms';

function key(
  publicKey: Omit<PublicKey, 'sha256'>,
  side: SigningKey['side'],
  version: number,
): SigningKey {
  const certificate = leaf({ name: 'node1' });
  return {
    leaf: { ...certificate, publicKey: { ...publicKey, sha256: '00' } },
    file: 'node1.pem',
    side,
    version,
  };
}

const rsa = (bits: number) => ({ algorithm: 'RSA', bits }) as const;
const p224 = { algorithm: 'ECDSA', bits: 224, curve: 'P-224' } as const;

test.each([
  [rsa(512), 'server', 13, '1.19.8', tooSmall, 'handshake failure'],
  [rsa(512), 'client', 13, '1.25.9', tooSmall, 'handshake failure'],
  [rsa(512), 'server', 12, '1.19.8', undefined, undefined],
  [
    rsa(512),
    'server',
    12,
    '1.25.9',
    `tls: failed to sign ECDHE parameters: crypto/rsa: 512-bit ${insecure}`,
    'handshake failure',
  ],
  [rsa(512), 'client', 12, '1.25.9', `crypto/rsa: 512-bit ${insecure}`, 'internal error'],
  [rsa(768), 'client', 13, '1.23.12', undefined, undefined],
  [
    rsa(768),
    'client',
    13,
    '1.24.4',
    `tls: failed to sign handshake: crypto/rsa: 768-bit ${insecure}`,
    'internal error',
  ],
  [rsa(1024), 'server', 13, '1.25.9', undefined, undefined],
  [p224, 'client', 13, '1.25.9', 'tls: unsupported certificate curve (P-224)', 'handshake failure'],
  [p224, 'server', 12, '1.25.9', undefined, undefined],
] as const)('%j of the %s in TLS %i on Go %s', (publicKey, side, version, go, text, alert) => {
  const fault = findSigningFault(key(publicKey, side, version), goRelease(go));

  expect({ text: fault?.refusal.text, alert: fault?.alert }).toEqual({ text, alert });
});

test('a build with the defaults of an older Go signs with small keys', () => {
  const go = { ...goRelease('1.24.4'), acceptsSmallRsaKeys: true } as const;

  expect(findSigningFault(key(rsa(768), 'server', 13), go)).toBeUndefined();
});

test('a newer Go refuses the signature that an older one makes', () => {
  const served = key(rsa(1000), 'server', 13);

  expect(findSigningFault(served, goRelease('1.23.12'))).toBeUndefined();
  expect(findVerifyingFault(served, goRelease('1.25.9'))).toMatchObject({
    alert: 'error decrypting message',
    refusal: {
      text: `tls: invalid signature by the server certificate: crypto/rsa: 1000-bit ${insecure}`,
    },
  });
});

import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tag } from '../../src/pki/der-reader.ts';
import { encode, encodeObjectIdentifier } from '../../src/pki/write-der.ts';
import {
  basicConstraints,
  dnsNames,
  ed25519Signer,
  extension,
  keyUsage,
  makeCertificate,
  named,
  type Recipe,
  type Signer,
} from './make-certificate.ts';
import type { OracleCase, VerifyQuestion } from './oracle-case.ts';

export const serverAuth = '1.3.6.1.5.5.7.3.1';
export const clientAuth = '1.3.6.1.5.5.7.3.2';

export const root = ed25519Signer('root');
export const middle = ed25519Signer('middle');
export const authority = [basicConstraints(true), keyUsage(2, 4)];
export const rootCertificate = makeCertificate(
  { subject: root.name, info: root.info, extensions: authority },
  root,
);

export function intermediate(
  extensions: readonly Uint8Array[],
  more: Partial<Recipe> = {},
): Uint8Array {
  return makeCertificate({ subject: middle.name, info: middle.info, extensions, ...more }, root);
}

export function leafBy(
  signer: Signer,
  extensions: readonly Uint8Array[] = [],
  more: Partial<Recipe> = {},
): Uint8Array {
  return makeCertificate({ subject: named('leaf'), extensions, ...more }, signer);
}

export function verifyCase(id: string, asked: Partial<VerifyQuestion>): OracleCase {
  return {
    id,
    op: 'verify',
    leaf: leafBy(root, [dnsNames('node1.example.com')]),
    roots: [rootCertificate],
    intermediates: [],
    host: '',
    usage: 'any',
    at: '2026-06-01T12:00:00Z',
    ...asked,
  };
}

export function mapping(issuer: string, subject: string): Uint8Array {
  const pair = encode(tag.sequence, [
    encodeObjectIdentifier(issuer),
    encodeObjectIdentifier(subject),
  ]);
  return extension('2.5.29.33', encode(tag.sequence, [pair]), true);
}

export function keyPem(name: string): string {
  return readFileSync(new URL(`keys/${name}.pem`, import.meta.url), 'utf8');
}

export function pem(type: string, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${type}-----\n${lines}\n-----END ${type}-----\n`;
}

export function infoOfPem(privateKey: string): Uint8Array {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
}

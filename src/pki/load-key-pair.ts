import type { Certificate, PrivateKey } from '../model/certificate.ts';
import type { Block, FileFact } from '../model/files.ts';
import { keyFingerprint } from './check-signature.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { asCertificate } from './load-ca-pool.ts';
import { decodedFor } from './parse-certificate.ts';
import { unknownKeyType, unreadableKey } from './private-key.ts';
import { systemError } from './system-error.ts';

/** What a process shows of itself, leaf first, or what it prints when it cannot load it. */
export type KeyPair =
  | { readonly ok: true; readonly chain: readonly Certificate[] }
  | { readonly ok: false; readonly error: string };

/** etcd's tlsutil.NewCert: both files are read, then tls.X509KeyPair looks at them. */
export function loadKeyPair(certificateFile: FileFact, keyFile: FileFact, go: GoRelease): KeyPair {
  for (const { path, unreadable } of [certificateFile, keyFile]) {
    if (unreadable !== undefined) return fail(systemError(path, unreadable));
  }
  const blocks = certificateFile.blocks.filter(({ type }) => type === 'CERTIFICATE');
  const [first] = blocks;
  if (first === undefined) return fail(explainNoCertificate(certificateFile.blocks));
  const keyBlock = keyFile.blocks.find(({ type }) => /(?:^| )PRIVATE KEY$/.test(type));
  if (keyBlock === undefined) return fail(explainNoKey(keyFile.blocks));

  const leaf = asCertificate(first, go);
  if (typeof leaf === 'string') return fail(leaf);
  const fault = findKeyFault(keyBlock, leaf, go);
  if (fault !== undefined) return fail(fault);

  // Only the first is looked at; whoever is shown the others may stumble over them.
  const rest = blocks.slice(1).map((block) => asCertificate(block, go));
  return { ok: true, chain: [leaf, ...rest.filter((entry) => typeof entry !== 'string')] };
}

function fail(error: string): KeyPair {
  return { ok: false, error };
}

function typesOf(blocks: readonly Block[]): string {
  return `[${blocks.map(({ type }) => type).join(' ')}]`;
}

function explainNoCertificate(blocks: readonly Block[]): string {
  const [only] = blocks;
  if (only === undefined) return 'tls: failed to find any PEM data in certificate input';
  if (blocks.length === 1 && only.type.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}

function explainNoKey(blocks: readonly Block[]): string {
  const [only] = blocks;
  if (only === undefined) return 'tls: failed to find any PEM data in key input';
  if (blocks.length === 1 && only.type === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}

function findKeyFault(block: Block, leaf: Certificate, go: GoRelease): string | undefined {
  if (block.kind !== 'key') return unreadableKey;
  const { key } = block;
  const refusal = findRefusal(key, go);
  if (refusal !== undefined) return refusal;

  const decoded = decodedFor(leaf, go);
  if (typeof decoded === 'string') return decoded;
  const { key: material } = decoded;
  if (material.kind === 'DSA' || material.kind === 'unknown') {
    return 'tls: unknown public key algorithm';
  }
  if (material.kind !== key.algorithm)
    return 'tls: private key type does not match public key type';
  return keyFingerprint(material) === key.publicKeySha256
    ? undefined
    : 'tls: private key does not match public key';
}

/** Some keys are refused since a release only. */
function findRefusal({ refusedBy, refusedSince }: PrivateKey, go: GoRelease): string | undefined {
  if (refusedBy === undefined) return undefined;
  if (refusedBy === unknownKeyType && !isSince(go, 20)) return unreadableKey;
  const isLater = refusedSince !== undefined && !isSince(go, Number(refusedSince.split('.')[1]));
  return isLater ? undefined : refusedBy;
}

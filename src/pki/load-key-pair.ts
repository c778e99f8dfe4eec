import type { Certificate, PrivateKey } from '../model/certificate.ts';
import type { Block, FileFact } from '../model/files.ts';
import type { RefusalRule } from '../model/refusal.ts';
import { keyFingerprint } from './check-signature.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { asCertificate } from './load-ca-pool.ts';
import { asPrinted, isParseFault, type ParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import { unknownKeyType, unreadableKey } from './private-key.ts';
import type { KeyMaterial } from './public-key.ts';
import { systemError, type SystemFault } from './system-error.ts';

/** Why a process cannot load a pair, in Go's words, and which of its two files is at fault. */
export interface LoadFault {
  readonly kind:
    | SystemFault['kind']
    | ParseFault['kind']
    | Extract<
        RefusalRule,
        | 'tls.key-of-another-certificate'
        | 'tls.key-of-another-type'
        | 'tls.unusable-key'
        | 'tls.swapped-files'
        | 'tls.no-pem'
      >;
  readonly text: string;
  readonly file: 'certificate' | 'key';
}

/** What a process shows of itself, leaf first, or what it prints when it cannot load it. */
export type KeyPair =
  | {
      readonly ok: true;
      readonly leaf: Certificate;
      /** The blocks that go onto the wire, whatever they hold: Go parses none but the first. */
      readonly sent: readonly Block[];
    }
  | { readonly ok: false; readonly error: LoadFault };

/** etcd's tlsutil.NewCert: both files are read, then tls.X509KeyPair looks at them. */
export function loadKeyPair(certificateFile: FileFact, keyFile: FileFact, go: GoRelease): KeyPair {
  const shown = loadShown(certificateFile, keyFile);
  if (!shown.ok) return shown;
  const keyBlock = keyFile.blocks.find(({ type }) => /(?:^| )PRIVATE KEY$/.test(type));
  if (keyBlock === undefined) return { ok: false, error: explainNoKey(keyFile.blocks) };

  const leaf = asCertificate(shown.first, go);
  if (isParseFault(leaf))
    return { ok: false, error: { ...asPrinted(leaf, go), file: 'certificate' } };
  const fault = findKeyFault(keyBlock, leaf, go);
  return fault === undefined ? { ok: true, leaf, sent: shown.sent } : { ok: false, error: fault };
}

/** The same when the key is not at hand, and is taken to be the right one. */
export function loadCertificateAlone(file: FileFact, go: GoRelease): KeyPair {
  const shown = loadShown(file, file);
  if (!shown.ok) return shown;
  const leaf = asCertificate(shown.first, go);
  if (isParseFault(leaf))
    return { ok: false, error: { ...asPrinted(leaf, go), file: 'certificate' } };
  const decoded = decodedFor(leaf, go);
  const isOfNoKey = !isParseFault(decoded) && isUnknown(decoded.key);
  return isOfNoKey
    ? { ok: false, error: { ...unusable(unreadableKey), file: 'certificate' } }
    : { ok: true, leaf, sent: shown.sent };
}

/** No key that Go can read belongs to it. */
function isUnknown(
  material: KeyMaterial,
): material is Extract<KeyMaterial, { kind: 'DSA' | 'unknown' }> {
  return material.kind === 'DSA' || material.kind === 'unknown';
}

function loadShown(certificateFile: FileFact, keyFile: FileFact) {
  for (const [file, { path, unreadable }] of [
    ['certificate', certificateFile],
    ['key', keyFile],
  ] as const) {
    if (unreadable !== undefined) {
      return { ok: false, error: { ...systemError(path, unreadable), file } } as const;
    }
  }
  const sent = certificateFile.blocks.filter(({ type }) => type === 'CERTIFICATE');
  const [first] = sent;
  return first === undefined
    ? ({ ok: false, error: explainNoCertificate(certificateFile.blocks) } as const)
    : ({ ok: true, first, sent } as const);
}

function typesOf(blocks: readonly Block[]): string {
  return `[${blocks.map(({ type }) => type).join(' ')}]`;
}

function explainNoCertificate(blocks: readonly Block[]): LoadFault {
  const [only] = blocks;
  if (only === undefined)
    return {
      kind: 'tls.no-pem',
      file: 'certificate',
      text: 'tls: failed to find any PEM data in certificate input',
    };
  if (blocks.length === 1 && only.type.endsWith('PRIVATE KEY')) {
    return {
      kind: 'tls.swapped-files',
      file: 'certificate',
      text: 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched',
    };
  }
  return {
    kind: 'tls.no-pem',
    file: 'certificate',
    text: `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(blocks)}`,
  };
}

function explainNoKey(blocks: readonly Block[]): LoadFault {
  const [only] = blocks;
  if (only === undefined)
    return {
      kind: 'tls.no-pem',
      file: 'key',
      text: 'tls: failed to find any PEM data in key input',
    };
  if (blocks.length === 1 && only.type === 'CERTIFICATE') {
    return {
      kind: 'tls.swapped-files',
      file: 'key',
      text: 'tls: found a certificate rather than a key in the PEM for the private key',
    };
  }
  return {
    kind: 'tls.no-pem',
    file: 'key',
    text: `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(blocks)}`,
  };
}

function findKeyFault(block: Block, leaf: Certificate, go: GoRelease): LoadFault | undefined {
  if (block.kind !== 'key') return unusable(unreadableKey);
  const { key } = block;
  const refusal = findRefusal(key, go);
  if (refusal !== undefined) return unusable(refusal);

  const decoded = decodedFor(leaf, go);
  if (isParseFault(decoded)) return { ...decoded, file: 'certificate' };
  const { key: material } = decoded;
  if (isUnknown(material)) {
    return {
      kind: 'x509.unparsable',
      file: 'certificate',
      text: 'tls: unknown public key algorithm',
    };
  }
  if (material.kind !== key.algorithm) {
    return {
      kind: 'tls.key-of-another-type',
      file: 'key',
      text: 'tls: private key type does not match public key type',
    };
  }
  if (keyFingerprint(material) === key.publicKeySha256) return undefined;
  return {
    kind: 'tls.key-of-another-certificate',
    file: 'key',
    text: 'tls: private key does not match public key',
  };
}

function unusable(text: string): LoadFault {
  return { kind: 'tls.unusable-key', file: 'key', text };
}

/** Some keys are refused since a release only, and Go knows Ed25519 since 1.13. */
function findRefusal(key: PrivateKey, go: GoRelease): string | undefined {
  const { algorithm, refusedBy, refusedSince } = key;
  if (algorithm === 'Ed25519' && !isSince(go, 13)) return unreadableKey;
  if (refusedBy === undefined) return undefined;
  if (refusedBy === unknownKeyType && !isSince(go, 20)) return unreadableKey;
  const isLater = refusedSince !== undefined && !isSince(go, Number(refusedSince.split('.')[1]));
  return isLater ? undefined : refusedBy;
}

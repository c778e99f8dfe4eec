import type { FileFact } from '../model/files.ts';
import { type LoadFault, loadKeyPair } from '../pki/load-key-pair.ts';
import { certificatesIn, keysIn, type Use } from './certificate-uses.ts';

/** Why a certificate file and a key file are no pair, in the order in which one would ask. */
export type PairFault =
  | 'swapped-files'
  | 'encrypted-key'
  | 'leaf-not-first'
  | 'another-key'
  | 'unusable';

export interface PairJudgement {
  /** Absent when the files are a pair. */
  readonly fault?: PairFault;
  /** What etcd or the client prints. */
  readonly error?: LoadFault;
}

/** Judges the certificate and key of one use; nothing when one of them was not given or not readable. */
export function judgePair({ certificate, key, go }: Use): PairJudgement | undefined {
  if (certificate.file === undefined || key?.file === undefined) return undefined;
  if ((certificate.file.unreadable ?? key.file.unreadable) !== undefined) return undefined;

  const pair = loadKeyPair(certificate.file, key.file, go);
  if (pair.ok) return {};
  return { fault: faultOf(certificate.file, key.file), error: pair.error };
}

function faultOf(certificateFile: FileFact, keyFile: FileFact): PairFault {
  const [leaf, ...chain] = certificatesIn(certificateFile);
  const [key] = keysIn(keyFile);
  if (areSwapped(certificateFile, keyFile)) return 'swapped-files';
  if (key?.encrypted === true) return 'encrypted-key';
  if (leaf === undefined || key?.publicKeySha256 === undefined) return 'unusable';

  const fits = ({ publicKey }: { readonly publicKey: { readonly sha256: string } }): boolean =>
    publicKey.sha256 === key.publicKeySha256;
  if (fits(leaf)) return 'unusable';
  return chain.some(fits) ? 'leaf-not-first' : 'another-key';
}

function areSwapped(certificateFile: FileFact, keyFile: FileFact): boolean {
  const hasKeyOnly =
    keysIn(certificateFile).length > 0 && certificatesIn(certificateFile).length === 0;
  const hasCertificateOnly = certificatesIn(keyFile).length > 0 && keysIn(keyFile).length === 0;
  return hasKeyOnly || hasCertificateOnly;
}

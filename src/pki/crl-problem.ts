import type { FileFact } from '../model/files.ts';
import type { RefusalRule } from '../model/refusal.ts';
import { systemError, type SystemFault } from './system-error.ts';

/** Why etcd cannot use a revocation list, in its words. */
export type CrlFault =
  | SystemFault
  | { readonly kind: Extract<RefusalRule, 'etcd.crl-unreadable'>; readonly text: string };

/**
 * What etcd of this version prints when it reads the file as `--client-crl-file`; undefined when it
 * takes it. 3.6 and later read by ParseRevocationList: DER of version 2 only.
 */
export function crlProblem(
  file: FileFact,
  version: { readonly major: number; readonly minor: number },
): CrlFault | undefined {
  if (file.unreadable !== undefined) {
    return systemError(file.path, file.unreadable);
  }
  const readsVersion2Only = version.major > 3 || (version.major === 3 && version.minor >= 6);
  const { parseRevocationList, parseCrl } = file.asRevocationList ?? {};
  const text = readsVersion2Only ? parseRevocationList : parseCrl;
  return text === undefined ? undefined : { kind: 'etcd.crl-unreadable', text };
}

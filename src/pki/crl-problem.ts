import type { FileFact } from '../model/files.ts';
import { systemError } from './system-error.ts';

/**
 * What etcd of this version prints when it reads the file as `--client-crl-file`; undefined when it
 * takes it. 3.6 and later read by ParseRevocationList: DER of version 2 only.
 */
export function crlProblem(
  file: FileFact,
  version: { readonly major: number; readonly minor: number },
): string | undefined {
  if (file.unreadable !== undefined) {
    return systemError(file.path, file.unreadable).text;
  }
  const readsVersion2Only = version.major > 3 || (version.major === 3 && version.minor >= 6);
  return readsVersion2Only
    ? file.asRevocationList?.parseRevocationList
    : file.asRevocationList?.parseCrl;
}

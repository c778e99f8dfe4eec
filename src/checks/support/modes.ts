import type { Facts } from '../../model/evidence.ts';
import type { FileFact } from '../../model/files.ts';
import type { Target } from '../../model/target.ts';
import { fileTarget, keysIn } from '../../deployment/certificate-uses.ts';

/** A file whose permissions are known. */
export interface FileWithMode {
  readonly target: Target;
  readonly file: FileFact;
  /** Permission bits. */
  readonly mode: number;
}

/** The given files of one kind that have permissions: those out of a manifest or Secret have none. */
export function filesWithMode(
  { files }: Pick<Facts, 'files'>,
  isWanted: (file: FileFact) => boolean,
): readonly FileWithMode[] {
  return files.filter(isWanted).flatMap((file) => {
    const { mode } = file;
    return mode === undefined ? [] : [{ target: fileTarget(file), file, mode }];
  });
}

/** The files that hold a private key which is not encrypted. */
export function keyFilesWithMode(facts: Pick<Facts, 'files'>): readonly FileWithMode[] {
  return filesWithMode(facts, (file) => keysIn(file).some(({ encrypted }) => !encrypted));
}

/** As chmod takes it. */
export function showMode(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}

import type { Certificate, DistinguishedName } from '../model/certificate.ts';

type Name = Pick<DistinguishedName, 'text' | 'raw'>;

/** How the CAs of a file differ from those that a process names on the wire. */
export interface PoolDifference {
  /** In the file, and not in memory. */
  readonly added: readonly Name[];
  /** In memory, and not in the file. */
  readonly removed: readonly Name[];
}

/**
 * Compares a CA file with the names in a CertificateRequest. Go sends the subject of each certificate
 * in its pool (CertPool.Subjects), so two CAs of one name show as the name coming twice; a
 * certificate that is twice in the file is in the pool once (CertPool.AddCert). One CA for
 * another of the same name makes no difference here.
 */
export function comparePool(
  onFile: readonly Certificate[],
  inMemory: readonly Name[],
): PoolDifference {
  const once = new Map(onFile.map((certificate) => [certificate.sha256, certificate.subject]));
  const subjects = [...once.values()];
  return { added: without(subjects, inMemory), removed: without(inMemory, subjects) };
}

/** What is left of a list when each name of another is taken out of it once. */
function without(names: readonly Name[], taken: readonly Name[]): readonly Name[] {
  const counts = new Map<string, number>();
  for (const { raw } of taken) counts.set(raw, (counts.get(raw) ?? 0) + 1);
  return names.filter(({ raw }) => {
    const left = counts.get(raw) ?? 0;
    counts.set(raw, left - 1);
    return left <= 0;
  });
}

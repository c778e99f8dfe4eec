import type { Certificate } from '../model/certificate.ts';
import type { Facts } from '../model/evidence.ts';
import { groupBy } from '../model/group-by.ts';
import type { Gap } from '../model/report.ts';
import { certificatesOf, type Placed } from './placed.ts';

/**
 * Intermediates that issued a certificate which does not have them in its file, where a CA file without them is
 * among those given: which of the CA files the other side trusts decides whether it accepts the certificate.
 */
export function unsentIntermediates({ files = [], members = [] }: Partial<Facts>): readonly Gap[] {
  const bySubject = groupBy(
    files.flatMap(certificatesOf),
    ({ certificate }) => certificate.subject.raw,
  );
  const issuersOf = (issued: Certificate): readonly Placed[] =>
    (bySubject.get(issued.issuer.raw) ?? []).filter(({ certificate }) =>
      hasIssued(certificate, issued),
    );
  const named = new Set(
    members.flatMap((member) => member.files.flatMap(({ file }) => file ?? [])),
  );
  return files
    .filter(({ path }) => named.has(path))
    .flatMap((file): readonly Gap[] => {
      const last = lastSent(certificatesOf(file).map(({ certificate }) => certificate));
      const issuers = last === undefined ? [] : issuersOf(last);
      const [holder] = issuers;
      if (holder === undefined || issuers.some(({ certificate }) => isSelfIssued(certificate))) {
        return [];
      }
      const holders = new Set(issuers.map(({ path }) => path));
      const above = issuersOf(holder.certificate).find(({ path }) => !holders.has(path));
      return above === undefined ? [] : [gapOf(file.path, holder, above.path)];
    });
}

function gapOf(path: string, { path: holder, certificate }: Placed, above: string): Gap {
  return {
    what: `whether the other side has ${certificate.subject.text}`,
    because: `${path} does not contain that intermediate, and a side that trusts ${above} alone rejects the certificate`,
    give: `append ${holder} to ${path}, or give the settings that name the CA files`,
    asked: true,
  };
}

/** The end of the chain that a leaf and what follows it in its file make; nothing where the first is a CA. */
function lastSent([leaf, ...others]: readonly Certificate[]): Certificate | undefined {
  if (leaf === undefined || leaf.basicConstraints?.isCa === true) return undefined;
  const bySubject = groupBy(others, ({ subject }) => subject.raw);
  let last = leaf;
  // Of two that issued each other neither is the end: no chain is longer than the file.
  for (const _ of others) {
    const next = bySubject.get(last.issuer.raw)?.find((each) => hasIssued(each, last));
    if (next === undefined || isSelfIssued(next)) break;
    last = next;
  }
  return last;
}

function hasIssued(
  { subject, subjectKeyId, basicConstraints }: Certificate,
  { issuer, authorityKeyId }: Certificate,
): boolean {
  const isOfKey =
    subjectKeyId === undefined || authorityKeyId === undefined || subjectKeyId === authorityKeyId;
  return subject.raw === issuer.raw && basicConstraints?.isCa === true && isOfKey;
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.raw === issuer.raw;
}

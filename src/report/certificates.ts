import type { Certificate } from '../model/certificate.ts';
import type { Report } from '../model/report.ts';
import { certificatesOf, type Use, usesByFile } from './certificate-uses.ts';

/** A certificate of the set or of the running cluster, once, however many files hold it. */
export interface SeenCertificate {
  readonly certificate: Certificate;
  /** Paths of files, and `served by URL` for what only the running cluster showed. */
  readonly places: readonly string[];
  readonly uses: readonly Use[];
}

/** Every certificate that the report knows, in order of first appearance. */
export function seenCertificates(report: Report): readonly SeenCertificate[] {
  const uses = usesByFile(report);
  const seen = new Map<string, SeenCertificate>();
  const note = (certificate: Certificate, place: string, usedAs: readonly Use[]): void => {
    const known = seen.get(certificate.sha256) ?? { certificate, places: [], uses: [] };
    const places = known.places.includes(place) ? known.places : [...known.places, place];
    seen.set(certificate.sha256, { ...known, places, uses: [...known.uses, ...usedAs] });
  };
  for (const file of report.facts.files ?? []) {
    const usedAs = uses.get(file.path) ?? [];
    const leaf = usedAs.filter(({ role }) => role !== 'ca');
    const roots = usedAs.filter(({ role }) => role === 'ca');
    certificatesOf(file).forEach((certificate, index) => {
      // In a certificate file only the first is the owner's; in a CA file every one is trusted.
      note(certificate, file.path, index === 0 ? [...leaf, ...roots] : roots);
    });
  }
  for (const { endpoint, flight } of report.facts.endpoints ?? []) {
    for (const certificate of flight?.chain ?? []) {
      if (!seen.has(certificate.sha256)) note(certificate, `served by ${endpoint.url}`, []);
    }
  }
  return [...seen.values()];
}

/** `node1: server, peer; node2: server` in the order given. */
export function usesInWords(uses: readonly Use[]): string {
  const roles = new Map<string, string[]>();
  for (const { owner, role } of uses) {
    const known = roles.get(owner) ?? [];
    if (!known.includes(role)) roles.set(owner, [...known, role]);
  }
  return [...roles].map(([owner, all]) => `${owner}: ${all.join(', ')}`).join('; ');
}

/** What a certificate is called where there is little room. */
export function shortName({ subject, serialNumber }: Certificate): string {
  return subject.commonName ?? (subject.text === '' ? `serial ${serialNumber}` : subject.text);
}

export function isAuthority({ basicConstraints }: Certificate): boolean {
  return basicConstraints?.isCa === true;
}

export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.raw === issuer.raw;
}

/** Whether one certificate names the other as its issuer, and how well the names fit. */
export function issuerFit(
  child: Certificate,
  parent: Certificate,
): 'fits' | 'other-key' | 'stranger' {
  if (child.issuer.raw !== parent.subject.raw) return 'stranger';
  const { authorityKeyId } = child;
  const { subjectKeyId } = parent;
  if (authorityKeyId === undefined || subjectKeyId === undefined) return 'fits';
  return authorityKeyId === subjectKeyId ? 'fits' : 'other-key';
}

import type { Certificate, PublicKey } from '../model/certificate.ts';
import type { Facts } from '../model/evidence.ts';
import type { CertificateSummary } from '../model/report.ts';
import { bundlesOf, certificatesIn, type Role, usesOf } from './certificate-uses.ts';
import { groupBy } from '../model/group-by.ts';
import { enumerate } from '../model/words.ts';
import { naturally } from '../model/natural-order.ts';

/** Who uses a file, and as what; what a member presents when it connects counts as client or peer. */
export interface FileUse {
  readonly role: 'ca' | 'server' | 'peer' | 'client';
  /** A member's or a client's name. */
  readonly owner: string;
}

const shortRoles: Readonly<Record<Role, FileUse['role']>> = {
  server: 'server',
  peer: 'peer',
  'self-dial': 'client',
  'peer-dial': 'peer',
  client: 'client',
};

/** Which settings point at which of the files given. */
export function usesByFile({
  files = [],
  members = [],
  clients = [],
}: Partial<Facts>): ReadonlyMap<string, readonly FileUse[]> {
  const facts = { files, members, clients };
  const shown = usesOf(facts).flatMap(({ role, owner, certificate }) =>
    certificate.file === undefined
      ? []
      : [{ path: certificate.file.path, role: shortRoles[role], owner }],
  );
  const trusted = bundlesOf(facts).flatMap(({ file: { path }, trustedBy }) =>
    trustedBy.map(({ owner }) => ({ path, role: 'ca' as const, owner })),
  );
  const distinct = new Map(
    [...shown, ...trusted].map((use) => [JSON.stringify([use.path, use.role, use.owner]), use]),
  );
  return groupBy(
    distinct.values(),
    ({ path }) => path,
    ({ role, owner }) => ({ role, owner }),
  );
}

/** A certificate of the set or of the running cluster, once, however many files hold it. */
export interface SeenCertificate {
  readonly certificate: Certificate;
  /** Paths of files, and `served by URL` with all endpoints that showed it. */
  readonly places: readonly string[];
  readonly uses: readonly FileUse[];
}

/** How many endpoints are named that serve one certificate. */
const mostServing = 8;

/** Every certificate that the report knows, in order of first appearance. */
export function seenCertificates(facts: Partial<Facts>): readonly SeenCertificate[] {
  const uses = usesByFile(facts);
  const seen = new Map<string, SeenCertificate>();
  const note = (certificate: Certificate, place: string, usedAs: readonly FileUse[]): void => {
    const known = seen.get(certificate.sha256) ?? { certificate, places: [], uses: [] };
    const places = known.places.includes(place) ? known.places : [...known.places, place];
    seen.set(certificate.sha256, { ...known, places, uses: [...known.uses, ...usedAs] });
  };
  for (const file of facts.files ?? []) {
    const usedAs = uses.get(file.path) ?? [];
    const leaf = usedAs.filter(({ role }) => role !== 'ca');
    const roots = usedAs.filter(({ role }) => role === 'ca');
    certificatesIn(file).forEach((certificate, index) => {
      // In a certificate file only the first is the owner's; in a CA file every one is trusted.
      note(certificate, file.path, index === 0 ? [...leaf, ...roots] : roots);
    });
  }
  const served = groupBy(
    (facts.endpoints ?? []).flatMap(({ target, flight }) =>
      (flight?.chain ?? []).map((certificate) => ({ certificate, at: target.name })),
    ),
    ({ certificate }) => certificate.sha256,
  );
  for (const all of served.values()) {
    const names = [...new Set(all.map(({ at }) => at))];
    note(all[0].certificate, `served by ${enumerate(names, mostServing)}`, []);
  }
  return [...seen.values()];
}

/** `node1: server, peer; node2: server` in the order given. */
export function usesInWords(uses: readonly FileUse[]): string {
  const roles = groupBy(
    uses,
    ({ owner }) => owner,
    ({ role }) => role,
  );
  return [...roles].map(([owner, all]) => `${owner}: ${[...new Set(all)].join(', ')}`).join('; ');
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

const day = 86_400_000;

/** Every certificate as one line of a table, those that end first at the top. */
export function certificateList(facts: Partial<Facts>, now: Date): readonly CertificateSummary[] {
  return seenCertificates(facts)
    .map((seen) => summaryOf(seen, now))
    .toSorted(byEnd);
}

/** Those that end on an earlier day first; of one day CAs first, then by their files. */
export function byEnd(one: CertificateSummary, other: CertificateSummary): number {
  return (
    one.notAfter.slice(0, 10).localeCompare(other.notAfter.slice(0, 10)) ||
    Number(other.role === 'CA') - Number(one.role === 'CA') ||
    naturally(one.files.join(' '), other.files.join(' '))
  );
}

export function summaryOf(
  { certificate, places, uses }: SeenCertificate,
  now: Date,
): CertificateSummary {
  const { subject, issuer, subjectAltName, publicKey, notBefore, notAfter } = certificate;
  const owners = [...new Set(uses.map(({ owner }) => owner))];
  const used = [...new Set(uses.map(({ role }) => role))];
  return {
    subject: subject.text,
    role: isAuthority(certificate) ? 'CA' : used.join(', '),
    owner: owners.join(', '),
    names: [...(subjectAltName?.ipAddresses ?? []), ...(subjectAltName?.dnsNames ?? [])],
    files: places,
    issuer: issuer.text,
    notBefore,
    notAfter,
    daysLeft: Math.floor((Date.parse(notAfter) - now.getTime()) / day),
    serialNumber: certificate.serialNumber,
    sha256: certificate.sha256,
    key: keyInWords(publicKey),
    signatureAlgorithm: certificate.signatureAlgorithm,
    usages: certificate.extendedKeyUsage ?? [],
  };
}

function keyInWords({ algorithm, bits, curve }: PublicKey): string {
  return [algorithm, curve ?? bits].filter((part) => part !== undefined).join(' ');
}

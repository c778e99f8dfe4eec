import type { Certificate } from '../model/certificate.ts';
import type { Known } from '../model/check.ts';
import type { FileFact } from '../model/files.ts';
import type { Target } from '../model/target.ts';
import { once } from '../model/once.ts';
import {
  bundlesOf,
  certificatesIn,
  credentialsOf,
  describeUses,
  fileTarget,
  type Trust,
  type Use,
} from './certificate-uses.ts';
import { enumerate, nameInWords } from '../model/words.ts';
import { groupBy } from '../model/group-by.ts';
import { isIssuer } from '../pki/is-issuer.ts';

/** One certificate that is used or trusted, wherever copies of it are. */
export interface CertificateInUse {
  /** The first file that holds it, or the endpoint that serves it. */
  readonly target: Target;
  readonly certificate: Certificate;
  /** Paths of the files that hold it. */
  readonly paths: readonly string[];
  /** `ca`: trusted as an anchor; `leaf`: first in a certificate file; `intermediate`: after the first. */
  readonly place: 'leaf' | 'intermediate' | 'ca';
  /** `server certificate of node1`, `CA that node1 trusts for clients`. */
  readonly role: string;
  /** Names of the leaf files that this certificate issued. */
  readonly issued: readonly string[];
}

type Seen = Known<'files' | 'members' | 'clients', 'endpoints'>;

/** Every certificate in use, once: leaves, what is sent with them, CAs, and what is served but in no file. */
export const certificatesInUse = once((facts: Seen): readonly CertificateInUse[] =>
  withIssued(merge([...inFiles(facts), ...served(facts)])),
);

function inFiles(facts: Seen): readonly CertificateInUse[] {
  const credentials = credentialsOf(facts).flatMap(({ file, leaf, uses }) =>
    certificatesIn(file).map((certificate) =>
      holding(file, certificate, {
        place: certificate === leaf ? 'leaf' : 'intermediate',
        role: certificate === leaf ? describeUses(uses) : `CA sent with the ${describeUses(uses)}`,
        usedBy: uses,
      }),
    ),
  );
  const bundles = bundlesOf(facts).flatMap(({ file, trustedBy }) =>
    certificatesIn(file).map((certificate) =>
      holding(file, certificate, {
        place: 'ca',
        role: describeTrust(trustedBy),
        usedBy: trustedBy,
      }),
    ),
  );
  return [...bundles, ...credentials];
}

/** `CA that node1 and node2 trust for clients and peers`. */
export function describeTrust(trustedBy: readonly Trust[]): string {
  const owners = [...new Set(trustedBy.map(({ owner }) => owner))];
  const purposes = [...new Set(trustedBy.map(({ purpose }) => purpose))];
  return `CA that ${enumerate(owners.map(nameInWords), 4)} ${owners.length === 1 ? 'trusts' : 'trust'} for ${enumerate(purposes)}`;
}

interface Holding {
  readonly place: CertificateInUse['place'];
  readonly role: string;
  readonly usedBy: readonly (Use | Trust)[];
}

function holding(
  file: FileFact,
  certificate: Certificate,
  { usedBy, ...rest }: Holding,
): CertificateInUse {
  const target = fileTarget(file, usedBy);
  return { target, certificate, paths: [file.path], issued: [], ...rest };
}

function served(facts: Seen): readonly CertificateInUse[] {
  return (facts.endpoints ?? []).flatMap(({ target, flight }) =>
    (flight?.chain ?? []).map((certificate, index) => ({
      target,
      certificate,
      paths: [],
      place: index === 0 ? ('leaf' as const) : ('intermediate' as const),
      role: `certificate served at ${target.name}`,
      issued: [],
    })),
  );
}

function merge(all: readonly CertificateInUse[]): readonly CertificateInUse[] {
  const bySha256 = new Map<string, CertificateInUse>();
  for (const inUse of all) {
    const { sha256 } = inUse.certificate;
    const before = bySha256.get(sha256);
    const paths = [...new Set([...(before?.paths ?? []), ...inUse.paths])];
    bySha256.set(sha256, { ...(before ?? inUse), paths });
  }
  return [...bySha256.values()];
}

function withIssued(all: readonly CertificateInUse[]): readonly CertificateInUse[] {
  const leaves = groupBy(all, ({ certificate }) => certificate.issuer.raw);
  return all.map((inUse) => {
    const { subject, sha256 } = inUse.certificate;
    const below = (leaves.get(subject.raw) ?? []).filter(
      ({ certificate, place }) =>
        place === 'leaf' &&
        certificate.sha256 !== sha256 &&
        isIssuer(inUse.certificate, certificate),
    );
    return { ...inUse, issued: below.map(({ target }) => target.name) };
  });
}

/**
 * Whether a CA that is out of date does no harm: each file that is trusted and holds it has another certificate of
 * the same CA that is valid, or any valid one where it issued nothing that is in use.
 */
export function isLeftOver(inUse: CertificateInUse, facts: Seen, now: Date): boolean {
  if (inUse.place !== 'ca') return false;
  const holders = bundlesOf(facts).filter(({ file }) => inUse.paths.includes(file.path));
  return holders.every(({ file }) =>
    certificatesIn(file).some((other) => isCurrent(other, now) && standsFor(other, inUse)),
  );
}

function standsFor(other: Certificate, { certificate, issued }: CertificateInUse): boolean {
  const { subject, publicKey } = certificate;
  const isSame = other.subject.raw === subject.raw && other.publicKey.sha256 === publicKey.sha256;
  return isSame || issued.length === 0;
}

function isCurrent({ notBefore, notAfter }: Certificate, now: Date): boolean {
  return new Date(notBefore) <= now && now <= new Date(notAfter);
}

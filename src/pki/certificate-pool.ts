import type { Certificate } from '../model/certificate.ts';
import { areEqual, toLatin1 } from './bytes.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import type { Link } from './verification.ts';

/** Go's CertPool: certificates by subject, each once. What this Go cannot parse is not in it. */
export class CertificatePool {
  readonly #go: GoRelease;
  readonly #bySubject = new Map<string, Link[]>();
  readonly #byKeyId = new Map<string, Link[]>();
  readonly #known = new Set<string>();

  constructor(certificates: readonly Certificate[], go: GoRelease) {
    this.#go = go;
    for (const certificate of certificates) this.#add(certificate);
  }

  has({ sha256 }: Certificate): boolean {
    return this.#known.has(sha256);
  }

  /** Whoever may have signed the certificate, the likeliest first. */
  candidates({ decoded: child }: Link): readonly Link[] {
    const authorityKeyId = child.authorityKeyId ?? new Uint8Array();
    // Until 1.15 those with the right key identifier were taken, and others only for want of them.
    if (!isSince(this.#go, 16) && authorityKeyId.length > 0) {
      const byKeyId = this.#byKeyId.get(toLatin1(authorityKeyId));
      if (byKeyId !== undefined) return byKeyId;
    }
    const found = this.#bySubject.get(child.issuer.raw) ?? [];
    if (!isSince(this.#go, 16)) return found;
    const rank = ({ decoded }: Link): number =>
      rankKeyIds(decoded.subjectKeyId ?? new Uint8Array(), authorityKeyId);
    return found.toSorted((left, right) => rank(left) - rank(right));
  }

  #add(certificate: Certificate): void {
    const decoded = decodedFor(certificate, this.#go);
    if (isParseFault(decoded) || this.#known.has(certificate.sha256)) return;
    this.#known.add(certificate.sha256);
    const link = { certificate, decoded };
    append(this.#bySubject, decoded.subject.raw, link);
    if (decoded.subjectKeyId !== undefined && decoded.subjectKeyId.length > 0) {
      append(this.#byKeyId, toLatin1(decoded.subjectKeyId), link);
    }
  }
}

function append(index: Map<string, Link[]>, key: string, link: Link): void {
  const links = index.get(key);
  if (links === undefined) index.set(key, [link]);
  else links.push(link);
}

/** Equal ones first, which two missing ones are too, then those where one is missing. */
function rankKeyIds(subjectKeyId: Uint8Array, authorityKeyId: Uint8Array): number {
  if (areEqual(subjectKeyId, authorityKeyId)) return 0;
  return subjectKeyId.length === 0 || authorityKeyId.length === 0 ? 1 : 2;
}

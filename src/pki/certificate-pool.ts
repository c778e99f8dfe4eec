import type { Certificate } from '../model/certificate.ts';
import { areEqual, toLatin1 } from './bytes.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import type { Link } from './verification.ts';
import { groupBy } from '../model/group-by.ts';

/** Go's CertPool: certificates by subject, each once. What this Go cannot parse is not in it. */
export class CertificatePool {
  readonly #go: GoRelease;
  readonly #links: ReadonlyMap<string, Link>;
  readonly #bySubject: ReadonlyMap<string, readonly Link[]>;
  readonly #byKeyId: ReadonlyMap<string, readonly Link[]>;

  constructor(certificates: readonly Certificate[], go: GoRelease) {
    this.#go = go;
    const distinct = new Map(certificates.map((each) => [each.sha256, each]));
    const links = [...distinct.values()].flatMap((certificate): readonly Link[] => {
      const decoded = decodedFor(certificate, go);
      return isParseFault(decoded) ? [] : [{ certificate, decoded }];
    });
    this.#links = new Map(links.map((link) => [link.certificate.sha256, link]));
    this.#bySubject = groupBy(links, ({ decoded }) => decoded.subject.raw);
    const withKeyId = links.filter(({ decoded }) => (decoded.subjectKeyId?.length ?? 0) > 0);
    this.#byKeyId = groupBy(withKeyId, ({ decoded }) =>
      toLatin1(decoded.subjectKeyId ?? new Uint8Array()),
    );
  }

  has({ sha256 }: Certificate): boolean {
    return this.#links.has(sha256);
  }

  /** The certificates that may have signed this one, the likeliest first. */
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
}

/** Equal ones first, which two missing ones are too, then those where one is missing. */
function rankKeyIds(subjectKeyId: Uint8Array, authorityKeyId: Uint8Array): number {
  if (areEqual(subjectKeyId, authorityKeyId)) return 0;
  return subjectKeyId.length === 0 || authorityKeyId.length === 0 ? 1 : 2;
}

import { defaultPolicy } from '../../model/policy.ts';
import type { Report } from '../../model/report.ts';
import {
  isAuthority,
  isSelfIssued,
  issuerFit,
  type SeenCertificate,
  seenCertificates,
  shortName,
  usesInWords,
} from '../certificates.ts';
import { groupBy } from '../group.ts';
import { counted, enumerate } from '../layout.ts';

/** Certificates that end on the same day in the same role, as one bar. */
export interface Span {
  readonly title: string;
  readonly detail: string;
  /** Milliseconds since the epoch, as all instants here. */
  readonly from: number;
  readonly to: number;
  readonly authority: boolean;
  readonly state: 'good' | 'soon' | 'bad';
}

export interface Expiry {
  readonly now: number;
  readonly warning: number;
  /** Soonest end first. */
  readonly spans: readonly Span[];
  /** Ends of every certificate, authorities included. */
  readonly ends: readonly number[];
  /** When so many peer certificates have ended that the cluster cannot elect a leader. */
  readonly quorumLost?: number;
}

const dayMilliseconds = 86_400_000;

/** When every certificate ends, and what that does to the cluster. */
export function expiryOf(report: Report): Expiry {
  const now = Date.parse(report.collectedAt);
  const warning = now + (report.policy ?? defaultPolicy).expiryWarningDays * dayMilliseconds;
  const seen = seenCertificates(report);
  const byDay = groupBy(seen, ({ certificate }) =>
    JSON.stringify([certificate.notAfter.slice(0, 10), isAuthority(certificate)]),
  );
  const spans = [...byDay.values()].flatMap((same) => spansOf(same, { now, warning }));
  const quorumLost = quorumLoss(report, seen);
  return {
    now,
    warning,
    spans: spans.toSorted((one, other) => one.to - other.to),
    ends: seen.map(({ certificate }) => Date.parse(certificate.notAfter)),
    ...(quorumLost !== undefined && { quorumLost }),
  };
}

/** Few certificates of a day keep a bar each; many share one. */
function spansOf(
  same: readonly SeenCertificate[],
  times: Pick<Expiry, 'now' | 'warning'>,
): readonly Span[] {
  if (same.length <= 6) return same.map((each) => spanOf(each, times));
  const [first] = same;
  if (first === undefined) return [];
  const title = counted(same.length, 'certificate');
  const detail = enumerate(
    same.map(({ certificate }) => shortName(certificate)),
    4,
  );
  return [{ ...spanOf(first, times), title, detail }];
}

function spanOf(
  { certificate, places, uses }: SeenCertificate,
  { now, warning }: Pick<Expiry, 'now' | 'warning'>,
): Span {
  const from = Date.parse(certificate.notBefore);
  const to = Date.parse(certificate.notAfter);
  const roles = usesInWords(uses.filter(({ role }) => role !== 'ca'));
  return {
    title: shortName(certificate),
    detail: [enumerate(places, 3), roles].filter(Boolean).join(' · '),
    from,
    to,
    authority: isAuthority(certificate),
    state: to < now || from > now ? 'bad' : to < warning ? 'soon' : 'good',
  };
}

/**
 * A member is out when its peer certificate, or the authority that issued it, has ended; quorum
 * is lost with the member that leaves fewer than a majority.
 */
function quorumLoss({ facts }: Report, seen: readonly SeenCertificate[]): number | undefined {
  const members = facts.members ?? [];
  const ends = members.flatMap(({ name }) => {
    const peer = seen.find(({ uses }) =>
      uses.some(({ role, owner }) => role === 'peer' && owner === name),
    );
    return peer === undefined ? [] : [endOfChain(peer, seen)];
  });
  if (members.length === 0 || ends.length < members.length) return undefined;
  const majority = Math.floor(members.length / 2) + 1;
  return ends.toSorted((one, other) => one - other)[members.length - majority];
}

function endOfChain({ certificate }: SeenCertificate, seen: readonly SeenCertificate[]): number {
  const end = Date.parse(certificate.notAfter);
  if (isSelfIssued(certificate)) return end;
  const issuers = seen.filter(
    (each) => isAuthority(each.certificate) && issuerFit(certificate, each.certificate) === 'fits',
  );
  const ends = issuers.map((issuer) => Date.parse(issuer.certificate.notAfter));
  return ends.length === 0 ? end : Math.min(end, Math.max(...ends));
}

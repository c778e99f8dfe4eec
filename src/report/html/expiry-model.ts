import { defaultPolicy } from '../../model/policy.ts';
import type { Report } from '../../model/report.ts';
import {
  isAuthority,
  type SeenCertificate,
  seenCertificates,
  shortName,
  usesInWords,
} from '../../deployment/seen-certificates.ts';
import { counted, enumerate } from '../../model/words.ts';
import type { Paths } from './paths.ts';
import { groupBy } from '../../model/group-by.ts';

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
export function expiryOf(report: Report, { tail }: Paths): Expiry {
  const now = Date.parse(report.collectedAt);
  const warning = now + (report.policy ?? defaultPolicy).expiryWarningDays * dayMilliseconds;
  const seen = seenCertificates(report.facts);
  const byDay = groupBy(seen, ({ certificate }) =>
    JSON.stringify([certificate.notAfter.slice(0, 10), isAuthority(certificate)]),
  );
  const spans = [...byDay.values()].flatMap((same) => spansOf(same, { now, warning, tail }));
  return {
    now,
    warning,
    spans: spans.toSorted((one, other) => one.to - other.to),
    ends: seen.map(({ certificate }) => Date.parse(certificate.notAfter)),
    ...(report.quorumLoss && { quorumLost: Date.parse(report.quorumLoss.at) }),
  };
}

interface Circumstances extends Pick<Expiry, 'now' | 'warning'>, Pick<Paths, 'tail'> {}

/** Few certificates of a day keep a bar each; many share one. */
function spansOf(same: readonly SeenCertificate[], times: Circumstances): readonly Span[] {
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
  { now, warning, tail }: Circumstances,
): Span {
  const from = Date.parse(certificate.notBefore);
  const to = Date.parse(certificate.notAfter);
  const roles = usesInWords(uses.filter(({ role }) => role !== 'ca'));
  return {
    title: shortName(certificate),
    detail: [enumerate(places.map(tail), 3), roles].filter(Boolean).join(' · '),
    from,
    to,
    authority: isAuthority(certificate),
    state: to < now || from > now ? 'bad' : to < warning ? 'soon' : 'good',
  };
}

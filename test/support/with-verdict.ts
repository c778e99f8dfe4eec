import { verdictOf } from '../../src/evaluate/verdict.ts';
import type { Report } from '../../src/model/report.ts';

/** A report made by hand, with the verdict that its results come to. */
export function withVerdict(report: Omit<Report, 'verdict' | 'schemaVersion'>): Report {
  const scope = { kind: 'cluster', missing: [], excerpts: [] } as const;
  const verdict = verdictOf({ ...report, scope, assumptions: [] });
  return { schemaVersion: 2, ...report, verdict };
}

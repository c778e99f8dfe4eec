import { byCluster, clusterOf } from '../model/clusters.ts';
import { byUrgency, openFindings } from '../model/finding.ts';
import type { Report } from '../model/report.ts';

/** What a report says of one cluster. */
export interface ClusterReport {
  /** Absent where there is but one, and for what is of no single cluster. */
  readonly cluster?: string;
  readonly report: Report;
}

/**
 * The report as one for each of its clusters, worst first, and one for what is of no single cluster; the
 * report itself where there is but one cluster.
 */
export function reportsByCluster(report: Report): readonly ClusterReport[] {
  const { collectedAt, facts, quorumLoss, ...rest } = report;
  const parts = byCluster({ collectedAt, facts, gaps: {} });
  if (parts.length < 2) return [{ report }];

  const own = parts.flatMap((part) => {
    const cluster = clusterOf(part);
    if (cluster === undefined) return [];
    const results = report.results.filter(({ target }) => target.cluster === cluster);
    const loss = quorumLoss?.cluster === cluster ? { quorumLoss } : {};
    const forecast = report.forecast.filter((edge) => edge.cluster === cluster);
    return [
      { cluster, report: { ...rest, ...loss, collectedAt, facts: part.facts, results, forecast } },
    ];
  });
  const shared = report.results.filter(({ target }) => target.cluster === undefined);
  const others = { ...rest, collectedAt, facts: {}, results: shared, forecast: [] };
  return [...own.toSorted(byWorst), { report: others }];
}

function byWorst(one: ClusterReport, other: ClusterReport): number {
  const [worst] = openFindings(one.report.results).toSorted(byUrgency);
  const [worse] = openFindings(other.report.results).toSorted(byUrgency);
  if (worst === undefined || worse === undefined) return worst === worse ? 0 : worst ? -1 : 1;
  return byUrgency(worst, worse);
}

import { evaluate } from '../../src/evaluate/evaluate.ts';
import { foldRefusals } from '../../src/evaluate/one-cause-one-finding.ts';
import { openReleases } from '../../src/deployment/releases.ts';
import { settle } from '../../src/evaluate/settle.ts';
import { quorumLoss } from '../../src/forecast/quorum-loss.ts';
import { withVerdict } from './with-verdict.ts';
import { catalogue } from '../../src/checks/index.ts';
import { type CatalogueEntry, isQuestion } from '../../src/model/check.ts';
import type { Facts } from '../../src/model/evidence.ts';
import { defaultPolicy } from '../../src/model/policy.ts';
import type { Report, Result } from '../../src/model/report.ts';

/** The moment at which every test judges. */
const collectedAt = '2026-01-01T00:00:00.000Z';

/** What one check says of some facts, through the real engine. */
export function verdicts(check: CatalogueEntry, facts: Partial<Facts>): Result['verdict'][] {
  return reportOn(check, facts).results.map(({ verdict }) => verdict);
}

/** What these entries of the catalogue say of facts whose forecast is among them. */
export function resultsOn(
  entries: readonly CatalogueEntry[],
  facts: Partial<Facts>,
): readonly Result[] {
  const { forecast: edges = [], ...collected } = facts;
  const deployment = { collectedAt, facts: collected, gaps: {} };
  const scope = { kind: 'cluster', missing: [], excerpts: [] } as const;
  const { forecast } = facts;
  const loss = forecast && quorumLoss(deployment, forecast);
  const judged = { deployment, ...(forecast && { forecast }), ...(loss && { quorumLoss: loss }) };
  const raw = evaluate(entries, judged, defaultPolicy);
  const openByRelease = { keys: new Set<string>(), assumption: openReleases(collected) };
  const settled = settle(raw, { facts: collected, edges, scope, openByRelease });
  return foldRefusals({ raw, settled, edges, entries });
}

/** The report of an audit that has one check and these facts only. */
export function reportOn(check: CatalogueEntry, facts: Partial<Facts>): Report {
  const { forecast = [], ...collected } = facts;
  // Which connections are left to report depends on the failures of all the others.
  const connections = catalogue.filter((entry) => !isQuestion(entry));
  const entries = isQuestion(check) ? [check, ...connections] : catalogue;
  const results = resultsOn(entries, facts).filter((result) => result.check.id === check.id);
  return withVerdict({
    // A report without a tool's name has no heading: pages show the finding alone.
    tool: { name: '', version: '' },
    command: facts.endpoints === undefined ? 'check' : 'verify',
    collectedAt,
    checks: [check],
    results,
    forecast,
    gaps: [],
    facts: collected,
  });
}

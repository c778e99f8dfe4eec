import { evaluate } from '../../src/evaluate/evaluate.ts';
import { settle } from '../../src/evaluate/settle.ts';
import { withVerdict } from './with-verdict.ts';
import type { Check } from '../../src/model/check.ts';
import type { Facts } from '../../src/model/evidence.ts';
import { defaultPolicy } from '../../src/model/policy.ts';
import type { Report, Result } from '../../src/model/report.ts';

/** The moment at which every test judges. */
const collectedAt = '2026-01-01T00:00:00.000Z';

/** What one check says of some facts, through the real engine. */
export function verdicts(check: Check, facts: Partial<Facts>): Result['verdict'][] {
  return reportOn(check, facts).results.map(({ verdict }) => verdict);
}

/** The report of an audit that has one check and these facts only. */
export function reportOn(check: Check, facts: Partial<Facts>): Report {
  const { forecast, ...collected } = facts;
  const deployment = { collectedAt, facts: collected, gaps: {} };
  const unsettled = evaluate([check], { deployment, ...(forecast && { forecast }) }, defaultPolicy);
  const scope = { kind: 'cluster', missing: [], excerpts: [] } as const;
  const results = settle(unsettled, {
    facts: collected,
    edges: forecast ?? [],
    scope,
    openByRelease: new Set(),
  });
  return withVerdict({
    // A report without a tool's name has no heading: pages show the finding alone.
    tool: { name: '', version: '' },
    command: facts.endpoints === undefined ? 'check' : 'verify',
    collectedAt,
    checks: [check],
    results,
    forecast: forecast ?? [],
    gaps: [],
    facts: collected,
  });
}

import { certificateList } from '../deployment/seen-certificates.ts';
import type { CheckMetadata } from '../model/check.ts';
import { severityOf } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { jsonText } from './escape.ts';
import type { JsonReport } from './json-report.ts';

/** For machines, and for `render`: everything that the other formats show, by the published schema. */
export function json(report: Report): string {
  return jsonText(toJsonReport(report));
}

function toJsonReport(report: Report): JsonReport {
  const { facts, results, checks, forecast, gaps, waivers, ...head } = report;
  const { members = [], clients = [], forecast: _sameAsAbove, ...others } = facts;
  return {
    ...head,
    inventory: { members, clients },
    certificates: certificateList(facts, new Date(report.collectedAt)),
    results: results.map(({ check, ...result }) => ({
      check: check.id,
      ...result,
      severity: severityOf({ check, ...result }),
    })),
    forecast,
    gaps,
    ...(waivers && { waivers }),
    checks: checks.map(metadata),
    facts: others,
  };
}

/** What a person reads about a check, without what the engine knows of it. */
function metadata(check: CheckMetadata): CheckMetadata {
  const { id, title, severity, effect, rationale, remediation, references, standards } = check;
  const head = { id, title, severity, ...(effect !== undefined && { effect }) };
  return { ...head, rationale, remediation, references, standards };
}

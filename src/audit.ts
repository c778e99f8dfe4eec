import { checks } from './checks/index.ts';
import { type AuditRequest, collect } from './collect/collect.ts';
import { applyBaseline, type FindingKey } from './evaluate/baseline.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { applyWaivers } from './evaluate/waivers.ts';
import { forecast } from './forecast/forecast.ts';
import { withObservations } from './forecast/observe.ts';
import type { Check } from './model/check.ts';
import type { Evidence } from './model/evidence.ts';
import { defaultPolicy, type Policy } from './model/policy.ts';
import type { Gap, Report, Waiver } from './model/report.ts';
import { version } from './version.ts';

/** How to judge, beside the evidence itself. */
export interface Judgement {
  readonly policy?: Policy;
  readonly waivers?: readonly Waiver[];
  readonly baseline?: readonly FindingKey[];
  /** Which checks to put to the evidence; all of them unless told otherwise. */
  readonly selects?: (check: Check) => boolean;
}

/** Audits a cluster: looks at it once, then judges what was seen. */
export async function audit(request: AuditRequest, judgement: Judgement = {}): Promise<Report> {
  return judge(await collect(request), judgement);
}

/** Judges evidence that was collected before, perhaps on another host. Pure. */
export function judge(evidence: Evidence, judgement: Judgement = {}): Report {
  const { policy = defaultPolicy, waivers = [], baseline = [], selects = () => true } = judgement;
  const edges = withObservations(forecast(evidence), evidence);
  const asked = checks.filter(selects);
  const results = applyBaseline(evaluate(asked, { evidence, forecast: edges }, policy), baseline);
  const waived = applyWaivers(results, waivers, new Date(evidence.collectedAt));

  return {
    schemaVersion: 1,
    tool: { name: 'etcd-tls-audit', version },
    command: evidence.facts.endpoints === undefined ? 'check' : 'verify',
    collectedAt: evidence.collectedAt,
    checks: asked,
    results: waived.results,
    forecast: edges,
    gaps: gapsOf(evidence),
    ...(waivers.length > 0 && { waivers: waived.waivers }),
    facts: evidence.facts,
  };
}

function gapsOf(evidence: Evidence): readonly Gap[] {
  return Object.entries(evidence.gaps).map(([what, because]) => ({ what, because, asked: false }));
}

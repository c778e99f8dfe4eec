import { aboutEdge } from '../model/about.ts';
import { type ConnectionCheck, fail, inconclusive, pass } from '../model/check.ts';
import type { FactName, Facts } from '../model/evidence.ts';
import { type Edge, isRefused } from '../model/forecast.ts';
import { type Target, wholeCluster } from '../model/target.ts';

import type { Unsettled } from './settle.ts';
import { hasAll, type Knowledge, unanswered } from './unanswered.ts';

/** Why a connection is refused whose member does not start with its settings. */
export const startRule = 'etcd.refused-at-start';

/** What connections are predicted from. */
const behindForecast: readonly FactName[] = ['files', 'members', 'clients', 'forecast'];

/** One result for each connection that the deployment needs, of those that the check reports. */
export function reportConnections(
  check: ConnectionCheck,
  { facts, gaps }: Knowledge,
  asksStart: boolean,
): readonly Unsettled[] {
  const { forecast = [] } = facts;
  const needed = forecast.filter((edge) => edge.wanted === 'accepted' && check.reports(edge));
  if (needed.length === 0) {
    return hasAll(facts, behindForecast)
      ? [{ check, target: wholeCluster, verdict: { status: 'not-applicable' } }]
      : [unanswered(check, behindForecast, { facts, gaps })];
  }
  return needed.map((edge) => ({
    check,
    target: placed(check.targetOf?.(edge) ?? edge.target, edge),
    verdict: verdictOn(edge, check, { facts, asksStart }),
  }));
}

/** A refused connection is shown at the setting that is at fault, where one is. */
function placed(target: Target, edge: Edge): Target {
  const location = isRefused(edge) ? edge.blame?.location : undefined;
  return location === undefined || target.location !== undefined ? target : { ...target, location };
}

function verdictOn(
  edge: Edge,
  check: ConnectionCheck,
  { facts, asksStart }: { readonly facts: Partial<Facts>; readonly asksStart: boolean },
): Unsettled['verdict'] {
  if (isRefused(edge)) {
    return fail({ about: edge.about ?? [aboutEdge(edge)], ...check.describe(edge, facts) });
  }
  if (edge.outcome !== 'not-sure' || edge.observed?.outcome === 'accepted') return pass;
  const { dependsOn = ['facts that the files do not contain'] } = edge;
  // Whether a member starts is asked once, of its settings, where that check is not skipped.
  if (edge.rule === startRule && asksStart) {
    return {
      status: 'not-applicable',
      because: `the outcome depends on ${dependsOn.join(' and ')}`,
    };
  }
  return inconclusive(`the outcome depends on ${dependsOn.join(' and ')}`);
}

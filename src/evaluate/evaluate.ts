import {
  type CatalogueEntry,
  type Check,
  type Context,
  type HasTarget,
  isQuestion,
} from '../model/check.ts';
import type { Deployment } from '../model/deployment.ts';
import type { Facts } from '../model/evidence.ts';
import type { Edge, QuorumLoss } from '../model/forecast.ts';
import { isUnreachableButUsed } from '../model/live.ts';
import type { Policy } from '../model/policy.ts';
import type { Unsettled } from './settle.ts';
import { isAtLeast } from '../model/severity.ts';
import { wholeCluster } from '../model/target.ts';
import { reportConnections, startRule } from './report-connections.ts';
import { withoutStopped } from './stopped-members.ts';
import { hasAll, type Knowledge, unanswered } from './unanswered.ts';

/** The deployment and what was forecast from it: all that checks may ask. */
export interface Case {
  readonly deployment: Deployment;
  readonly forecast?: readonly Edge[];
  readonly quorumLoss?: QuorumLoss;
}

/** What every check says, and each connection that the deployment needs. Pure: no clock, no disk, no network. */
export function evaluate(
  entries: readonly CatalogueEntry[],
  { deployment, forecast, quorumLoss }: Case,
  policy: Policy,
): readonly Unsettled[] {
  const facts: Partial<Facts> = {
    ...deployment.facts,
    ...(forecast && { forecast }),
    ...(quorumLoss && { quorumLoss }),
  };
  const context = { facts, policy, now: new Date(deployment.collectedAt), gaps: deployment.gaps };
  const asksStart = entries.some(
    (entry) =>
      isQuestion(entry) &&
      entry.explains?.includes(startRule) === true &&
      entry.needs.includes('members'),
  );
  const results = entries.flatMap((entry) =>
    isQuestion(entry)
      ? evaluateCheck(entry, context)
      : reportConnections(entry, context, asksStart),
  );
  const shielded = shieldedPorts(facts);
  const shown = results.map((result) => (isShielded(result, shielded) ? lowered(result) : result));
  return withoutStopped(shown, entries, facts);
}

/**
 * Peer and metrics ports that cannot be reached from here. Many networks let only members to them, so
 * that this says nothing against the member, and the questions about them are no reason to withhold a PASS.
 */
function shieldedPorts({ endpoints = [] }: Partial<Facts>): ReadonlySet<string> {
  const shielded = endpoints.filter(isUnreachableButUsed);
  return new Set(shielded.map(({ target }) => target.name));
}

function isShielded({ target, verdict }: Unsettled, shielded: ReadonlySet<string>): boolean {
  return (
    verdict.status === 'inconclusive' && target.kind === 'endpoint' && shielded.has(target.name)
  );
}

function lowered(result: Unsettled): Unsettled {
  const { check, severity = check.severity } = result;
  return isAtLeast(severity, 'high') ? { ...result, severity: 'medium' } : result;
}

interface Examination extends Knowledge {
  readonly policy: Policy;
  readonly now: Date;
}

function evaluateCheck(
  check: Check,
  { facts, gaps, policy, now }: Examination,
): readonly Unsettled[] {
  const { needs } = check;
  if (!hasAll(facts, needs)) return [unanswered(check, needs, { facts, gaps })];

  const context: Context = { facts, policy, now };
  try {
    const subjects = check.targets(facts);
    if (subjects.length > 0) {
      return subjects.map((subject) => {
        const decidedBy = subject.decidedBy ?? check.decidedBy;
        const verdict = examineSafely(check, subject, context);
        return { check, target: subject.target, ...(decidedBy && { decidedBy }), verdict };
      });
    }
  } catch (error) {
    return [
      { check, target: wholeCluster, verdict: { status: 'crashed', because: String(error) } },
    ];
  }
  return [{ check, target: wholeCluster, verdict: { status: 'not-applicable' } }];
}

/** A crash is reported with the other results, so that one bad check cannot cost the audit. */
function examineSafely(check: Check, subject: HasTarget, context: Context): Unsettled['verdict'] {
  try {
    return check.examine(subject, context);
  } catch (error) {
    return { status: 'crashed', because: String(error) };
  }
}

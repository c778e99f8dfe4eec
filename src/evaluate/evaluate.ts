import { type Check, type Context, type HasTarget, inconclusive } from '../model/check.ts';
import type { Deployment } from '../model/deployment.ts';
import type { FactName, Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import type { Policy } from '../model/policy.ts';
import type { Unsettled } from './settle.ts';
import { wholeCluster } from '../model/target.ts';

/** The deployment and what was forecast from it: all that checks may ask. */
export interface Case {
  readonly deployment: Deployment;
  readonly forecast?: readonly Edge[];
}

/** Puts every check to the evidence. Pure: no clock, no disk, no network. */
export function evaluate(
  checks: readonly Check[],
  { deployment, forecast }: Case,
  policy: Policy,
): readonly Unsettled[] {
  const facts: Partial<Facts> = { ...deployment.facts, ...(forecast && { forecast }) };
  const context = { facts, policy, now: new Date(deployment.collectedAt), gaps: deployment.gaps };
  return checks.flatMap((check) => evaluateCheck(check, context));
}

interface Examination {
  readonly facts: Partial<Facts>;
  readonly policy: Policy;
  readonly now: Date;
  readonly gaps: Deployment['gaps'];
}

function evaluateCheck(
  check: Check,
  { facts, gaps, policy, now }: Examination,
): readonly Unsettled[] {
  const { needs } = check;
  if (!hasAll(facts, needs)) {
    const missing = needs.filter((name) => facts[name] === undefined);
    const because = missing.map((name) => gaps[name] ?? `nothing is known of ${name}`).join('; ');
    return [{ check, target: wholeCluster, verdict: inconclusive(because) }];
  }

  const context: Context = { facts, policy, now };
  try {
    const subjects = check.targets(facts);
    if (subjects.length > 0) {
      return subjects.map((subject) => ({
        check,
        target: subject.target,
        verdict: examineSafely(check, subject, context),
      }));
    }
  } catch (error) {
    return [
      { check, target: wholeCluster, verdict: { status: 'crashed', because: String(error) } },
    ];
  }
  return [{ check, target: wholeCluster, verdict: { status: 'not-applicable' } }];
}

/** A crash is reported beside the other results, so that one bad check cannot cost the audit. */
function examineSafely(check: Check, subject: HasTarget, context: Context): Unsettled['verdict'] {
  try {
    return check.examine(subject, context);
  } catch (error) {
    return { status: 'crashed', because: String(error) };
  }
}

function hasAll<Name extends FactName>(
  facts: Partial<Facts>,
  names: readonly Name[],
): facts is Partial<Facts> & Pick<Facts, Name> {
  return names.every((name) => facts[name] !== undefined);
}

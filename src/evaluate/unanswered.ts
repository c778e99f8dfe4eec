import { type CheckMetadata, inconclusive } from '../model/check.ts';
import type { FactName, Facts } from '../model/evidence.ts';
import { wholeCluster } from '../model/target.ts';
import type { Unsettled } from './settle.ts';

/** What is known, and why what is not known is missing. */
export interface Knowledge {
  readonly facts: Partial<Facts>;
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
}

/** A question that cannot be put, for lack of what it needs. */
export function unanswered(
  check: CheckMetadata,
  needs: readonly FactName[],
  { facts, gaps }: Knowledge,
): Unsettled {
  const missing = needs.filter((name) => facts[name] === undefined);
  const because = missing.map((name) => gaps[name] ?? `no evidence about ${name}`).join('; ');
  return { check, target: wholeCluster, verdict: inconclusive(because) };
}

/** Whether all the facts are there. */
export function hasAll<Name extends FactName>(
  facts: Partial<Facts>,
  names: readonly Name[],
): facts is Partial<Facts> & Pick<Facts, Name> {
  return names.every((name) => facts[name] !== undefined);
}

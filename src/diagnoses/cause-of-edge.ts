import { causeOfRule } from '../forecast/rules.ts';
import type { Edge } from '../model/forecast.ts';
import { isRefusalRule } from '../model/refusal.ts';
import type { CauseCode } from './cause.ts';

/** The cause of a predicted refusal; nothing for a rule that rejects nothing. */
export function causeOfEdge({ rule, refusedBy }: Edge): CauseCode | undefined {
  return isRefusalRule(rule) ? causeOfRule(rule, refusedBy) : undefined;
}

import { type CauseCode, causes } from './cause.ts';
import type { Reading } from './reading.ts';
import { certificateRules } from './rules/certificates.ts';
import type { Rule } from './rules/rule.ts';
import { surroundingRules } from './rules/surroundings.ts';

/** A possible cause with the arguments for it, strongest first. */
export interface RankedCause {
  readonly code: CauseCode;
  /** Sum of the weights of its arguments. */
  readonly score: number;
  readonly evidence: readonly string[];
}

const rules: readonly Rule[] = [...certificateRules, ...surroundingRules];

/** Below this sum the arguments are consistent with a cause without pointing to it. */
const leastScore = 2;

/** The causes that a reading allows, best first; `UNKNOWN` alone when it points to none. */
export function rankCauses(reading: Reading): readonly [RankedCause, ...RankedCause[]] {
  const applicable = rules.filter((rule) => rule.when(reading));
  const codes = [...new Set(applicable.map(({ cause }) => cause))];
  const [best, ...others] = codes
    .map((code) => weigh(code, applicable, reading))
    .filter(({ score }) => score >= leastScore)
    .toSorted((left, right) => right.score - left.score || order(left) - order(right));
  if (best !== undefined) return [best, ...others];

  return [{ code: 'UNKNOWN', score: 0, evidence: ['no known wording or circumstance in it'] }];
}

function weigh(code: CauseCode, all: readonly Rule[], reading: Reading): RankedCause {
  const own = all
    .filter(({ cause }) => cause === code)
    .toSorted((left, right) => right.weight - left.weight);
  return {
    code,
    score: own.reduce((sum, { weight }) => sum + weight, 0),
    evidence: own.map(({ because }) => (typeof because === 'string' ? because : because(reading))),
  };
}

/** Equal scores keep the order of the catalogue, which goes from common to rare within an area. */
function order({ code }: RankedCause): number {
  return Object.keys(causes).indexOf(code);
}

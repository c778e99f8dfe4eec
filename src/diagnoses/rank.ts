import { type CauseCode, causes } from './cause.ts';
import type { Reading } from './reading.ts';
import { authorityRules } from './rules/authorities.ts';
import { authorizationRules } from './rules/authorization.ts';
import { clientRules } from './rules/clients.ts';
import { nameRules } from './rules/names.ts';
import type { Rule } from './rules/rule.ts';
import { settingRules } from './rules/settings.ts';
import { surroundingRules } from './rules/surroundings.ts';
import { usageAndDateRules } from './rules/usages-and-dates.ts';

/** A possible cause with the arguments for it, strongest first. */
export interface RankedCause {
  readonly code: CauseCode;
  /** Sum of the weights of its arguments. */
  readonly score: number;
  readonly evidence: readonly string[];
  /** What its strongest argument was found in. */
  readonly reading: Reading;
}

const rules: readonly Rule[] = [
  ...nameRules,
  ...authorityRules,
  ...usageAndDateRules,
  ...clientRules,
  ...settingRules,
  ...surroundingRules,
  ...authorizationRules,
];

/** Below this sum the arguments are consistent with a cause without pointing to it. */
const leastScore = 2;

/**
 * The causes that all that was read of one incident allows, best first; `UNKNOWN` alone when it
 * points to none. An argument counts once, however many lines support it.
 */
export function rankCauses(
  readings: readonly [Reading, ...Reading[]],
): readonly [RankedCause, ...RankedCause[]] {
  const applicable = rules.flatMap((rule) => {
    const reading = readings.find((each) => rule.when(each));
    return reading === undefined ? [] : [{ rule, reading }];
  });
  const codes = [...new Set(applicable.map(({ rule }) => rule.cause))];
  const weighed = codes.map((code) => weigh(code, applicable, readings[0]));
  const [best, ...others] = weighed
    .filter(({ score }) => score >= leastScore)
    .toSorted((left, right) => right.score - left.score || order(left) - order(right));
  if (best !== undefined) return [best, ...others];

  const weak = weighed.flatMap(({ evidence }) => evidence);
  const evidence = weak.length > 0 ? weak : ['no known wording or circumstance in it'];
  return [{ code: 'UNKNOWN', score: 0, evidence, reading: readings[0] }];
}

interface Applicable {
  readonly rule: Rule;
  readonly reading: Reading;
}

function weigh(code: CauseCode, all: readonly Applicable[], first: Reading): RankedCause {
  const own = all
    .filter(({ rule }) => rule.cause === code)
    .toSorted((left, right) => right.rule.weight - left.rule.weight);
  return {
    code,
    score: own.reduce((sum, { rule }) => sum + rule.weight, 0),
    evidence: own.map(({ rule: { because }, reading }) =>
      typeof because === 'string' ? because : because(reading),
    ),
    reading: own[0]?.reading ?? first,
  };
}

/** Equal scores keep the order of the catalogue, which goes from common to rare within an area. */
function order({ code }: RankedCause): number {
  return Object.keys(causes).indexOf(code);
}

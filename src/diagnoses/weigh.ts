import { type CauseCode, causes } from './cause.ts';

/** An argument for or against a cause, from a log line or from what a probe saw. */
export interface Argument {
  readonly cause: CauseCode;
  /** From 1 (consistent with) to 10 (decides); negative rules out. */
  readonly weight: number;
  readonly because: string;
}

/** A cause with the sum of its arguments. */
export interface Weighed {
  readonly cause: CauseCode;
  readonly score: number;
  /** The arguments for it, strongest first. */
  readonly because: readonly string[];
}

/** `certain`: the evidence has one meaning; `likely`: others are possible; `open`: it does not decide. */
export type Confidence = 'certain' | 'likely' | 'open';

/** The causes that arguments speak for, best first; equal sums keep the order of the catalogue. */
export function weigh(heard: readonly Argument[]): readonly Weighed[] {
  return [...new Set(heard.map(({ cause }) => cause))]
    .map((cause) => ({ cause, own: heard.filter((argument) => argument.cause === cause) }))
    .map(({ cause, own }) => ({
      cause,
      score: own.reduce((sum, { weight }) => sum + weight, 0),
      because: own
        .filter(({ weight }) => weight > 0)
        .toSorted((left, right) => right.weight - left.weight)
        .map(({ because }) => because),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score || order(left) - order(right));
}

/** How far the best cause is ahead. */
export function confidenceOf([best, rival]: readonly Weighed[]): Confidence {
  const score = best?.score ?? 0;
  const lead = score - (rival?.score ?? 0);
  if (score >= 8 && lead >= 3) return 'certain';
  return score >= 5 && lead > 0 ? 'likely' : 'open';
}

const codes = Object.keys(causes);

function order({ cause }: Weighed): number {
  return codes.indexOf(cause);
}

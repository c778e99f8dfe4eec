import type { Argument } from './attempts/attempt.ts';
import { type Cause, type CauseCode, causes } from './cause.ts';

/** What a failed connection means, with the arguments on both sides. */
export interface Diagnosis {
  readonly cause: CauseCode;
  readonly title: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  readonly ruledOut: readonly string[];
  /** Other causes that the evidence leaves open, best first, each with its best argument. */
  readonly alternatives: readonly { readonly cause: CauseCode; readonly because: string }[];
  readonly confidence: 'certain' | 'likely' | 'open';
  /** The certificate to look at, where one is to blame. */
  readonly lookAt?: {
    readonly file: string;
    readonly subject: string;
    readonly serialNumber: string;
  };
  /** The one look that would decide between the causes left. */
  readonly lookNext?: string;
}

/** Weighs arguments against each other; `lookThatDecides` is told where the lead is short. */
export function conclude(heard: readonly Argument[], lookThatDecides: string): Diagnosis {
  const [best, ...others] = rank(heard);
  const cause: Cause = causes[best.code];
  const lead = best.score - (others[0]?.score ?? 0);
  return {
    cause: best.code,
    title: cause.title,
    remedy: cause.remedy,
    evidence: reasons(heard, best.code),
    ruledOut: heard.filter(({ weight }) => weight < 0).map(({ because }) => because),
    alternatives: others.slice(0, 3).map(({ code }) => ({
      cause: code,
      because: reasons(heard, code).join('; '),
    })),
    confidence: confidenceOf(best.score, lead),
    ...(lead < 5 && { lookNext: lookThatDecides }),
  };
}

interface Scored {
  readonly code: CauseCode;
  readonly score: number;
}

function rank(heard: readonly Argument[]): readonly [Scored, ...Scored[]] {
  const scores = new Map<CauseCode, number>();
  for (const { cause, weight } of heard) scores.set(cause, (scores.get(cause) ?? 0) + weight);
  const [best, ...others] = [...scores]
    .map(([code, score]) => ({ code, score }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score);
  return best === undefined ? [{ code: 'UNKNOWN', score: 0 }] : [best, ...others];
}

function reasons(heard: readonly Argument[], code: CauseCode): readonly string[] {
  return heard
    .filter(({ cause, weight }) => cause === code && weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ because }) => because);
}

function confidenceOf(score: number, lead: number): Diagnosis['confidence'] {
  if (score >= 8 && lead >= 3) return 'certain';
  return score >= 5 && lead > 0 ? 'likely' : 'open';
}

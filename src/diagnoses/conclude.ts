import { type Cause, type CauseCode, causes } from './cause.ts';
import { type Argument, type Confidence, confidenceOf, weigh } from './weigh.ts';

/** What a failed connection means, with the arguments on both sides. */
export interface Diagnosis {
  readonly cause: CauseCode;
  readonly title: string;
  readonly remedy: string;
  readonly evidence: readonly string[];
  readonly ruledOut: readonly string[];
  /** Other causes that the evidence leaves open, best first, each with its best argument. */
  readonly alternatives: readonly { readonly cause: CauseCode; readonly because: string }[];
  readonly confidence: Confidence;
  /** The certificate to look at, where one is to blame. */
  readonly lookAt?: {
    readonly file: string;
    readonly subject: string;
    readonly serialNumber: string;
  };
  /** The one look that would decide between the causes left. */
  readonly lookNext?: string;
}

/** Weighs arguments against each other; `lookThatDecides` is named where the lead is short. */
export function conclude(heard: readonly Argument[], lookThatDecides: string): Diagnosis {
  const ranked = weigh(heard);
  const [best = { cause: 'UNKNOWN', score: 0, because: [] } as const, ...others] = ranked;
  const cause: Cause = causes[best.cause];
  const lead = best.score - (others[0]?.score ?? 0);
  return {
    cause: best.cause,
    title: cause.title,
    remedy: cause.remedy,
    evidence: best.because,
    ruledOut: heard.filter(({ weight }) => weight < 0).map(({ because }) => because),
    alternatives: others.slice(0, 3).map((other) => ({
      cause: other.cause,
      because: other.because.join('; '),
    })),
    confidence: confidenceOf(ranked),
    ...(lead < 5 && { lookNext: lookThatDecides }),
  };
}

import type { Evidence } from '../model/evidence.ts';
import type { ProbePlan } from '../model/probe-plan.ts';
import { type LiveProgress, observe } from './live.ts';
export type { LiveProgress } from './live.ts';

/** How to look at the running cluster. */
export interface LiveOptions {
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly negativeProbes: boolean;
  readonly discover: boolean;
  readonly survey?: boolean;
  readonly onProgress?: (progress: LiveProgress) => void;
  readonly signal?: AbortSignal;
}

/** Carries out a plan, and adds what it saw to the evidence. */
export async function observeLive(
  evidence: Evidence,
  plan: ProbePlan,
  options: LiveOptions,
): Promise<Evidence> {
  const { timeoutMs, concurrency, negativeProbes, discover, survey, onProgress, signal } = options;
  const { gaps, ...facts } = await observe({
    ...plan,
    timeoutMs,
    concurrency,
    negativeProbes,
    discover,
    ...(survey !== undefined && { survey }),
    ...(onProgress !== undefined && { onProgress }),
    ...(signal !== undefined && { signal }),
  });
  return {
    ...evidence,
    facts: { ...evidence.facts, ...facts },
    gaps: { ...evidence.gaps, ...gaps },
  };
}

import { nameAtAnyAddress } from '../model/live.ts';
import { currentTarget } from '../model/renamed-checks.ts';
import type { Result, Waiver, WaiverUse } from '../model/report.ts';

/** Results with the accepted findings marked, and what became of each waiver. */
export interface Waived {
  readonly results: readonly Result[];
  readonly waivers: readonly WaiverUse[];
}

/** Marks the accepted findings. A waiver holds through the whole UTC day it names. */
export function applyWaivers(
  results: readonly Result[],
  waivers: readonly Waiver[],
  now: Date,
): Waived {
  const today = now.toISOString().slice(0, 10);
  const inForce = waivers.filter(({ expires }) => expires >= today);
  const marked = results.map((result) => {
    const waived = inForce.find((waiver) => covers(waiver, result));
    return waived === undefined ? result : { ...result, waived };
  });

  const uses = waivers.map((waiver): WaiverUse => {
    if (waiver.expires < today) return { waiver, state: 'expired' };
    return { waiver, state: results.some((result) => covers(waiver, result)) ? 'used' : 'unused' };
  });
  return { results: marked, waivers: uses };
}

function covers(waiver: Waiver, { check, target, verdict }: Result): boolean {
  const named = currentTarget(waiver.target);
  return (
    verdict.status === 'fail' &&
    waiver.check === check.id &&
    (waiver.target === '*' || named === target.name || named === nameAtAnyAddress(target))
  );
}

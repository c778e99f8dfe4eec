import type { Result } from '../model/report.ts';

/** What identifies a finding from one run to the next: never its wording. */
export interface FindingKey {
  readonly check: string;
  readonly target: string;
}

/** Marks the findings that an earlier report already had, so that only new ones fail the run. */
export function applyBaseline(
  results: readonly Result[],
  baseline: readonly FindingKey[],
): readonly Result[] {
  const seen = new Set(baseline.map(keyText));
  return results.map((result) =>
    result.verdict.status === 'fail' && seen.has(keyText(keyOf(result)))
      ? { ...result, known: true }
      : result,
  );
}

/** The findings of a report, as keys. */
export function findingKeys(results: readonly Result[]): readonly FindingKey[] {
  return results.filter(({ verdict }) => verdict.status === 'fail').map(keyOf);
}

function keyOf({ check, target }: Result): FindingKey {
  return { check: check.id, target: target.name };
}

function keyText({ check, target }: FindingKey): string {
  return JSON.stringify([check, target]);
}

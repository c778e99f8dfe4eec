import { nameAtAnyAddress } from './live.ts';
import { currentId, currentTarget } from './renamed-checks.ts';
import type { Result } from './report.ts';

/** What an earlier report knew. Findings are the same from one run to the next by check and target, never by wording. */
export interface Baseline {
  readonly findings: ReadonlySet<string>;
  /** Names of the refused connections, those that were part of a finding and those that were one. */
  readonly refused: ReadonlySet<string>;
}

/** The findings of an earlier report. */
export function baselineOf(results: readonly Result[]): Baseline {
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  return {
    findings: new Set(failed.map(findingKey)),
    refused: new Set(
      failed.flatMap(({ target, folded = [] }) => [target.name, ...folded]).map(currentTarget),
    ),
  };
}

/** Refused connections that became part of a finding since then: what is known of it says nothing of them. */
export function newlyRefused({ folded = [] }: Result, { refused }: Baseline): readonly string[] {
  return folded.filter((edge) => !refused.has(edge));
}

/** Whether a finding was there before, and every refused connection that is part of it was too. */
export function isKnown(result: Result, baseline: Baseline): boolean {
  return (
    result.verdict.status === 'fail' &&
    findingKeys(result).some((key) => baseline.findings.has(key)) &&
    newlyRefused(result, baseline).length === 0
  );
}

export function findingKey({ check, target }: Result): string {
  return keyOf(check.id, target.name);
}

/** Under which keys an earlier report may have a finding: one about a name is about each of its addresses. */
export function findingKeys(result: Result): readonly [string, string] {
  return [findingKey(result), keyOf(result.check.id, nameAtAnyAddress(result.target))];
}

function keyOf(id: string, name: string): string {
  return JSON.stringify([currentId(id), currentTarget(name)]);
}

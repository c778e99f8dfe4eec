import { severityOf } from '../model/finding.ts';
import type { Report, Result } from '../model/report.ts';
import { printable } from './escape.ts';
import { type Baseline, baselineOf, findingKey, isKnown, newlyRefused } from '../model/baseline.ts';
import { enumerate } from '../model/words.ts';

/** Two reports compared, as text, and how many findings are only in the later one. */
export interface ReportDiff {
  readonly text: string;
  readonly cameCount: number;
}

/**
 * What came, went and changed between two reports. Findings are the same by check and target; one that more
 * refused connections became part of has come, as it does for `--baseline`. Pure.
 */
export function reportDiff(before: Report, after: Report): ReportDiff {
  const old = findings(before);
  const fresh = findings(after);
  const baseline = baselineOf(before.results);
  const came = [...fresh].filter(([, result]) => !isKnown(result, baseline));
  const went = [...old].filter(([key]) => !fresh.has(key));
  const changed = [...fresh].filter(([key, result]) => {
    const earlier = old.get(key);
    return (
      isKnown(result, baseline) && earlier !== undefined && messageOf(earlier) !== messageOf(result)
    );
  });

  const lines = [
    `${came.length} came, ${went.length} went, ${changed.length} changed, ${fresh.size - came.length - changed.length} stayed`,
    ...came.map(([, result]) => `+ ${line(result)}${alsoRefused(result, baseline)}`),
    ...went.map(([, result]) => `- ${line(result)}`),
    ...changed.map(([, result]) => `~ ${line(result)}`),
  ];
  return { text: `${lines.join('\n')}\n`, cameCount: came.length };
}

function findings({ results }: Report): ReadonlyMap<string, Result> {
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  return new Map(failed.map((result) => [findingKey(result), result]));
}

/** Which connections are refused that were not, where the finding itself is an old one. */
function alsoRefused(result: Result, baseline: Baseline): string {
  const edges = newlyRefused(result, baseline);
  const isOld = baseline.findings.has(findingKey(result));
  return isOld ? ` (now also refused: ${printable(enumerate(edges, 4))})` : '';
}

function messageOf({ verdict }: Result): string {
  return verdict.status === 'fail' ? verdict.message : '';
}

function line(result: Result): string {
  const { check, target } = result;
  return `${severityOf(result)}: ${printable(messageOf(result))}  [${check.id}] at ${printable(target.name)}`;
}

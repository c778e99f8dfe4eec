import { severityOf } from '../model/finding.ts';
import type { Report, Result } from '../model/report.ts';
import { printable } from './escape.ts';

/** Two reports compared, as text, and how many findings are only in the later one. */
export interface ReportDiff {
  readonly text: string;
  readonly cameCount: number;
}

/** What came, went and changed between two reports. Findings are the same by check and target. Pure. */
export function reportDiff(before: Report, after: Report): ReportDiff {
  const old = findings(before);
  const fresh = findings(after);
  const came = [...fresh].filter(([key]) => !old.has(key));
  const went = [...old].filter(([key]) => !fresh.has(key));
  const changed = [...fresh].filter(([key, result]) => {
    const earlier = old.get(key);
    return earlier !== undefined && messageOf(earlier) !== messageOf(result);
  });

  const lines = [
    `${came.length} came, ${went.length} went, ${changed.length} changed, ${fresh.size - came.length - changed.length} stayed`,
    ...came.map(([, result]) => `+ ${line(result)}`),
    ...went.map(([, result]) => `- ${line(result)}`),
    ...changed.map(([, result]) => `~ ${line(result)}`),
  ];
  return { text: `${lines.join('\n')}\n`, cameCount: came.length };
}

function findings({ results }: Report): ReadonlyMap<string, Result> {
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  return new Map(
    failed.map((result) => [JSON.stringify([result.check.id, result.target.name]), result]),
  );
}

function messageOf({ verdict }: Result): string {
  return verdict.status === 'fail' ? verdict.message : '';
}

function line(result: Result): string {
  const { check, target } = result;
  return `${severityOf(result)}: ${printable(messageOf(result))}  [${check.id}] at ${printable(target.name)}`;
}

import { severityOf } from '../model/finding.ts';
import type { Report, Result } from '../model/report.ts';
import { jsonText, printable } from './escape.ts';
import {
  type Baseline,
  baselineOf,
  findingKey,
  findingKeys,
  isKnown,
  newlyRefused,
} from '../model/baseline.ts';
import { enumerate } from '../model/words.ts';

interface ChangedFinding {
  readonly before: Result;
  readonly after: Result;
}

/** The findings of two reports, compared. */
export interface ReportDiff {
  readonly added: readonly Result[];
  readonly resolved: readonly Result[];
  /** With another message or severity than before. */
  readonly changed: readonly ChangedFinding[];
  readonly unchanged: readonly Result[];
  readonly baseline: Baseline;
}

/**
 * New, resolved, changed and unchanged findings. Findings are the same by check and target; one that more
 * rejected connections became part of is new, as it is for `--baseline`. Pure.
 */
export function reportDiff(oldReport: Report, newReport: Report): ReportDiff {
  const old = findings(oldReport);
  const fresh = findings(newReport);
  const baseline = baselineOf(oldReport.results);
  const added = [...fresh.values()].filter((result) => !isKnown(result, baseline));
  const kept = [...fresh].filter(([, result]) => isKnown(result, baseline));
  const changed = kept.flatMap(([, after]) => {
    const before = findingKeys(after).flatMap((key) => old.get(key) ?? [])[0];
    return before === undefined || saysTheSame(before, after) ? [] : [{ before, after }];
  });
  const found = new Set([...fresh.values()].flatMap(findingKeys));
  const isChanged = new Set(changed.map((each) => each.after));
  return {
    added,
    resolved: [...old].filter(([key]) => !found.has(key)).map(([, result]) => result),
    changed,
    unchanged: kept.map(([, result]) => result).filter((result) => !isChanged.has(result)),
    baseline,
  };
}

export function diffText({ added, resolved, changed, unchanged, baseline }: ReportDiff): string {
  const lines = [
    `${added.length} new, ${resolved.length} resolved, ${changed.length} changed, ${unchanged.length} unchanged`,
    ...added.map((result) => `+ ${line(result)}${alsoRejected(result, baseline)}`),
    ...resolved.map((result) => `- ${line(result)}`),
    ...changed.map(({ before, after }) => `~ ${line(after)} (before: ${earlier(before, after)})`),
  ];
  return `${lines.join('\n')}\n`;
}

export function diffJson({ added, resolved, changed, unchanged, baseline }: ReportDiff): string {
  const value = {
    schemaVersion: 1,
    added: added.map((result) => ({
      ...entry(result),
      newlyRejected: newlyRefused(result, baseline),
    })),
    resolved: resolved.map(entry),
    changed: changed.map(({ before, after }) => ({
      ...entry(after),
      previous: { severity: severityOf(before), message: messageOf(before) },
    })),
    unchanged: unchanged.map(entry),
  };
  return jsonText(value);
}

function entry(result: Result) {
  const { check, target } = result;
  return { check: check.id, severity: severityOf(result), target, message: messageOf(result) };
}

function findings({ results }: Report): ReadonlyMap<string, Result> {
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  return new Map(failed.map((result) => [findingKey(result), result]));
}

/** The connections that are rejected now and were not before, for a finding that both reports have. */
function alsoRejected(result: Result, baseline: Baseline): string {
  const edges = newlyRefused(result, baseline);
  const isOld = findingKeys(result).some((key) => baseline.findings.has(key));
  return isOld ? ` (now also rejected: ${printable(enumerate(edges, 4))})` : '';
}

function saysTheSame(before: Result, after: Result): boolean {
  return messageOf(before) === messageOf(after) && severityOf(before) === severityOf(after);
}

/** What is different: the severity, the message or both. */
function earlier(before: Result, after: Result): string {
  const severity = severityOf(before) === severityOf(after) ? [] : [severityOf(before)];
  const message = messageOf(before) === messageOf(after) ? [] : [printable(messageOf(before))];
  return [...severity, ...message].join(': ');
}

function messageOf({ verdict }: Result): string {
  return verdict.status === 'fail' ? verdict.message : '';
}

function line(result: Result): string {
  const { check, target } = result;
  return `${severityOf(result)}: ${printable(messageOf(result))}  [${check.id}] at ${printable(target.name)}`;
}

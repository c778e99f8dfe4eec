import { byUrgency, type Finding, isFinding, severityOf } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
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
import { wrap } from './layout.ts';

interface ChangedFinding {
  readonly before: Finding;
  readonly after: Finding;
}

/** The findings of two reports, compared; in each list worst first. */
export interface ReportDiff {
  readonly added: readonly Finding[];
  readonly resolved: readonly Finding[];
  /** With another message or severity than before. */
  readonly changed: readonly ChangedFinding[];
  readonly unchanged: readonly Finding[];
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

export function diffText(
  { added, resolved, changed, unchanged, baseline }: ReportDiff,
  width: number = 80,
): string {
  const lines = [
    `${added.length} new, ${resolved.length} resolved, ${changed.length} changed, ${unchanged.length} unchanged`,
    ...added.map((result) => `+ ${line(result)}${alsoRejected(result, baseline)}`),
    ...resolved.map((result) => `- ${line(result)}`),
    ...changed.map(({ before, after }) => `~ ${line(after)} (before: ${earlier(before, after)})`),
  ];
  return lines.map((each) => `${hanging(each, width)}\n`).join('');
}

/** Lines after the first are set in, so that the marks at the left can be read down. */
function hanging(text: string, width: number): string {
  return wrap(text, width - 2).join('\n  ');
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

function entry(result: Finding) {
  const { check, target } = result;
  return { check: check.id, severity: severityOf(result), target, message: messageOf(result) };
}

function findings({ results }: Report): ReadonlyMap<string, Finding> {
  const failed = results.filter(isFinding).toSorted(byUrgency);
  return new Map(failed.map((result) => [findingKey(result), result]));
}

/** The connections that are rejected now and were not before, for a finding that both reports have. */
function alsoRejected(result: Finding, baseline: Baseline): string {
  const edges = newlyRefused(result, baseline);
  const isOld = findingKeys(result).some((key) => baseline.findings.has(key));
  return isOld ? ` (now also rejected: ${printable(enumerate(edges, 4))})` : '';
}

function saysTheSame(before: Finding, after: Finding): boolean {
  return messageOf(before) === messageOf(after) && severityOf(before) === severityOf(after);
}

/** What is different: the severity, the message or both. */
function earlier(before: Finding, after: Finding): string {
  const severity = severityOf(before) === severityOf(after) ? [] : [severityOf(before)];
  const message = messageOf(before) === messageOf(after) ? [] : [printable(messageOf(before))];
  return [...severity, ...message].join(': ');
}

function messageOf({ verdict }: Finding): string {
  return verdict.message;
}

function line(result: Finding): string {
  const { check, target } = result;
  return `${severityOf(result)}: ${printable(messageOf(result))}  [${check.id}] at ${printable(target.name)}`;
}

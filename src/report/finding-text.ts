import type { Target } from '../model/target.ts';
import { printable, printableLines } from './escape.ts';
import type { MergedFinding } from './group.ts';
import { wrap } from './layout.ts';
import { namesPath } from './paths-in-text.ts';
import type { Paint } from './style.ts';
import { fixOf, type Finding, severityOf, refusedWords } from '../model/finding.ts';

/** Where text goes: how many columns it has and which colours. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
}

const labelWidth = 10;

/** One finding as a block: what is wrong, where, expected, found, why, and the fix. */
export function findingLines({ finding, targets }: MergedFinding, page: Page): readonly string[] {
  const { verdict } = finding;
  return [
    ...headline(finding, page),
    ...(namesAll(verdict.message, targets) ? [] : targetLines(targets, page)),
    ...field('expected', verdict.expected, page),
    ...field('found', verdict.actual, page),
    ...field('rejected', refusedWords(finding), page),
    ...field('cause', verdict.cause, page),
    ...field('fix', fixOf(finding), page),
    ...acceptance(finding, page),
  ];
}

/** A labelled value, wrapped next to its label. Nothing when there is no value. */
export function field(label: string, value: string | undefined, page: Page): readonly string[] {
  if (value === undefined || value === '') return [];
  const lines = printableLines(value).flatMap((line) =>
    isCommand(line) ? [line] : wrap(line, page.width - labelWidth - 2),
  );
  return lines.map((line, index) => {
    const margin = (index === 0 ? label : '').padEnd(labelWidth);
    return `  ${page.paint.faint(margin)}${line}`.trimEnd();
  });
}

/** Commands are to be copied: they are never wrapped. */
function isCommand(line: string): boolean {
  return line.startsWith('  ') || line.startsWith('$ ');
}

function headline(finding: Finding, { width, paint }: Page): readonly string[] {
  const { check, verdict } = finding;
  const severity = severityOf(finding);
  const id = `[${check.id}]`;
  const [first = '', ...rest] = wrap(`${severity}: ${printable(verdict.message)}`, width);
  const lines = [
    `${paint.severity(severity, first.slice(0, severity.length))}${paint.strong(first.slice(severity.length))}`,
    ...rest.map((line) => paint.strong(line)),
  ];
  const last = [first, ...rest].at(-1) ?? '';
  const fits = last.length + 2 + id.length <= width;
  if (!fits) return [...lines, `  ${paint.faint(id)}`];
  return [...lines.slice(0, -1), `${lines.at(-1)}  ${paint.faint(id)}`];
}

const mostTargets = 6;

function targetLines(targets: readonly Target[], page: Page): readonly string[] {
  const shown = targets.slice(0, mostTargets).map(placeOf);
  const others = targets.length - shown.length;
  if (others > 0) shown.push(`and ${others} more`);
  return shown.flatMap((place, index) => field(index === 0 ? 'at' : '', place, page));
}

/** Whether the headline says already where each of them is. */
function namesAll(message: string, targets: readonly Target[]): boolean {
  return targets.every((target) => target.kind === 'file' && namesPath(message, placeOf(target)));
}

/** The target's name, and its place on disk where the name does not say it. */
function placeOf({ name, location }: Target): string {
  if (location === undefined) return name;
  const place = location.line === undefined ? location.file : `${location.file}:${location.line}`;
  if (namesPath(name, place)) return name;
  return name === location.file ? place : `${name} (${place})`;
}

function acceptance({ waived, known }: Finding, page: Page): readonly string[] {
  if (waived !== undefined) {
    const { owner, expires, reason } = waived;
    return field('waived', `until ${expires} by ${owner}: ${reason}`, page);
  }
  return field('known', known === true ? 'already in the baseline' : undefined, page);
}

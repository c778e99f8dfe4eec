import type { CheckMetadata } from '../model/check.ts';
import type { Report, Result } from '../model/report.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { counted, enumerate } from '../model/words.ts';
import { type Paint, plainPaint, plainStyle, type Style } from './style.ts';

/** How one control of a benchmark fares. */
export interface ControlVerdict {
  readonly control: string;
  readonly title: string;
  /** `open`: a question behind it could not be answered. `not judged`: no question behind it was put. */
  readonly status: 'fail' | 'open' | 'waived' | 'pass' | 'not judged';
  /** What the verdict rests on, or why there is none. */
  readonly evidence: readonly string[];
}

/** The releases of benchmarks that checks cover, as they are written: `CIS Kubernetes 1.12`. */
export function standardsOf(catalogue: readonly CheckMetadata[]): readonly string[] {
  return [
    ...new Set(catalogue.flatMap(({ standards }) => standards.map(({ standard }) => standard))),
  ];
}

/** Judges each control of a benchmark by the results of the checks that cover it. */
export function controlVerdicts(
  report: Report,
  standard: string,
  catalogue: readonly CheckMetadata[],
): readonly ControlVerdict[] {
  const covering = new Map<string, { readonly title: string; readonly checks: string[] }>();
  for (const { id, standards } of catalogue) {
    for (const { control, title } of standards.filter((each) => each.standard === standard)) {
      const known = covering.get(control) ?? { title, checks: [] };
      known.checks.push(id);
      covering.set(control, known);
    }
  }
  return [...covering]
    .map(([control, { title, checks }]) => ({ control, title, ...judged(report, checks) }))
    .toSorted((one, other) => one.control.localeCompare(other.control, 'en', { numeric: true }));
}

type Judged = Pick<ControlVerdict, 'status' | 'evidence'>;

function judged(report: Report, checks: readonly string[]): Judged {
  const results = report.results.filter(({ check }) => checks.includes(check.id));
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  const standing = failed.filter(({ waived }) => waived === undefined);
  const open = results.filter(({ verdict }) => 'because' in verdict);
  const passed = results.filter(({ verdict }) => verdict.status === 'pass');

  if (standing.length > 0) return { status: 'fail', evidence: standing.map(evidenceOf) };
  if (open.length > 0) return { status: 'open', evidence: open.map(evidenceOf) };
  if (failed.length > 0) return { status: 'waived', evidence: failed.map(evidenceOf) };
  if (passed.length > 0) return { status: 'pass', evidence: [passedWords(passed, report)] };
  const because =
    results.length === 0 ? 'not asked in this run' : 'nothing in this cluster that it applies to';
  return { status: 'not judged', evidence: [`${enumerate(checks)}: ${because}`] };
}

function evidenceOf({ check, target, verdict, waived }: Result): string {
  const by = waived === undefined ? '' : ` (waived until ${waived.expires} by ${waived.owner})`;
  const words = { ...verdict };
  const what = 'message' in words ? words.message : 'because' in words ? words.because : '';
  return `${check.id} at ${target.name}: ${what}${by}`;
}

function passedWords(passed: readonly Result[], { command }: Report): string {
  const checks = [...new Set(passed.map(({ check }) => check.id))];
  const how = command === 'verify' ? 'from files and on the wire' : 'from files alone';
  return `${enumerate(checks)} passed ${counted(passed.length, 'time')}, ${how}`;
}

/** The compliance table of one release of a benchmark, as text. */
export function compliance(
  report: Report,
  standard: string,
  catalogue: readonly CheckMetadata[],
  style: Style = plainStyle,
): string {
  const verdicts = controlVerdicts(report, standard, catalogue);
  const paint = style.paint ?? plainPaint;
  const counts = (['fail', 'open', 'waived', 'pass', 'not judged'] as const)
    .map((status) => ({ status, count: verdicts.filter((each) => each.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  const width = Math.max(...verdicts.map(({ control }) => control.length), 0);
  const rows = verdicts.flatMap((verdict) => rowLines(verdict, width, { ...style, paint }));
  return `${[paint.strong(`${standard}: ${counts.join(', ')}`), '', ...rows].join('\n')}\n`;
}

const mostEvidence = 4;
const statusWidth = 'not judged'.length;

function rowLines(
  { control, title, status, evidence }: ControlVerdict,
  width: number,
  { width: columns, paint }: Style & { readonly paint: Paint },
): readonly string[] {
  const brush = { fail: paint.bad, open: paint.unsure, waived: paint.unsure, pass: paint.good };
  const colored = status === 'not judged' ? paint.faint : brush[status];
  const margin = ' '.repeat(width + 2);
  const shown = evidence.slice(0, mostEvidence);
  const others = evidence.length - shown.length;
  const lines = others > 0 ? [...shown, `and ${others} more`] : shown;
  return [
    `${control.padEnd(width)}  ${colored(status.padEnd(statusWidth))}  ${printable(title)}`,
    ...lines.flatMap((line) =>
      wrap(printable(line), Math.max(40, columns) - width - 4).map((part) => `${margin}  ${part}`),
    ),
  ];
}

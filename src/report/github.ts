import type { Report } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';
import type { Location } from '../model/target.ts';
import { printable, printableText } from './escape.ts';
import { counted, enumerate } from '../model/words.ts';
import { placeOf } from './place.ts';
import { summarize, type Summary } from './summary.ts';
import { type Finding, fixOf, severityOf, refusedWords } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';

type Level = 'error' | 'warning' | 'notice';

const levels = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
} as const satisfies Record<Severity, Level>;

// GitHub shows ten annotations of each level for a step and drops the rest without a word.
const mostPerLevel = 10;

/** Workflow commands that annotate files in a pull request, worst first, within GitHub's limits. */
export function github(report: Report): string {
  const summary = summarize(report);
  const all = [...annotations(summary.findings, report), ...remarks(report, summary)];
  const lines = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    limited(
      level,
      all.filter((each) => each.level === level),
    ),
  );
  return `${[...lines, `${report.tool.name}: ${report.verdict.status.toUpperCase()}: ${printable(report.verdict.sentence)}`].join('\n')}\n`;
}

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly place?: Location | undefined;
}

/** One for each place in a file: what several targets have there in common is said once. */
function annotations(findings: readonly Finding[], report: Report): readonly Annotation[] {
  const byPlace = groupBy(findings, (finding) =>
    JSON.stringify([
      finding.check.id,
      finding.target.cluster,
      finding.verdict,
      placeOf(finding, report),
    ]),
  );
  return [...byPlace.values()].map((same) => {
    const [finding] = same;
    const { check, verdict } = finding;
    const place = placeOf(finding, report);
    const { cluster } = finding.target;
    const title = `${severityOf(finding)}: ${check.id}${cluster === undefined ? '' : ` in cluster ${cluster}`}`;
    const message = [printable(verdict.message), ...details(finding, same)].join('\n');
    return { level: levels[severityOf(finding)], title, message, place };
  });
}

function details(finding: Finding, same: readonly Finding[]): readonly string[] {
  const { expected, actual, cause } = finding.verdict;
  const at = enumerate(same.map(({ target }) => target.name));
  const parts = {
    at,
    expected,
    found: actual,
    refused: refusedWords(finding),
    cause,
    fix: fixOf(finding),
  };
  return Object.entries(parts).flatMap(([label, value]) =>
    value === undefined ? [] : [`${label}: ${printableText(value)}`],
  );
}

function remarks(
  report: Report,
  { waived, known, unanswered, crashed }: Summary,
): readonly Annotation[] {
  const gaps = report.gaps.filter(({ asked }) => asked);
  const seen = printable(enumerate(gaps.map(({ what, because }) => `${what}: ${because}`)));
  const all = [
    {
      level: 'error',
      title: `${counted(crashed.length, 'check')} crashed`,
      about: crashed,
      message: names(crashed),
    },
    {
      level: 'warning',
      title: `${unanswered.length} could not be checked`,
      about: unanswered,
      message: names(unanswered),
    },
    { level: 'warning', title: `${gaps.length} not examined`, about: gaps, message: seen },
    { level: 'notice', title: `${waived.length} waived`, about: waived, message: names(waived) },
    {
      level: 'notice',
      title: `${known.length} in the baseline`,
      about: known,
      message: names(known),
    },
  ] as const;
  return all.flatMap(({ about, ...remark }) => (about.length === 0 ? [] : [remark]));
}

function names(results: Summary['unanswered']): string {
  return printable(enumerate(results.map(({ check, target }) => `${check.id} at ${target.name}`)));
}

function limited(level: Level, all: readonly Annotation[]): readonly string[] {
  if (all.length <= mostPerLevel) return all.map(command);
  const shown = all.slice(0, mostPerLevel - 1);
  const rest = all.slice(mostPerLevel - 1);
  const message = enumerate(
    rest.map(({ title }) => title),
    20,
  );
  return [...shown, { level, title: `${rest.length} more`, message }].map(command);
}

function command({ level, title, message, place }: Annotation): string {
  const properties = {
    file: place?.file,
    line: place && (place.line ?? 1),
    col: place?.column,
    title,
  };
  const shown = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${escapeProperty(printable(String(value)))}`],
  );
  return `::${level} ${shown.join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

import type { Report } from '../model/report.ts';
import { printable } from './escape.ts';
import { type ClusterReport, reportsByCluster } from './clusters.ts';
import { field, findingLines, type Page } from './finding-text.ts';
import { each, type Group, groupFindings } from './group.ts';
import { wrap } from './layout.ts';
import { scopeRemarks, withoutRemarks } from '../model/scope-remarks.ts';
import { counted, enumerate } from '../model/words.ts';
import { nextSteps } from './next-steps.ts';
import { ladderLines } from './ladder-text.ts';
import { matrix } from './matrix.ts';
import { plainPaint, plainStyle, type Style } from './style.ts';
import { sameAddresses } from './same-addresses.ts';
import { scopeOf, summarize, type Summary } from './summary.ts';
import { countBySeverity, type Finding, severityCounts } from '../model/finding.ts';
import { groupAlike, mergeTexts } from '../model/alike.ts';
import { groupBy } from '../model/group-by.ts';

/** For people: the verdict, what to do next, then everything found, grouped by member, worst first. */
export function text(report: Report, style: Style = plainStyle): string {
  const summary = summarize(report);
  const page: Page = { width: Math.max(style.width, 40), paint: style.paint ?? plainPaint };
  const sections = [
    heading(report, page),
    noteLines(report, page),
    ...(style.quiet === true ? [] : [nextSteps(summary.findings, report.failOn, page)]),
    scopeLines(report, page),
    ...reportsByCluster(report).flatMap((part) => clusterSections(part, page, style)),
    ...(style.quiet === true ? [] : details(report, summary, page, style.verbose)),
    ...(style.verbose
      ? [
          ladderLines(report, page),
          passedSection(report, page),
          guessSection(report, page),
          ignoredSection(report, page),
        ]
      : []),
    tally(report, summary, page),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Lines = readonly string[];

function heading(report: Report, { width, paint }: Page): Lines {
  const { tool, command, collectedAt, verdict } = report;
  const { status, next } = verdict;
  const scope = scopeOf(report);
  const when = collectedAt.replace(/:\d\d(\.\d+)?Z$/, ' UTC').replace('T', ' ');
  const about = `${tool.name} ${tool.version} ${command}, ${when}${scope && `: ${scope}`}`;

  const word = status.toUpperCase();
  const brush = { fail: paint.bad, incomplete: paint.unsure, pass: paint.good }[status];
  const [first = '', ...rest] = wrap(`${word}: ${printable(withoutRemarks(report))}`, width);
  const headline = `${brush(first.slice(0, word.length))}${first.slice(word.length)}`;
  const step =
    status === 'incomplete' && next !== undefined ? wrap(`Next: ${printable(next)}`, width) : [];
  const lines = wrap(printable(about), width).map((line) => paint.faint(line));
  return [...lines, '', headline, ...rest, ...step];
}

/** That two versions of a cluster were given explains more than any finding. */
function noteLines(report: Report, { width }: Page): Lines {
  const note = sameAddresses(report);
  return note === undefined ? [] : wrap(`Note: ${printable(note)}`, width);
}

function details(report: Report, summary: Summary, page: Page, isWhole: boolean): readonly Lines[] {
  return [
    ...acceptedSections(report, summary, page),
    notUnderstoodSection(report, page),
    unansweredSection(report, summary, page),
    ...(reportsByCluster(report).length === 1 ? [handshakeSection(report, page, isWhole)] : []),
  ];
}

/** With several clusters, each has a section of its own. */
function clusterSections(
  { cluster, report }: ClusterReport,
  page: Page,
  { quiet, verbose: isWhole }: Style,
): readonly Lines[] {
  const { findings, bySeverity } = summarize(report);
  const groups = groupFindings(findings).map((group) => groupSection(group, page));
  if (cluster === undefined) return groups;
  const title = `Cluster ${cluster}: ${severityCounts(bySeverity) || 'no findings'}`;
  const lines = wrap(printable(title), page.width).map((line) => page.paint.strong(line));
  return [
    [page.paint.faint('═'.repeat(Math.min(page.width, title.length))), ...lines],
    ...groups,
    ...(quiet === true ? [] : [handshakeSection(report, page, isWhole)]),
  ];
}

/** What is wrong and what to do come first; how the files were read follows. */
function scopeLines(report: Report, { width }: Page): Lines {
  const { command, verdict } = report;
  if (withoutRemarks(report) === verdict.sentence) return [];
  return wrap(`Scope: ${printable(scopeRemarks(command, verdict).join('; '))}`, width);
}

function groupSection({ names, findings }: Group, page: Page): Lines {
  const counts = severityCounts(countBySeverity(findings.flatMap(each)));
  const title = `${printable(enumerate(names))}: ${counts}`;
  const blocks = findings.flatMap((merged) => ['', ...findingLines(merged, page)]);
  return [...rule(title, page), ...blocks];
}

function rule(title: string, { width, paint }: Page): Lines {
  const lines = wrap(title, width);
  const longest = Math.max(...lines.map((line) => line.length));
  return [...lines.map((line) => paint.strong(line)), paint.faint('─'.repeat(longest))];
}

function acceptedSections(
  report: Report,
  { waived, known }: Summary,
  page: Page,
): readonly Lines[] {
  const blocks = (findings: readonly Finding[]): Lines =>
    findings.flatMap((finding) => [
      '',
      ...findingLines({ finding, targets: [finding.target] }, page),
    ]);
  const idle = (report.waivers ?? []).filter(({ state }) => state !== 'used');
  const idleLines = idle.flatMap(({ waiver, state }) => {
    const { check, target, owner, expires } = waiver;
    return field(state, `${check} at ${target}, ${owner}, until ${expires}`, page);
  });
  return [
    waived.length > 0 ? [...rule(`Waived: ${waived.length}`, page), ...blocks(waived)] : [],
    known.length > 0 ? [...rule(`In the baseline: ${known.length}`, page), ...blocks(known)] : [],
    idleLines.length > 0 ? [...rule('Waivers without effect', page), ...idleLines] : [],
  ];
}

function notUnderstoodSection({ verdict }: Report, page: Page): Lines {
  const lines = verdict.notUnderstood.flatMap(({ path, line, reason }) =>
    bulleted(`${path}${line === undefined ? '' : `:${line}`}: ${reason}`, page),
  );
  return lines.length === 0 ? [] : [...rule('Not understood', page), ...lines];
}

function unansweredSection(report: Report, { unanswered, crashed }: Summary, page: Page): Lines {
  const questions = unanswered.flatMap(({ check, target, verdict }) =>
    verdict.status === 'inconclusive'
      ? [{ question: `${check.id} at ${target.name}`, target, because: verdict.because }]
      : [],
  );
  const alike = groupAlike(questions, ({ because, target }) => ({
    text: because,
    name: target.member ?? target.name,
  }));
  const open = alike.flatMap((same) => {
    const reason = mergeTexts(same.map(({ because }) => because));
    return bulleted(
      `${reason}: ${enumerate(
        same.map(({ question }) => question),
        4,
      )}`,
      page,
    );
  });
  const gaps = groupAlike(report.gaps, ({ what, because: reason }) => ({
    text: `${what}: ${reason}`,
    name: what,
  })).flatMap((same) =>
    bulleted(mergeTexts(same.map(({ what, because: reason }) => `${what}: ${reason}`)), page),
  );
  const crashes = crashed.flatMap(({ check, target, verdict }) =>
    verdict.status === 'crashed'
      ? bulleted(
          `${check.id} crashed at ${target.name}, an internal error of this tool: ${verdict.because}`,
          page,
        )
      : [],
  );
  const lines = [...open, ...gaps, ...crashes];
  return lines.length === 0 ? [] : [...rule('Could not check', page), ...lines];
}

function handshakeSection(
  { forecast, verdict, command }: Report,
  page: Page,
  isWhole: boolean,
): Lines {
  // Without settings there is nothing that would make these connections.
  if (verdict.scope === 'certificates') return [];
  const lines = matrix(forecast, { ...page, command, isWhole });
  return lines.length === 0 ? [] : [...rule('Handshakes', page), ...lines];
}

function bulleted(item: string, { width }: Page): Lines {
  return wrap(printable(item), width - 4).map(
    (line, index) => `  ${index === 0 ? '- ' : '  '}${line}`,
  );
}

function passedSection({ results }: Report, page: Page): Lines {
  const passed = results.filter(({ verdict }) => verdict.status === 'pass');
  const byCheck = groupBy(passed, ({ check }) => check.id);
  const lines = [...byCheck].flatMap(([id, same]) =>
    bulleted(`${id}: ${enumerate(same.map(({ target }) => target.name))}`, page),
  );
  return lines.length === 0 ? [] : [...rule('Passed', page), ...lines];
}

function guessSection({ facts }: Report, page: Page): Lines {
  const lines = (facts.guesses ?? []).flatMap(({ about, conclusion, because, ambiguous }) =>
    bulleted(
      `${about}: ${conclusion}, because ${because}${ambiguous ? ' (not certain)' : ''}`,
      page,
    ),
  );
  return lines.length === 0 ? [] : [...rule('Guessed from the files', page), ...lines];
}

function ignoredSection({ facts }: Report, page: Page): Lines {
  const lines = (facts.ignored ?? []).flatMap(({ path, pattern }) =>
    bulleted(`${path}: the inventory ignores ${pattern}`, page),
  );
  return lines.length === 0 ? [] : [...rule('Ignored', page), ...lines];
}

function tally(report: Report, summary: Summary, { width, paint }: Page): Lines {
  const { findings, passed, notApplicable, unanswered, crashed, waived, known } = summary;
  const guesses = report.facts.guesses?.length ?? 0;
  const counts = [
    counted(findings.length, 'finding'),
    `${passed} passed`,
    `${notApplicable} not applicable`,
    `${unanswered.length} could not be checked`,
    crashed.length > 0 && `${crashed.length} crashed`,
    waived.length > 0 && `${waived.length} waived`,
    known.length > 0 && `${known.length} known`,
    guesses > 0 && `${guesses} guessed (--verbose shows them)`,
  ];
  return wrap(counts.filter((part) => part !== false).join(', '), width).map((line) =>
    paint.faint(line),
  );
}

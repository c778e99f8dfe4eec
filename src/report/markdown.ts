import type { Report } from '../model/report.ts';
import { severities } from '../model/severity.ts';
import { findingLines } from './finding-text.ts';
import { groupFindings, type MergedFinding } from './group.ts';
import { enumerate } from '../model/words.ts';
import { cell, code, fenced, prose } from './markdown-text.ts';
import { matrix } from './matrix.ts';
import { plainPaint } from './style.ts';
import { sameAddresses } from './same-addresses.ts';
import { scopeOf, summarize, type Summary } from './summary.ts';
import { type Finding, severityCounts, severityOf } from '../model/finding.ts';
import { type ClusterReport, reportsByCluster } from './clusters.ts';

// GitHub takes 65,536 characters for a comment.
const mostCharacters = 60_000;

/** For pull requests and job summaries: the verdict, a table of findings, and each in full below. */
export function markdown(report: Report): string {
  const summary = summarize(report);
  const parts = reportsByCluster(report);
  const { tool, command, collectedAt, verdict } = report;
  const scope = [`${command} at ${collectedAt}`, scopeOf(report)].filter(Boolean).join(', ');
  const sections = [
    `## ${tool.name}: ${verdict.status.toUpperCase()}\n\n${prose(verdict.sentence)}.\n\n${prose(scope)}.`,
    next(verdict),
    note(report),
    ...parts.flatMap(clusterTable),
    notUnderstood(verdict),
    unanswered(report, summary),
    accepted('Waived', summary.waived),
    accepted('In the baseline', summary.known),
    expired(report),
    ...parts.flatMap(clusterDetails),
  ];
  return limited(sections.filter((section) => section !== ''));
}

/** Where there are several clusters, each has a heading and a table of its own. */
function clusterTable({ cluster, report }: ClusterReport): readonly string[] {
  const { findings, bySeverity } = summarize(report);
  const merged = groupFindings(findings).flatMap((group) => group.findings);
  const counts = severityCounts(bySeverity) || 'no findings';
  const title = cluster === undefined ? '' : `### Cluster ${code(cluster)}: ${counts}`;
  return [title, table(merged)];
}

function clusterDetails({ cluster, report }: ClusterReport): readonly string[] {
  const name = cluster === undefined ? '' : ` of cluster ${cluster}`;
  const groups = groupFindings(summarize(report).findings);
  return [
    handshakes(report, name),
    ...groups.map(({ names, findings }) =>
      folded(
        `${enumerate(names)}${name}`,
        findings.flatMap((each) => [...blockOf(each), '']),
      ),
    ),
  ];
}

const mostRows = 50;

function next({ status, next: step }: Report['verdict']): string {
  return status === 'incomplete' && step !== undefined ? `**Next:** ${prose(step)}.` : '';
}

function note(report: Report): string {
  const words = sameAddresses(report);
  return words === undefined ? '' : `**Note:** ${prose(words)}.`;
}

function notUnderstood({ notUnderstood: files }: Report['verdict']): string {
  const items = files.map(
    ({ path, line, reason }) =>
      `- ${prose(`${path}${line === undefined ? '' : `:${line}`}: ${reason}`)}`,
  );
  return items.length === 0 ? '' : ['### Not understood', '', ...items].join('\n');
}

function table(merged: readonly MergedFinding[]): string {
  if (merged.length === 0) return '';
  const sorted = merged.toSorted((one, other) => rank(one) - rank(other));
  const rows = sorted.slice(0, mostRows).map(({ finding, targets }) => {
    const { check, verdict } = finding;
    const where = enumerate(
      targets.map(({ name }) => code(name)),
      4,
    );
    return `| ${severityOf(finding)} | ${cell(prose(verdict.message))} | ${cell(where)} | ${code(check.id)} |`;
  });
  const rest = merged.length - mostRows;
  const more = rest > 0 ? `\n\nand ${rest} more` : '';
  return `| severity | what is wrong | where | check |\n|---|---|---|---|\n${rows.join('\n')}${more}`;
}

function rank({ finding }: MergedFinding): number {
  return severities.indexOf(severityOf(finding));
}

function blockOf({ finding, targets }: MergedFinding): readonly string[] {
  return findingLines({ finding, targets }, { width: 100, paint: plainPaint });
}

function folded(title: string, content: readonly string[]): string {
  // Markup inside <summary> would be HTML: code hosts read Markdown there only after a blank line.
  return `<details><summary>\n\n${prose(title)}\n\n</summary>\n\n${fenced(content)}\n\n</details>`;
}

function handshakes({ forecast, command }: Report, name: string): string {
  const lines = matrix(forecast, { width: 100, command });
  return lines.length === 0 ? '' : folded(`Handshakes${name}`, lines);
}

function unanswered(report: Report, summary: Summary): string {
  const results = [...summary.unanswered, ...summary.crashed].map(({ check, target, verdict }) => {
    const because = 'because' in verdict ? verdict.because : '';
    const word =
      verdict.status === 'crashed' ? 'crashed, an internal error of this tool' : 'no answer';
    return `- ${code(check.id)} at ${code(target.name)}, ${word}: ${prose(because)}`;
  });
  const gaps = report.gaps.map(({ what, because }) => `- ${prose(what)}: ${prose(because)}`);
  return list('Could not check', [...results, ...gaps]);
}

function accepted(title: string, findings: readonly Finding[]): string {
  const items = findings.map((finding) => {
    const { check, target, verdict, waived } = finding;
    const by =
      waived &&
      ` (until ${code(waived.expires)} by ${code(waived.owner)}: ${prose(waived.reason)})`;
    return `- ${severityOf(finding)}, ${code(check.id)} at ${code(target.name)}: ${prose(verdict.message)}${by ?? ''}`;
  });
  return list(title, items);
}

function expired({ waivers = [] }: Report): string {
  const items = waivers
    .filter(({ state }) => state !== 'used')
    .map(({ waiver, state }) => {
      const { check, target, owner, expires } = waiver;
      return `- ${state}: ${code(check)} at ${code(target)}, ${code(owner)}, until ${code(expires)}`;
    });
  return list('Waivers without effect', items);
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `### ${title}\n\n${items.join('\n')}`;
}

/** Whole sections while there is room, so that no fence or fold is cut open. */
function limited(sections: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const section of sections) {
    if (length + section.length > mostCharacters) {
      shown.push('The report is longer than fits here: see the text or JSON report.');
      break;
    }
    shown.push(section);
    length += section.length + 2;
  }
  return `${shown.join('\n\n')}\n`;
}

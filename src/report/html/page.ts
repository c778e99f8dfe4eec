import { createHash } from 'node:crypto';
import type { Report } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';
import { remedies } from '../group.ts';
import { enumerate } from '../../model/words.ts';
import { scopeOf, summarize, type Summary } from '../summary.ts';
import { type Finding, fixOf, groupOf } from '../../model/finding.ts';
import { acceptedSection, findingsSection } from './findings.ts';
import { handshakes } from './handshakes.ts';
import { type Child, type Markup, markup, prose, verbatim } from './markup.ts';
import { backgroundSection, gapsSection, waiversSection } from './remarks.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';
import { trustGraph } from './trust-graph.ts';

/** One self-contained page: nothing in it is fetched, and its policy lets nothing be. */
export function html(report: Report): string {
  const summary = summarize(report);
  const sections = {
    findings: findingsSection(summary.findings),
    handshakes: handshakes(report),
    trust: trustGraph(report),
    expiry: timeline(report),
    gaps: gapsSection(report, summary),
  };
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${words[report.verdict.status]}: ${report.tool.name} ${report.command}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${header(report, summary)}
${navigation(sections)}
<main id="main">
${nextSteps(summary.findings)}
${sections.handshakes}
${sections.trust}
${sections.expiry}
${sections.findings}
${acceptedSection('Waived', summary.waived)}
${acceptedSection('In the baseline', summary.known)}
${waiversSection(report)}
${sections.gaps}
${backgroundSection(report)}
</main>
<footer><p>${report.tool.name} ${report.tool.version}. Certificates are judged by etcd’s and Go’s rules. No private key is in this page.</p></footer>
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return page.markup;
}

function policy(): string {
  const rules = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return rules.join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const words = { fail: 'Fail', incomplete: 'Incomplete', pass: 'Pass' } as const;

function header(report: Report, { bySeverity }: Summary): Markup {
  const { command, collectedAt, tool, verdict } = report;
  const { status, sentence, next } = verdict;
  const when = `${collectedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const chips = severities.filter((severity) => bySeverity[severity] > 0);
  return markup`<header class="${status}"><div class="inner">
<p class="about">${tool.name} ${command} · ${when}${scopeOf(report) && ` · ${scopeOf(report)}`}</p>
<h1><span class="outcome">${words[status]}</span> <span class="sentence data">${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.</span></h1>
${status === 'incomplete' && next !== undefined && markup`<p class="about">Next: ${prose(next)}.</p>`}
${chips.length > 0 && markup`<ul class="chips">${chips.map((severity) => markup`<li><span class="badge ${severity}">${bySeverity[severity]} ${severity}</span></li>`)}</ul>`}
</div></header>`;
}

function navigation(sections: Readonly<Record<string, Child>>): Markup {
  const titles = {
    handshakes: 'Handshakes',
    trust: 'Trust',
    expiry: 'Expiry',
    findings: 'Findings',
    gaps: 'Could not check',
  };
  const links = Object.entries(titles).filter(([id]) => sections[id] !== undefined);
  return markup`<nav aria-label="Sections"><ul>${links.map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

const mostSteps = 5;

function nextSteps(findings: readonly Finding[]): Child {
  const steps = remedies(findings);
  if (steps.length < 2) return undefined;
  const items = steps.slice(0, mostSteps).map((same) => {
    const [first] = same;
    const where = enumerate([...new Set(same.map(groupOf))].toSorted());
    const [line = ''] = (first === undefined ? '' : fixOf(first)).split('\n');
    return markup`<li>${prose(line)} <span class="where data">${where}</span></li>`;
  });
  const rest = steps.length - mostSteps;
  return markup`<section id="next" aria-labelledby="next-title"><h2 id="next-title">Do next</h2><ol>${items}</ol>${rest > 0 && markup`<p class="note">and ${rest} more, with the findings below</p>`}</section>`;
}

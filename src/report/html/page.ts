import { createHash } from 'node:crypto';
import type { Report } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';
import { remedies, sameFindings } from '../group.ts';
import { reportsByCluster } from '../clusters.ts';
import { enumerate } from '../../model/words.ts';
import { sameAddresses } from '../same-addresses.ts';
import { scopeOf, summarize, type Summary } from '../summary.ts';
import { type Finding, fixOf, groupOf } from '../../model/finding.ts';
import { acceptedSection, findingsSection } from './findings.ts';
import { handshakes } from './handshakes.ts';
import { scopeRemarks, withoutRemarks } from '../../model/scope-remarks.ts';
import { type Child, type Markup, markup, prose, verbatim } from './markup.ts';
import { isTroubled, type Part, partOf } from './part.ts';
import { backgroundSection, gapsSection, waiversSection } from './remarks.ts';
import { script } from './script.ts';
import { withoutDirectory } from '../paths-in-text.ts';
import { style } from './style.ts';
import { timeline } from './timeline.ts';
import { trustGraph } from './trust-graph.ts';

/** One self-contained page: nothing in it is fetched, and its policy lets nothing be. */
export function html(report: Report): string {
  const summary = summarize(report);
  const parts = partsOf(report);
  const gaps = gapsSection(report, summary);
  const [whole] = parts;
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
${header(report, summary, parts)}
${navigation(parts, gaps)}
<main id="main">
${nextSteps(summary.findings, parts)}
${parts.map((part) => partMarkup(part, parts.length > 1))}
${whole && acceptedSection('Waived', summary.waived, whole)}
${whole && acceptedSection('In the baseline', summary.known, whole)}
${waiversSection(report)}
${gaps}
${backgroundSection(report)}
</main>
<footer><p>${report.tool.name} ${report.tool.version}. Certificates are checked by the rules of etcd and Go. This page contains no private key.</p></footer>
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return page.markup;
}

/** Where there are several clusters, each is a part of its own, and what is of no single one is the last. */
function partsOf(report: Report): readonly Part[] {
  const all = reportsByCluster(report);
  const parts = all.map((each, index) =>
    partOf(each, all.length === 1 ? '' : `part-${index + 1}-`, report),
  );
  return parts.filter(
    (part) => parts.length === 1 || part.cluster !== undefined || isTroubled(part),
  );
}

function partMarkup(part: Part, isOneOfSeveral: boolean): Markup {
  const { id, cluster, report } = part;
  const sections =
    cluster === undefined && isOneOfSeveral
      ? [findingsSection(part)]
      : [handshakes(part), trustGraph(part), timeline(part), findingsSection(part)];
  if (!isOneOfSeveral) return markup`${sections}`;
  const { bySeverity } = summarize(report);
  return markup`<section class="cluster" id="${id('cluster')}" aria-labelledby="${id('cluster-title')}"><h2 id="${id('cluster-title')}">${titleOf(part)}</h2>
${chips(bySeverity) ?? markup`<p class="lead">No findings.</p>`}
${sections}
</section>`;
}

function titleOf({ cluster }: Part): Child {
  return cluster === undefined
    ? 'Not specific to one cluster'
    : markup`Cluster <span class="data">${cluster}</span>`;
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

function header(report: Report, { bySeverity, findings }: Summary, parts: readonly Part[]): Markup {
  const { command, collectedAt, tool, verdict } = report;
  const { status, next } = verdict;
  const sentence = withoutRemarks(report);
  const when = `${collectedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const common = parts[0]?.paths.common ?? '';
  const [first] = remedies(findings);
  const open = status === 'incomplete' ? next : undefined;
  const note = sameAddresses(report);
  return markup`<header class="${status}"><div class="inner">
<p class="about">${tool.name} ${command} · ${when}${scopeOf(report) && ` · ${scopeOf(report)}`}${common !== '' && markup` · files in <span class="data">${common}</span>`}</p>
<h1><span class="outcome">${words[status]}</span> <span class="sentence data">${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.</span></h1>
${chips(bySeverity)}
${note !== undefined && markup`<p class="scope">Note: <span class="data">${note}</span>.</p>`}
${open === undefined ? first && firstStep(first, parts) : doFirst('Next', open)}
${sentence !== verdict.sentence && markup`<p class="scope">Scope: <span class="data">${scopeRemarks(command, verdict).join('; ')}</span>.</p>`}
</div></header>`;
}

function chips(bySeverity: Summary['bySeverity']): Child {
  const shown = severities.filter((severity) => bySeverity[severity] > 0);
  if (shown.length === 0) return undefined;
  return markup`<ul class="chips">${shown.map((severity) => markup`<li><span class="badge ${severity}">${bySeverity[severity]} ${severity}</span></li>`)}</ul>`;
}

/** The fix of the worst finding, and where: on the first screen. */
function firstStep(same: readonly Finding[], parts: readonly Part[]): Child {
  const { fix, where, id } = stepOf(same, parts);
  return doFirst(
    'Do first',
    fix,
    markup`<p class="where-first"><strong>Where:</strong> <span class="data">${where}</span>${id !== undefined && markup` · <a href="#${id}">the finding</a>`}</p>`,
  );
}

function doFirst(label: string, step: string, where?: Markup): Markup {
  return markup`<div class="first"><p><strong>${label}:</strong> ${prose(step)}</p>${where}</div>`;
}

interface Step {
  readonly fix: string;
  readonly where: string;
  /** Of the finding that it fixes. */
  readonly id?: string;
}

function stepOf(same: readonly Finding[], parts: readonly Part[]): Step {
  const [first] = same;
  const [whole = ''] = (first === undefined ? '' : fixOf(first)).split('\n');
  const fix = withTails(whole, parts[0]?.paths.common ?? '');
  const where = enumerate([...new Set(same.map(groupOf))].toSorted());
  const ids = parts.flatMap(({ groups, links }) =>
    groups
      .flatMap(({ findings }) => findings)
      .filter((merged) => sameFindings(merged).some((each) => each === first))
      .map(links.idOf),
  );
  const [id] = ids;
  return { fix, where, ...(id !== undefined && { id }) };
}

/** Commands keep whole paths, to be copied; the page says once which directory the others are in. */
function withTails(text: string, common: string): string {
  if (common === '') return text;
  const pieces = text.split(/(`[^`]*`)/);
  return pieces
    .map((piece) => (piece.startsWith('`') ? piece : withoutDirectory(piece, common)))
    .join('');
}

function navigation(parts: readonly Part[], gaps: Child): Markup {
  const [only] = parts;
  const titles = { handshakes: 'Handshakes', trust: 'Trust', expiry: 'Expiry' };
  const links =
    parts.length > 1 || only === undefined
      ? parts.map((part) => markup`<li><a href="#${part.id('cluster')}">${titleOf(part)}</a></li>`)
      : [
          ...Object.entries(titles)
            .filter(([id]) => isShown(only, id))
            .map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`),
          markup`<li><a href="#findings">Findings</a></li>`,
        ];
  return markup`<nav aria-label="Sections"><ul>${links}${gaps !== undefined && markup`<li><a href="#gaps">Could not check</a></li>`}</ul></nav>`;
}

function isShown({ report, trust }: Part, section: string): boolean {
  return section === 'handshakes' ? report.forecast.length > 0 : trust.nodes.length > 0;
}

const mostSteps = 5;

/** The first step is in the header. */
function nextSteps(findings: readonly Finding[], parts: readonly Part[]): Child {
  const steps = remedies(findings);
  if (steps.length < 2) return undefined;
  const items = steps.slice(1, mostSteps).map((same) => {
    const { fix, where, id } = stepOf(same, parts);
    const place = markup`<span class="data">${where}</span>`;
    return markup`<li>${prose(fix)} <span class="where">${id === undefined ? place : markup`<a href="#${id}">${place}</a>`}</span></li>`;
  });
  const rest = steps.length - mostSteps;
  return markup`<section id="next" aria-labelledby="next-title"><h2 id="next-title">Then</h2><ol start="2">${items}</ol>${rest > 0 && markup`<p class="note">and ${rest} more, listed with the findings below</p>`}</section>`;
}

import type { CheckMetadata } from '../../model/check.ts';
import type { Target } from '../../model/target.ts';
import { showControls } from '../check-page.ts';
import { each, type Group, type MergedFinding } from '../group.ts';
import { counted, enumerate } from '../../model/words.ts';
import {
  countBySeverity,
  type Finding,
  fixOf,
  severityCounts,
  severityOf,
  refusedWords,
} from '../../model/finding.ts';
import { remedy } from './edge-panel.ts';
import type { Anchor } from './links.ts';
import type { Part } from './part.ts';
import type { Paths } from './paths.ts';
import { type Child, lines, type Markup, markup, prose } from './markup.ts';

const manyFindings = 8;

/** Every finding with its evidence, its remedy and the page of its check, grouped by member. */
export function findingsSection(part: Part): Markup {
  const { groups, id, heading } = part;
  const title = heading(id('findings-title'), 'Findings');
  if (groups.length === 0) {
    return markup`<section id="${id('findings')}" aria-labelledby="${id('findings-title')}">${title}<p class="lead">None.</p></section>`;
  }
  const cards = groups.flatMap((group) => group.findings).length;
  return markup`<section class="findings-of" id="${id('findings')}" aria-labelledby="${id('findings-title')}">
${title}
${cards > manyFindings && filterBox}
${groups.map((group) => groupMarkup(group, part))}
</section>`;
}

const filterBox = markup`<p class="filter" hidden><label>Show findings with <input type="search" autocomplete="off"></label> <output aria-live="polite"></output></p>`;

function groupMarkup({ names, findings }: Group, part: Part): Markup {
  const counts = severityCounts(countBySeverity(findings.flatMap(each)));
  return markup`<div class="group"><h3><span class="data">${enumerate(names)}</span> <span class="count">${counts}</span></h3>
${findings.map((finding) => card(finding, part))}</div>
`;
}

/** One finding. Accepted ones look the same, with who accepted them. */
function card(merged: MergedFinding, { links, paths }: Part): Markup {
  const { finding, targets } = merged;
  const { verdict } = finding;
  const severity = severityOf(finding);
  const id = links.idOf(merged);
  return markup`<article class="finding ${severity}"${id !== '' && markup` id="${id}" tabindex="-1"`}>
<h4><span class="badge ${severity}">${severity}</span> <span class="data">${verdict.message}</span></h4>
<dl class="facts">
<dt>At</dt><dd>${places(targets, paths)}</dd>
${pair('Expected', verdict.expected)}${pair('Found', verdict.actual)}${pair('Rejected', refusedWords(finding))}${pair('Cause', verdict.cause)}
${remedy(fixOf(finding))}
${evidence(links.evidenceOf(merged))}
${acceptance(finding)}
</dl>
${checkDetails(finding.check)}
</article>
`;
}

function pair(label: string, value: string | undefined): Child {
  if (value === undefined || value === '') return undefined;
  return markup`<dt>${label}</dt><dd class="data">${lines(value)}</dd>
`;
}

/** The cells of the matrix and the certificates that show it. */
function evidence(anchors: readonly Anchor[]): Child {
  if (anchors.length === 0) return undefined;
  return markup`<dt>See</dt><dd><ul class="evidence">${anchors.map(({ id, words }) => markup`<li><a class="data" href="#${id}">${words}</a></li>`)}</ul></dd>
`;
}

const mostPlaces = 8;

function places(targets: readonly Target[], paths: Paths): Markup {
  const shown = targets.slice(0, mostPlaces).map((target) => place(target, paths));
  const others = targets.length - shown.length;
  return markup`<ul class="places">${shown.map((words) => markup`<li class="data">${words}</li>`)}${others > 0 && markup`<li>and ${others} more</li>`}</ul>`;
}

function place({ name: whole, location }: Target, { tail }: Paths): string {
  const name = tail(whole);
  if (location === undefined) return name;
  const file = tail(location.file);
  const where = location.line === undefined ? file : `${file}:${location.line}`;
  if (name === file) return where;
  return name.includes(where) ? name : `${name} (${where})`;
}

function acceptance({ waived, known }: Finding): Child {
  if (waived !== undefined) {
    const { owner, expires, reason } = waived;
    return pair('Waived', `until ${expires} by ${owner}: ${reason}`);
  }
  return known === true && pair('Known', 'already in the baseline');
}

/** The check's page, folded: why it matters, what it covers, where it comes from. */
function checkDetails(check: CheckMetadata): Markup {
  const { id, title, rationale, remediation, references } = check;
  const controls = showControls(check);
  return markup`<details class="page"><summary>About the check <code>${id}</code></summary>
<p><strong>${title}.</strong> ${prose(rationale)}</p>
<p>${prose(remediation)}</p>
${controls.length > 0 && markup`<p>Covers</p><ul>${controls.map((control) => markup`<li>${control}</li>`)}</ul>`}
<p>From</p>
<ul>${references.map((reference) => markup`<li>${link(reference)}</li>`)}</ul>
</details>`;
}

function link(reference: string): Child {
  if (!/^https:\/\/[\w.-]+\//.test(reference)) return reference;
  return markup`<a href="${reference}" rel="noreferrer noopener">${reference}</a>`;
}

/** Waived findings, folded. */
export function acceptedSection(title: string, findings: readonly Finding[], part: Part): Child {
  if (findings.length === 0) return undefined;
  return markup`<details class="more"><summary>${title}: ${counted(findings.length, 'finding')}</summary>
${findings.map((finding) => card({ finding, targets: [finding.target] }, part))}</details>`;
}

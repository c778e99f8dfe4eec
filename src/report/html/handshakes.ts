import type { Edge, ObservedEdge } from '../../model/forecast.ts';
import type { Report } from '../../model/report.ts';
import { counted } from '../../model/words.ts';
import type { Band, Cell, Matrix } from './cells.ts';
import { explanation } from './edge-panel.ts';
import { basisOf, type EdgeBasis, outcomeWords, sentenceOf, stateOf } from './edge-words.ts';
import { breakable, type Child, type Markup, markup } from './markup.ts';
import type { Part } from './part.ts';

/** The handshake matrix, and below it why each cell fails that fails. */
export function handshakes(part: Part): Markup | undefined {
  const { report, matrix, id, heading } = part;
  const { forecast, command } = report;
  if (forecast.length === 0) return undefined;
  return markup`<section id="${id('handshakes')}" aria-labelledby="${id('handshakes-title')}">
${heading(id('handshakes-title'), 'Handshakes')}
<p class="lead">${lead(report)}</p>
${table(matrix, command)}
${legend(forecast, command)}
<div class="panels">${matrix.explained.map((cell) => explanation(cell, part))}</div>
</section>`;
}

function lead({ forecast: edges, command }: Report): string {
  const bad = edges.filter((edge) => stateOf(edge) === 'bad').length;
  const unsure = edges.filter((edge) => stateOf(edge) === 'unsure').length;
  const observed = edges.filter(({ observed: seen }) => seen !== undefined).length;
  const parts = [
    `${counted(edges.length, 'handshake')} that this deployment makes or must reject`,
    bad === 0 ? 'none has a problem' : `${bad} ${bad === 1 ? 'has' : 'have'} a problem`,
    unsure > 0 && `${unsure} uncertain`,
    command === 'verify'
      ? `${observed} observed, ${edges.length - observed} only predicted`
      : 'all predicted from the files',
  ];
  return `${parts.filter((part) => part !== false).join('; ')}.${bad > 0 ? ' Select a marked cell for details.' : ''}`;
}

type Command = Report['command'];

function table({ columns, bands, explained }: Matrix, command: Command): Markup {
  const anchors = new Set(explained.map(({ anchor }) => anchor));
  const domain = domainOf(columns);
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="Handshake matrix"><table class="matrix">
<thead><tr><th scope="col"><span class="hint">from ↓ to →${domain !== '' && markup`<br><span class="data">…${breakable(domain)}</span>`}</span></th>${columns.map((column) => markup`<th scope="col"><span class="data">${short(column, domain)}</span></th>`)}</tr></thead>
${bands.map((band) => bandRows(band, { columns, anchors, command, domain }))}</table></div>`;
}

interface Grid {
  readonly columns: readonly string[];
  readonly anchors: ReadonlySet<string | undefined>;
  readonly command: Command;
  readonly domain: string;
}

function bandRows({ title, rows }: Band, grid: Grid): Markup {
  const { columns, domain } = grid;
  return markup`<tbody><tr class="band"><th scope="rowgroup" colspan="${columns.length + 1}"><span>${title}</span></th></tr>
${rows.map(
  (row) => markup`<tr><th scope="row" class="data">${short(row.title, domain)}</th>${columns.map(
    (column) => {
      const cell = row.cells.get(column);
      return cell === undefined ? markup`<td class="none"></td>` : cellMarkup(cell, grid);
    },
  )}</tr>
`,
)}</tbody>
`;
}

function cellMarkup(cell: Cell, { anchors, command }: Grid): Markup {
  const { edges, state, anchor } = cell;
  const isGroup = edges.length > mostSigns;
  const words = isGroup
    ? groupWords(cell)
    : edges.map((edge) => cellWords(edge, command)).join('; ');
  const basis = basisOfCell(cell, command);
  const shown = isGroup
    ? markedAs(basis, groupSign(cell))
    : edges.map((edge) => sign(edge, command));
  const signs = markup`<span class="signs" aria-hidden="true">${shown}</span><span class="unseen">${words}</span>`;
  return anchor === undefined || !anchors.has(anchor)
    ? markup`<td class="${state} by-${basis}" title="${words}">${signs}</td>`
    : markup`<td class="${state} by-${basis}" id="cell-${anchor}"><a href="#${anchor}" title="${words}">${signs}</a></td>`;
}

const weakestFirst: readonly EdgeBasis[] = ['assumed', 'untried', 'predicted', 'observed'];

/** The weakest of those that decide how the cell looks. */
function basisOfCell({ edges, state }: Cell, command: Command): EdgeBasis {
  const like = edges.filter((edge) => stateOf(edge) === state);
  const found = new Set(like.map((edge) => basisOf(edge, command)));
  return weakestFirst.find((basis) => found.has(basis)) ?? 'predicted';
}

const mostSigns = 3;

/** Many edges in one cell: the sign of the worst, and how many are like it. */
function groupSign({ edges, state }: Cell): Child {
  const like = edges.filter((edge) => stateOf(edge) === state);
  const [first] = like;
  const mark = first === undefined ? '' : marks[first.outcome];
  return [mark, state === 'good' ? undefined : markup`<span class="many">${like.length}</span>`];
}

function groupWords({ edges, state }: Cell): string {
  const like = edges.filter((edge) => stateOf(edge) === state).length;
  const how = { good: 'as expected', bad: 'wrong', unsure: 'uncertainly', note: 'either way' }[
    state
  ];
  return `${like} of ${counted(edges.length, 'handshake')} go ${how}`;
}

const marks = { accepted: '✓', refused: '✕', 'not-sure': '?', unreachable: '⌀', unclear: '?' };

function sign(edge: Edge, command: Command): Child {
  const { outcome, observed, edge: kind } = edge;
  const self = kind === 'self' ? '↻' : '';
  const mark = `${self}${marks[outcome]}`;
  return [
    markup`<span class="forecast">${markedAs(basisOf(edge, command), mark)}</span>`,
    observed && markup`<span class="observed">${marks[observed.outcome]}</span>`,
  ];
}

/** What shows without colour where an outcome comes from. */
function markedAs(basis: EdgeBasis, mark: Child): Child {
  if (basis === 'assumed') return [mark, markup`<sup>a</sup>`];
  return basis === 'untried' ? ['(', mark, ')'] : mark;
}

const basisWords = {
  observed: undefined,
  predicted: undefined,
  assumed: 'assumed: no settings state it',
  untried: 'predicted, not observed',
} as const satisfies Record<EdgeBasis, string | undefined>;

function cellWords(edge: Edge, command: Command): string {
  const observed = edge.observed && `observed: ${observation(edge.observed)}`;
  const words = [
    `predicted: ${outcomeWords(edge)}`,
    observed,
    basisWords[basisOf(edge, command)],
  ].filter((each) => each !== undefined);
  return `${sentenceOf(edge)} (${words.join(', ')})`;
}

/** Why the outcome is unclear is what a reader asks next. */
function observation({ outcome, error }: ObservedEdge): string {
  return outcome === 'unclear' && error !== undefined ? `unclear, ${error}` : outcome;
}

function legend(edges: readonly Edge[], command: Command): Markup {
  const states = new Set(edges.map(stateOf));
  const bases = new Set(edges.map((edge) => basisOf(edge, command)));
  const unreachable = edges.some(({ observed: seen }) => seen?.outcome === 'unreachable');
  const self = edges.some(({ edge }) => edge === 'self');
  return markup`<ul class="legend">
<li><span class="key good">✓</span> accepted, as it should be</li>
<li><span class="key good">✕</span> rejected, as it should be</li>
${states.has('bad') && markup`<li><span class="key bad">✓</span> <span class="key bad">✕</span> accepted or rejected contrary to what it should be</li>`}
${states.has('unsure') && markup`<li><span class="key unsure">?</span> uncertain, or observed differently from the prediction</li>`}
${self && markup`<li><span class="key">↻</span> a member to its own client port</li>`}
${bases.has('observed') && markup`<li><span class="key"><span class="observed">✓</span></span> ringed: observed on the running cluster</li>`}
${bases.has('untried') && markup`<li><span class="key by-untried">(✓)</span> in brackets: predicted, not observed</li>`}
${bases.has('predicted') && markup`<li><span class="key">✓</span> plain: predicted from the files</li>`}
${bases.has('assumed') && markup`<li><span class="key by-assumed">✓<sup>a</sup></span> dashed: assumed, no settings state it</li>`}
${unreachable && markup`<li><span class="key"><span class="observed">⌀</span></span> not reached</li>`}
</ul>`;
}

/** The domain that all members have in common, from its dot on: said once, in the corner. */
function domainOf(columns: readonly string[]): string {
  const hosts = columns.filter((column) => column.includes('.'));
  const [first = ''] = hosts;
  const ends = [...first.matchAll(/\./g)].map(({ index }) => first.slice(index));
  const isIp = /\.\d+$/.test(first);
  return hosts.length < 2 || isIp
    ? ''
    : (ends.find((end) => hosts.every((host) => host.endsWith(end))) ?? '');
}

const longest = 60;

/** A name without the common domain, and with its whole as a tooltip where something is left out. */
function short(name: string, domain: string): Child {
  const own = domain !== '' && name.endsWith(domain) ? name.slice(0, -domain.length) : name;
  const cut = own.length > longest ? `${own.slice(0, longest - 1)}…` : own;
  return cut === name ? breakable(name) : markup`<span title="${name}">${breakable(cut)}</span>`;
}

import type { Edge } from '../../model/forecast.ts';
import type { Report } from '../../model/report.ts';
import { counted } from '../../model/words.ts';
import { type Band, type Cell, matrixOf, type Matrix } from './cells.ts';
import { explanation } from './edge-panel.ts';
import { outcomeWords, sentenceOf, stateOf } from './edge-words.ts';
import { type Child, type Markup, markup } from './markup.ts';

/** The handshake matrix, and below it why each cell fails that fails. */
export function handshakes(report: Report): Markup | undefined {
  if (report.forecast.length === 0) return undefined;
  const matrix = matrixOf(
    report.forecast,
    (report.facts.members ?? []).map(({ name }) => name),
  );
  return markup`<section id="handshakes" aria-labelledby="handshakes-title">
<h2 id="handshakes-title">Handshakes</h2>
<p class="lead">${lead(report.forecast)}</p>
${table(matrix)}
${legend(report.forecast)}
<div class="panels">${matrix.explained.map(explanation)}</div>
</section>`;
}

function lead(edges: readonly Edge[]): string {
  const bad = edges.filter((edge) => stateOf(edge) === 'bad').length;
  const unsure = edges.filter((edge) => stateOf(edge) === 'unsure').length;
  const observed = edges.filter(({ observed: seen }) => seen !== undefined).length;
  const goes = bad === 1 ? 'goes' : 'go';
  const parts = [
    `${counted(edges.length, 'handshake')} that this deployment makes or invites`,
    bad === 0 ? 'all that can be told go as they should' : `${bad} ${goes} wrong`,
    unsure > 0 && `${unsure} not certain`,
    observed > 0 && `${observed} tried on the running cluster`,
  ];
  return `${parts.filter((part) => part !== false).join('; ')}.${bad > 0 ? ' Choose a marked cell to see why.' : ''}`;
}

function table({ columns, bands, explained }: Matrix): Markup {
  const anchors = new Set(explained.map(({ anchor }) => anchor));
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="Handshake matrix"><table class="matrix">
<thead><tr><th scope="col"><span class="hint">from ↓ to →</span></th>${columns.map((column) => markup`<th scope="col"><span class="data">${short(column, 30)}</span></th>`)}</tr></thead>
${bands.map((band) => bandRows(band, columns, anchors))}</table></div>`;
}

function bandRows(
  { title, rows }: Band,
  columns: readonly string[],
  anchors: ReadonlySet<string | undefined>,
): Markup {
  return markup`<tbody><tr class="band"><th scope="rowgroup" colspan="${columns.length + 1}">${title}</th></tr>
${rows.map(
  (row) => markup`<tr><th scope="row" class="data">${short(row.title, 80)}</th>${columns.map(
    (column) => {
      const cell = row.cells.get(column);
      return cell === undefined ? markup`<td class="none"></td>` : cellMarkup(cell, anchors);
    },
  )}</tr>
`,
)}</tbody>
`;
}

function cellMarkup(cell: Cell, anchors: ReadonlySet<string | undefined>): Markup {
  const { edges, state, anchor } = cell;
  const words = edges.length > mostSigns ? groupWords(cell) : edges.map(cellWords).join('; ');
  const signs = markup`<span class="signs" aria-hidden="true">${edges.length > mostSigns ? groupSign(cell) : edges.map(sign)}</span><span class="unseen">${words}</span>`;
  return anchor === undefined || !anchors.has(anchor)
    ? markup`<td class="${state}" title="${words}">${signs}</td>`
    : markup`<td class="${state}"><a href="#${anchor}" title="${words}">${signs}</a></td>`;
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
  const how = { good: 'as they should', bad: 'wrong', unsure: 'uncertainly', note: 'either way' }[
    state
  ];
  return `${like} of ${counted(edges.length, 'handshake')} go ${how}`;
}

const marks = { accepted: '✓', refused: '✕', 'not-sure': '?', unreachable: '⌀', unclear: '?' };

function sign({ outcome, observed, edge }: Edge): Child {
  return [
    markup`<span class="forecast">${edge === 'self' ? '↻' : ''}${marks[outcome]}</span>`,
    observed && markup`<span class="observed">${marks[observed.outcome]}</span>`,
  ];
}

function cellWords(edge: Edge): string {
  const observed = edge.observed && `, observed: ${edge.observed.outcome}`;
  return `${sentenceOf(edge)} (forecast: ${outcomeWords(edge)}${observed ?? ''})`;
}

function legend(edges: readonly Edge[]): Markup {
  const observed = edges.some(({ observed: seen }) => seen !== undefined);
  const unreachable = edges.some(({ observed: seen }) => seen?.outcome === 'unreachable');
  const self = edges.some(({ edge }) => edge === 'self');
  return markup`<ul class="legend">
<li><span class="key good">✓</span> accepted, as it should be</li>
<li><span class="key good">✕</span> refused, as it should be</li>
<li><span class="key bad">✓</span><span class="key bad">✕</span> the opposite of what it should be</li>
<li><span class="key unsure">?</span> cannot tell${observed && ', or observed otherwise than forecast'}</li>
${self && markup`<li><span class="key">↻</span> a member to its own client port</li>`}
${observed && markup`<li><span class="key"><span class="observed">✓</span></span> ringed: observed; plain: forecast</li>`}
${unreachable && markup`<li><span class="key"><span class="observed">⌀</span></span> not reached</li>`}
</ul>`;
}

/** Names that fit a cell; the whole one is in the explanation. */
function short(name: string, most: number): Child {
  if (name.length <= most) return name;
  return markup`<span title="${name}">${name.slice(0, most - 2)}…</span>`;
}

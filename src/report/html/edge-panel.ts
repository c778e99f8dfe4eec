import type { Blame, Edge } from '../../model/forecast.ts';
import { counted } from '../../model/words.ts';
import type { Cell } from './cells.ts';
import { initiator, needsExplaining, outcomeWords, sentenceOf, stateOf } from './edge-words.ts';
import { ladder } from './ladder.ts';
import type { Part } from './part.ts';
import { type Child, lines, type Markup, markup } from './markup.ts';
import { groupBy } from '../../model/group-by.ts';

const mostEdges = 4;

/** Why a cell fails: for each kind of failure in it the ladder, the words of both sides, the blame and the remedy. */
export function explanation({ anchor = '', edges }: Cell, part: Part): Markup {
  const failing = edges.filter(needsExplaining);
  const kinds = groupBy(failing, (edge) =>
    JSON.stringify([edge.rule, edge.refusedBy, edge.observed]),
  );
  const shown = [...kinds.values()].map(([first]) => first).slice(0, mostEdges);
  const others = failing.length - shown.length;
  const found = part.findingLinks(anchor);
  return markup`<article class="panel" id="${anchor}" tabindex="-1">
${shown.map(edgeMarkup)}
${others > 0 && markup`<p class="note">and ${counted(others, 'more handshake')} of this cell like it</p>`}
${found !== undefined && markup`<p class="about-this">Findings: ${found}</p>`}
<p class="close"><a href="#cell-${anchor}">Back to the matrix</a></p>
</article>`;
}

function edgeMarkup(edge: Edge): Markup {
  return markup`<div class="edge"><p class="direction data">${initiator(edge)} → ${edge.member ?? edge.to}, ${edge.port} port</p><h3 class="data ${stateOf(edge)}">${sentenceOf(edge)}</h3>
<div class="columns"><figure>${ladder(edge)}</figure>
<dl class="facts">
${pair('Connects to', edge.to)}
${pair('Presents', edge.credential ?? 'no certificate')}
${pair('Predicted', outcomeWords(edge))}
${pair('Observed', observedWords(edge))}
${pair('Likely reason', edge.observed?.differenceMeans)}
${quote('The client side prints', edge.clientError)}
${quote('The server side logs', edge.serverError)}
${quote('Seen from here', edge.observed?.error)}
${pair('At fault', blameWords(edge.blame))}
${pair('Depends on', edge.dependsOn?.join('; '))}
${remedy(edge.remedy)}
${pair('Rule', edge.rule)}
</dl></div></div>`;
}

function pair(label: string, value: string | undefined): Child {
  if (value === undefined || value === '') return undefined;
  return markup`<dt>${label}</dt><dd class="data">${lines(value)}</dd>
`;
}

function quote(label: string, value: string | undefined): Child {
  if (value === undefined || value === '') return undefined;
  return markup`<dt>${label}</dt><dd><code class="data">${value}</code></dd>
`;
}

/** The fix, with a button that copies it. */
export function remedy(text: string | undefined): Child {
  if (text === undefined || text === '') return undefined;
  return markup`<dt>Fix</dt><dd class="fix"><pre class="data">${lines(text)}</pre><button type="button" class="copy" hidden>Copy</button></dd>
`;
}

function observedWords({ observed }: Edge): string | undefined {
  if (observed === undefined) return undefined;
  const by = observed.refusedBy === undefined ? '' : ` by the ${observed.refusedBy}`;
  return `${observed.outcome}${by}`;
}

function blameWords(blame: Blame | undefined): string | undefined {
  if (blame === undefined) return undefined;
  const { file, location, subject, serialNumber } = blame;
  const place =
    location && `${location.file}${location.line === undefined ? '' : `:${location.line}`}`;
  const parts = [file ?? place, subject, serialNumber && `serial ${serialNumber}`];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

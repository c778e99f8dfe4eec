import { largest, smallest } from '../../model/extremes.ts';
import { scaleUtc } from 'd3-scale';
import { counted } from '../../model/words.ts';
import { type Expiry, expiryOf, type Span } from './expiry-model.ts';
import { breakable, type Child, type Markup, markup } from './markup.ts';
import type { Part } from './part.ts';

const mostRows = 24;
const dayMilliseconds = 86_400_000;

/** When every certificate ends, on one axis, with today, the threshold and the day quorum is lost. */
export function timeline({ report, paths, id, heading }: Part): Markup | undefined {
  const expiry = expiryOf(report, paths);
  if (expiry.spans.length === 0) return undefined;
  const rows = expiry.spans.slice(0, mostRows);
  const scale = scaleUtc().domain(domainOf(expiry)).range([0, 100]).clamp(true);
  const at = (time: number): number => Math.round(scale(time) * 100) / 100;
  const lines = { at, threshold: thresholdOf(expiry, at), marks: marksOf(expiry, at) };
  return markup`<section id="${id('expiry')}" aria-labelledby="${id('expiry-title')}">
${heading(id('expiry-title'), 'Expiry')}
<p class="lead">${lead(expiry)}</p>
<div class="scroll timeline">
<div class="row axis" aria-hidden="true"><span class="what">all ${expiry.ends.length}</span>${axis(expiry, scale.ticks(6), lines)}<span class="end"></span></div>
<ul>${rows.map((span) => row(span, { ...lines, now: expiry.now }))}</ul>
</div>
<ul class="legend"><li><span class="key today">│</span> today ${dayOf(expiry.now)}</li><li><span class="key unsure">▒</span> within the warning threshold</li>${expiry.quorumLost !== undefined && markup`<li class="quorum"><span class="key">┊</span> quorum lost ${dayOf(expiry.quorumLost)}</li>`}</ul>
${more(expiry.spans.slice(mostRows))}
</section>`;
}

interface Axis {
  /** Percent of the width. */
  readonly at: (time: number) => number;
  /** What goes through all rows: behind the bars, and before them. */
  readonly threshold: Markup;
  readonly marks: Markup;
}

/** From a little before today to the last leaf; CAs that live on run off to the right. */
function domainOf({ now, spans, warning, quorumLost = now }: Expiry): readonly [number, number] {
  const leaves = spans.filter(({ authority }) => !authority).map(({ to }) => to);
  const ends = leaves.length === 0 ? spans.map(({ to }) => to) : leaves;
  const latest = largest([...ends, quorumLost, warning, now + 90 * dayMilliseconds]);
  const past = smallest(ends, now);
  const reach = latest - now;
  return [Math.max(past, now - reach) - reach * 0.06, latest + reach * 0.04];
}

function thresholdOf({ now, warning }: Expiry, at: Axis['at']): Markup {
  const width = Math.round((at(warning) - at(now)) * 100) / 100;
  return markup`<rect x="${at(now)}%" y="0" width="${width}%" height="100%" class="threshold"/>`;
}

function marksOf({ now, quorumLost }: Expiry, at: Axis['at']): Markup {
  return markup`<line x1="${at(now)}%" x2="${at(now)}%" y1="0" y2="100%" class="today"/>${quorumLost !== undefined && markup`<line x1="${at(quorumLost)}%" x2="${at(quorumLost)}%" y1="0" y2="100%" class="quorum"/>`}`;
}

/** Days where the axis is short, months where it is long; and every end as a short line, so that none is left out. */
function axis({ ends }: Expiry, ticks: readonly Date[], { at, threshold, marks }: Axis): Markup {
  const reach = (ticks.at(-1)?.getTime() ?? 0) - (ticks[0]?.getTime() ?? 0);
  const length = reach < 150 * dayMilliseconds ? 'yyyy-mm-dd'.length : 'yyyy-mm'.length;
  const words = ticks
    .map((tick) => ({ x: at(tick.getTime()), day: dayOf(tick.getTime()).slice(0, length) }))
    .filter(({ x }) => x > 6 && x < 94);
  return markup`<span class="track"><svg aria-hidden="true">${threshold}${marks}${words.map(({ x, day }, index) => markup`<text x="${x}%" y="14" class="tick${index % 2 === 1 && ' odd'}">${day}</text><line x1="${x}%" x2="${x}%" y1="20" y2="26" class="grid"/>`)}<g class="rug">${ends.map((end) => markup`<line x1="${at(end)}%" x2="${at(end)}%" y1="29" y2="41"/>`)}</g></svg></span>`;
}

function row(span: Span, { at, threshold, marks, now }: Axis & { readonly now: number }): Markup {
  const { title, detail, from, to, state, authority } = span;
  const start = Math.min(at(from), at(to) - 0.4);
  const width = Math.round((at(to) - start) * 100) / 100;
  const beyond = at(to) >= 100 ? '→ ' : '';
  return markup`<li class="row span ${state}${authority && ' authority'}"><span class="what"><span class="strong data">${breakable(title)}</span><span class="minor data">${breakable(detail)}</span></span><span class="track"><svg aria-hidden="true">${threshold}<rect x="${start}%" y="50%" width="${width}%" height="12" transform="translate(0 -6)" rx="3" class="bar"/>${marks}</svg></span><span class="end">${beyond}${dayOf(to)}<span class="minor">${inDays(to - now)}</span></span></li>
`;
}

function lead({ spans, ends, now, warning, quorumLost }: Expiry): string {
  const ended = ends.filter((end) => end < now).length;
  const soon = ends.filter((end) => end >= now && end < warning).length;
  const [next] = spans.filter(({ to }) => to >= now);
  const parts = [
    counted(ends.length, 'certificate'),
    ended > 0 && `${ended} expired`,
    soon > 0 && `${soon} within the warning threshold`,
    next && `next to expire: ${next.title}, ${dayOf(next.to)}, ${inDays(next.to - now)}`,
    quorumLost !== undefined &&
      `quorum is lost ${dayOf(quorumLost)}, ${inDays(quorumLost - now)}, unless peer certificates are renewed`,
  ];
  return `${parts.filter((part) => part !== false && part !== undefined).join('; ')}.`;
}

function inDays(milliseconds: number): string {
  const days = Math.round(milliseconds / dayMilliseconds);
  return days < 0 ? `${counted(-days, 'day')} ago` : `in ${counted(days, 'day')}`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function more(rest: readonly Span[]): Child {
  if (rest.length === 0) return undefined;
  return markup`<details><summary>${counted(rest.length, 'later expiry date')} as a list</summary><table class="plain"><thead><tr><th scope="col">ends</th><th scope="col">certificate</th><th scope="col">where</th></tr></thead><tbody>${rest.map(({ to, title, detail }) => markup`<tr><td>${dayOf(to)}</td><td class="data">${title}</td><td class="data">${detail}</td></tr>`)}</tbody></table></details>`;
}

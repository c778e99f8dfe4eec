import { scaleUtc } from 'd3-scale';
import type { Report } from '../../model/report.ts';
import { counted } from '../../model/words.ts';
import { type Expiry, expiryOf, type Span } from './expiry-model.ts';
import { type Child, type Markup, markup } from './markup.ts';
import { label, round } from './svg-text.ts';

const width = 960;
const axisLeft = 290;
const axisRight = width - 110;
const rowHeight = 30;
const top = 74;
const mostRows = 24;
const dayMilliseconds = 86_400_000;

/** When every certificate ends, on one axis, with today, the threshold and the day quorum is lost. */
export function timeline(report: Report): Markup | undefined {
  const expiry = expiryOf(report);
  if (expiry.spans.length === 0) return undefined;
  const rows = expiry.spans.slice(0, mostRows);
  const height = top + rows.length * rowHeight + 26;
  const scale = scaleUtc().domain(domainOf(expiry)).range([axisLeft, axisRight]).clamp(true);
  const at = (time: number): number => round(scale(time));
  return markup`<section id="expiry" aria-labelledby="expiry-title">
<h2 id="expiry-title">Expiry</h2>
<p class="lead">${lead(expiry)}</p>
<div class="scroll" role="region" tabindex="0" aria-label="Expiry timeline"><svg class="timeline" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${`Expiry timeline. ${lead(expiry)}`}">
<rect x="${at(expiry.now)}" y="${top - 8}" width="${round(at(expiry.warning) - at(expiry.now))}" height="${height - top - 10}" class="threshold"/>
${ticksOf(scale.ticks(7), at).map(({ x, words }) => tickMarkup(x, words, height))}
${rug(expiry, at)}
${rows.map((span, index) => row(span, top + index * rowHeight, at))}
${marker(at(expiry.now), height, 'today', `today ${dayOf(expiry.now)}`)}
${expiry.quorumLost !== undefined && marker(at(expiry.quorumLost), height, 'quorum', `quorum lost ${dayOf(expiry.quorumLost)}`)}
</svg></div>
${more(expiry.spans.slice(mostRows))}
</section>`;
}

/** From a little before today to the last leaf; authorities that live on run off to the right. */
function domainOf({ now, spans, warning, quorumLost = now }: Expiry): readonly [number, number] {
  const leaves = spans.filter(({ authority }) => !authority).map(({ to }) => to);
  const ends = leaves.length === 0 ? spans.map(({ to }) => to) : leaves;
  const latest = Math.max(...ends, quorumLost, warning, now + 90 * dayMilliseconds);
  const past = Math.min(...ends.filter((end) => end < now), now);
  const reach = latest - now;
  return [Math.max(past, now - reach) - reach * 0.06, latest + reach * 0.04];
}

interface Tick {
  readonly x: number;
  readonly words: string;
}

/** Days where the axis is short, months where it is long, and none so near that they touch. */
function ticksOf(ticks: readonly Date[], at: (time: number) => number): readonly Tick[] {
  const reach = (ticks.at(-1)?.getTime() ?? 0) - (ticks[0]?.getTime() ?? 0);
  const length = reach < 150 * dayMilliseconds ? 'yyyy-mm-dd'.length : 'yyyy-mm'.length;
  const all = ticks.map((tick) => ({
    x: at(tick.getTime()),
    words: dayOf(tick.getTime()).slice(0, length),
  }));
  const step = Math.ceil((all.length * 72) / (axisRight - axisLeft));
  return all.filter((_, index) => index % step === 0);
}

function tickMarkup(x: number, day: string, height: number): Markup {
  return markup`<line x1="${x}" x2="${x}" y1="${top - 8}" y2="${height - 18}" class="grid"/><text x="${x}" y="${height - 4}" class="tick">${day}</text>`;
}

/** Every certificate's end as a short line, so that none is left out however many there are. */
function rug({ ends }: Expiry, at: (time: number) => number): Markup {
  return markup`<g class="rug">${label(`all ${ends.length}`, { x: axisLeft - 12, y: top - 16, characters: 20, kind: 'rowtitle right' })}${ends.map((end) => markup`<line x1="${at(end)}" x2="${at(end)}" y1="${top - 28}" y2="${top - 14}"/>`)}</g>`;
}

function row(span: Span, y: number, at: (time: number) => number): Markup {
  const { title, detail, from, to, state, authority } = span;
  const end = at(to);
  const start = Math.min(at(from), end - 2);
  const beyond = to > 0 && end >= axisRight ? '→ ' : '';
  return markup`<g class="span ${state}${authority && ' authority'}">${label(title, { x: axisLeft - 12, y: y + 11, characters: 34, kind: 'rowtitle right' })}${label(detail, { x: axisLeft - 12, y: y + 23, characters: 48, kind: 'rowdetail right' })}<rect x="${round(start)}" y="${y + 4}" width="${round(end - start)}" height="12" rx="3"/><text x="${end + 6}" y="${y + 14}" class="end">${beyond}${dayOf(to)}</text></g>`;
}

function marker(x: number, height: number, kind: string, words: string): Markup {
  const y = kind === 'today' ? 14 : 30;
  const side = x > width - 200 ? 'right' : '';
  return markup`<g class="${kind}"><line x1="${x}" x2="${x}" y1="${y - 8}" y2="${height - 18}"/><text x="${side === 'right' ? x - 6 : x + 6}" y="${y}" class="${side}">${words}</text></g>`;
}

function lead({ spans, ends, now, warning, quorumLost }: Expiry): string {
  const ended = ends.filter((end) => end < now).length;
  const soon = ends.filter((end) => end >= now && end < warning).length;
  const [next] = spans.filter(({ to }) => to >= now);
  const parts = [
    counted(ends.length, 'certificate'),
    ended > 0 && `${ended} ended`,
    soon > 0 && `${soon} within the threshold`,
    next && `the next to end is ${next.title}, ${dayOf(next.to)}, ${inDays(next.to - now)}`,
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
  return markup`<details><summary>${counted(rest.length, 'later end')} as a list</summary><table class="plain"><thead><tr><th scope="col">ends</th><th scope="col">certificate</th><th scope="col">where</th></tr></thead><tbody>${rest.map(({ to, title, detail }) => markup`<tr><td>${dayOf(to)}</td><td class="data">${title}</td><td class="data">${detail}</td></tr>`)}</tbody></table></details>`;
}

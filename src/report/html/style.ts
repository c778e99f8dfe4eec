/** The page's own style. Light and dark, wide and narrow, screen and paper. */
export const style = `
:root {
  --ground: #f7f7f5; --surface: #ffffff; --text: #1d2126; --minor: #59626d; --line: #dfe2e6;
  --bad: #b3261e; --bad-ground: #fbe9e7; --soon: #7a5200; --soon-ground: #fdf3da;
  --good: #1b6e3c; --good-ground: #e8f4ec; --accent: #1a5fb4; --accent-ground: #e9f0fa;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15181b; --surface: #1c2024; --text: #e4e7ea; --minor: #9ba5af; --line: #343a41;
    --bad: #ff8f85; --bad-ground: #3b1f1d; --soon: #f0c565; --soon-ground: #37301c;
    --good: #74cf93; --good-ground: #1d3325; --accent: #8fb8f6; --accent-ground: #1e2b3d;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.2rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 0.875em; }
:not(pre) > code, .fix code { display: inline-block; max-width: 100%; }
.data { unicode-bidi: isolate; }
.unseen, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: fixed; top: 0; left: 0; padding: 0.5rem 1rem; background: var(--surface); z-index: 3; }
.inner, main, nav ul, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }

header { background: var(--surface); border-top: 6px solid var(--soon); padding: 1.5rem 0 1.25rem; }
header.fail { border-color: var(--bad); }
header.pass { border-color: var(--good); }
.first { margin-top: 1rem; padding: 0.75rem 1rem; max-width: 50rem; border-radius: 8px; border: 1px solid var(--line); border-left: 4px solid var(--text); background: var(--ground); }
.first p { margin: 0; }
.first .where-first { margin-top: 0.35rem; color: var(--minor); font-size: 0.9375rem; }
.first .where-first strong { color: var(--text); font-weight: 600; }
.scope { margin: 0.75rem 0 0; max-width: 50rem; color: var(--minor); font-size: 0.875rem; overflow-wrap: anywhere; }
.about { margin: 0 0 0.5rem; color: var(--minor); font-size: 0.875rem; }
h1 { margin: 0; font-size: 1.375rem; font-weight: 400; line-height: 1.35; }
.outcome { display: block; font-size: 2.25rem; font-weight: 700; line-height: 1.15; color: var(--soon); letter-spacing: -0.01em; }
.fail .outcome { color: var(--bad); }
.pass .outcome { color: var(--good); }
.sentence { display: block; max-width: 46rem; }
.chips { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.9rem 0 0; padding: 0; list-style: none; }
.badge { display: inline-block; padding: 0.05rem 0.55rem; border-radius: 1rem; font-size: 0.8125rem; font-weight: 600; background: var(--accent-ground); color: var(--accent); white-space: nowrap; }
.badge.critical { background: var(--bad); color: var(--surface); }
.badge.high { background: var(--bad-ground); color: var(--bad); }
.badge.medium { background: var(--soon-ground); color: var(--soon); }

nav { position: sticky; top: 0; z-index: 2; background: var(--surface); border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: 1.25rem; list-style: none; overflow-x: auto; }
nav a { display: block; padding: 0.6rem 0; color: var(--text); font-size: 0.9375rem; text-decoration: none; white-space: nowrap; }
nav a:hover { color: var(--accent); text-decoration: underline; }

main { padding-bottom: 3rem; }
section { margin-top: 2.25rem; }
.cluster { margin-top: 2.75rem; padding-top: 1.25rem; border-top: 3px solid var(--text); }
.cluster section { margin-top: 1.5rem; }
.cluster > h2 { font-size: 1.5rem; }
.cluster > .chips { margin: 0.5rem 0 0; }
h3.part { margin: 0 0 0.25rem; font-size: 1.125rem; }
h2 { margin: 0 0 0.25rem; font-size: 1.25rem; }
h3 { margin: 1.25rem 0 0.5rem; font-size: 1rem; }
h4 { margin: 0; font-size: 1rem; font-weight: 600; }
.lead, .note { margin: 0 0 0.9rem; color: var(--minor); max-width: 46rem; }
.note { font-size: 0.875rem; }
#next ol { margin: 0.25rem 0 0; padding-left: 1.4rem; max-width: 50rem; }
#next li { margin: 0.3rem 0; padding-left: 0.2rem; }
.where, .count { color: var(--minor); font-size: 0.875rem; font-weight: 400; }
.where::before { content: "· "; }

.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.scroll { position: relative; width: fit-content; max-width: 100%; }
.matrix { border-collapse: collapse; font-size: 0.875rem; }
.matrix th { padding: 0.4rem 0.75rem; text-align: left; font-weight: 500; white-space: nowrap; }
.matrix thead th { overflow-wrap: break-word; text-align: center; border-bottom: 1px solid var(--line); }
.matrix thead th:first-child { text-align: right; }
.matrix thead .data { display: inline-block; max-width: 8.5rem; white-space: normal; vertical-align: bottom; }
.hint { color: var(--minor); font-weight: 400; }
.matrix tbody th[scope=row] { position: sticky; left: 0; z-index: 1; background: var(--surface); min-width: 11rem; max-width: 22rem; white-space: normal; }
.matrix .band th { padding-top: 0.9rem; color: var(--minor); font-size: 0.8125rem; }
.matrix .band th span { position: sticky; left: 0.75rem; }
.matrix td { min-width: 4.25rem; height: 2.25rem; padding: 0; text-align: center; border: 2px solid var(--surface); background: var(--ground); color: var(--minor); }
.matrix td.none { background: none; }
.matrix td.good { background: var(--good-ground); color: var(--good); }
.matrix td.bad { background: var(--bad); color: var(--surface); font-weight: 700; }
.matrix td.unsure { background: var(--soon-ground); color: var(--soon); font-weight: 700; }
.matrix td.by-assumed { outline: 1.5px dashed currentColor; outline-offset: -5px; }
.matrix td.by-untried { background-image: repeating-linear-gradient(135deg, transparent 0 5px, color-mix(in srgb, currentColor 16%, transparent) 5px 6px); }
.key.by-assumed { border: 1.5px dashed currentColor; }
.key.by-untried { background-image: repeating-linear-gradient(135deg, transparent 0 5px, color-mix(in srgb, currentColor 24%, transparent) 5px 6px); }
.key.today { color: var(--text); font-weight: 700; }
.legend .quorum { color: var(--bad); }
sup { font-size: 0.7em; line-height: 0; }
.matrix td:target { outline: 2px solid var(--text); outline-offset: -3px; }
.matrix td a { display: flex; align-items: center; justify-content: center; min-height: 2.25rem; color: inherit; text-decoration: underline; text-underline-offset: 3px; }
.matrix td a[aria-current] { outline: 2px solid var(--text); outline-offset: -3px; }
.signs { display: inline-flex; gap: 0.35rem; align-items: center; }
.many { font-size: 0.8125rem; }
.observed { display: inline-grid; place-items: center; width: 1.35em; height: 1.35em; border: 1.5px solid currentColor; border-radius: 50%; font-size: 0.8em; line-height: 1; }
.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; margin: 0.6rem 0 0; padding: 0; list-style: none; color: var(--minor); font-size: 0.8125rem; }
.key { display: inline-block; min-width: 1.5rem; padding: 0 0.3rem; margin-right: 0.15rem; border-radius: 3px; text-align: center; }
.key.good { background: var(--good-ground); color: var(--good); }
.key.bad { background: var(--bad); color: var(--surface); }
.key.unsure { background: var(--soon-ground); color: var(--soon); }

.panel { display: none; margin-top: 0.9rem; padding: 1rem 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; scroll-margin-top: 3.4rem; }
.panel:target { display: block; }
.panel:focus { outline: none; border-color: var(--minor); }
.panel .edge + .edge { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.direction { margin: 0; color: var(--minor); font-size: 0.875rem; }
.panel h3 { margin: 0 0 0.75rem; }
.panel h3.bad { color: var(--bad); }
.columns { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: 1.25rem; }
figure { margin: 0; }
.close, .about-this { margin: 0.75rem 0 0; font-size: 0.875rem; }
.findings { display: flex; flex-wrap: wrap; gap: 0.15rem 0.75rem; font-size: 0.8125rem; }
.about-this .findings { display: inline-flex; font-size: inherit; }
.evidence { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; margin: 0; padding: 0; list-style: none; }
.finding:target, .node:target { box-shadow: 0 0 0 2px var(--text); }
.finding:focus, .node:focus { outline: none; }
.finding, .node, td[id] { scroll-margin-top: 3.6rem; }

.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1rem; margin: 0; font-size: 0.9375rem; align-content: start; }
.facts dt { color: var(--minor); max-width: 9rem; }
.facts dd { margin: 0; }
.facts dd.data { white-space: pre-line; }
.places { margin: 0; padding: 0; list-style: none; }
.fix { display: flex; gap: 0.5rem; align-items: start; }
.fix pre code { font-size: 0.875rem; }
.fix pre { flex: 1; min-width: 0; margin: 0; padding: 0.5rem 0.65rem; border-radius: 6px; background: var(--good-ground); white-space: pre-wrap; overflow-wrap: anywhere; font-family: inherit; font-size: inherit; }
button { font: inherit; font-size: 0.8125rem; padding: 0.3rem 0.7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--text); cursor: pointer; }
button:hover { border-color: var(--minor); }

.finding { margin: 0.6rem 0; padding: 0.9rem 1.1rem; background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 8px; }
.finding.critical, .finding.high { border-left-color: var(--bad); }
.finding.medium { border-left-color: var(--soon); }
.finding.low, .finding.info { border-left-color: var(--accent); }
.finding h4 { margin-bottom: 0.6rem; }
.finding[hidden], .group[hidden] { display: none; }
.page { margin-top: 0.7rem; font-size: 0.9375rem; }
.page p { margin: 0.5rem 0; max-width: 46rem; }
.page ul { margin: 0.25rem 0 0; padding-left: 1.2rem; }
summary { cursor: pointer; color: var(--minor); font-size: 0.875rem; }
.more { margin-top: 1.5rem; }
.more > summary { font-size: 1rem; color: var(--text); }
.gaps { margin: 0.5rem 0 0; }
.gaps dt { margin-top: 0.6rem; font-weight: 600; font-size: 0.9375rem; }
.gaps dd { margin: 0; color: var(--minor); font-size: 0.9375rem; }
.plain { margin-top: 0.5rem; border-collapse: collapse; font-size: 0.875rem; }
.plain th, .plain td { padding: 0.25rem 1rem 0.25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.filter input { font: inherit; padding: 0.3rem 0.6rem; border: 1px solid var(--minor); border-radius: 6px; background: var(--surface); color: var(--text); }
footer { padding-bottom: 2rem; color: var(--minor); font-size: 0.8125rem; }

svg { display: block; }
svg text { fill: var(--text); font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-size: 12px; unicode-bidi: isolate; }
svg .right { text-anchor: end; }

.ladder { width: 100%; max-width: 22rem; height: auto; }
.ladder .end { font-weight: 600; }
.ladder .life { stroke: var(--line); stroke-width: 2; }
.ladder .step { text-anchor: middle; font-size: 11.5px; }
.ladder .arrow { fill: none; stroke: var(--minor); stroke-width: 1.4; }
.ladder .check { fill: var(--good-ground); stroke: var(--good); }
.ladder .mark { text-anchor: middle; fill: var(--good); font-size: 12px; }
.ladder .failed .arrow { stroke: var(--bad); stroke-width: 2; }
.ladder .failed .check, .ladder .open .check { fill: var(--bad); stroke: var(--bad); }
.ladder .failed .mark, .ladder .open .mark { fill: var(--surface); }
.ladder .failed text.step { fill: var(--bad); font-weight: 600; }
.ladder .open .arrow { stroke: var(--bad); }
.ladder .unsure text.step { fill: var(--soon); font-weight: 600; }
.ladder .unsure .check { fill: var(--soon-ground); stroke: var(--soon); }
.ladder .unsure .mark { fill: var(--soon); }

.scroll.trust { padding: 1.1rem 1.25rem; overflow: visible; }
.tree, .tree ul { list-style: none; margin: 0; padding: 0; }
.tree > li + li { margin-top: 1.1rem; }
.tree li { position: relative; display: flex; align-items: center; }
.tree ul { position: relative; flex: 0 1 auto; min-width: 0; margin-left: 3rem; }
.tree ul > li { padding: 0.25rem 0; }
.tree ul::before { content: ""; position: absolute; left: -3rem; top: 50%; width: 1.5rem; border-top: 1.5px solid var(--minor); }
.tree ul > li::before { content: ""; position: absolute; left: -1.5rem; top: 50%; width: 1.5rem; border-top: 1.5px solid var(--minor); }
.tree ul > li::after { content: ""; position: absolute; left: -1.5rem; top: 0; bottom: 0; border-left: 1.5px solid var(--minor); }
.tree ul > li:first-child::after { top: 50%; }
.tree ul > li:last-child::after { bottom: 50%; }
.tree ul > li:only-child::after { display: none; }
.tree ul > li.bad::before { border-top: 2px dashed var(--bad); }
.node { display: flex; flex-wrap: wrap; gap: 0 0.75rem; flex: 0 1 18.5rem; min-width: 8rem; padding: 0.45rem 0.7rem; border: 1px solid var(--minor); border-radius: 7px; background: var(--surface); font-size: 0.8125rem; line-height: 1.4; }
.node > * { flex: 1 0 100%; min-width: 0; }
.node .strong { font-size: 0.875rem; font-weight: 600; }
.node .place { flex: 1 1 6rem; }
.node .ends { flex: 0 0 auto; color: var(--minor); white-space: nowrap; }
.node .minor, .node .place { color: var(--minor); }
.node .place { color: var(--text); }
.node.authority { background: var(--accent-ground); border-color: var(--accent); }
.node.soon { background: var(--soon-ground); border-color: var(--soon); }
.node.bad { background: var(--bad-ground); border-color: var(--bad); border-width: 2px; }
.node.bad .ends, .node .why { color: var(--bad); font-weight: 600; }
.node.soon .ends { color: var(--soon); font-weight: 600; }
.node.missing { border-style: dashed; }

.scroll.timeline { width: 100%; padding: 0.5rem 1.25rem 0.9rem; }
.timeline ul { list-style: none; margin: 0; padding: 0; }
.timeline .row { display: grid; grid-template-columns: 17rem minmax(0, 1fr) 6.5rem; gap: 0 0.9rem; align-items: stretch; font-size: 0.8125rem; line-height: 1.35; }
.timeline .row + .row, .timeline .row { padding: 0; }
.timeline .what { padding: 0.3rem 0; text-align: right; }
.timeline .what span, .timeline .end .minor { display: block; }
.timeline .strong { font-weight: 600; }
.timeline .minor, .axis .what { color: var(--minor); }
.axis .what { align-self: end; }
.timeline .minor { font-size: 0.75rem; }
.timeline .end { align-self: center; font-variant-numeric: tabular-nums; }
.timeline .soon .end { color: var(--soon); font-weight: 600; }
.timeline .span.bad .end { color: var(--bad); font-weight: 600; }
.timeline .track { position: relative; min-height: 2.4rem; }
.timeline .axis .track { height: 44px; }
.timeline svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.timeline .grid { stroke: var(--line); }
.timeline .tick { paint-order: stroke; stroke: var(--surface); stroke-width: 3px; text-anchor: middle; font-size: 11px; fill: var(--minor); }
.timeline .threshold { fill: var(--soon-ground); }
.timeline .rug line { stroke: var(--minor); stroke-width: 1.5; }
.timeline .bar { fill: var(--good); }
.timeline .authority .bar { fill: var(--accent); }
.timeline .soon .bar { fill: var(--soon); }
.timeline .bad .bar { fill: var(--bad); }
.timeline line.today { stroke: var(--text); stroke-width: 1.5; }
.timeline line.quorum { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 5 3; }

@media screen and (max-width: 56rem) { .columns { grid-template-columns: minmax(0, 1fr); } .timeline .row { grid-template-columns: 12rem minmax(0, 1fr) 6rem; } }
@media screen and (max-width: 44rem) {
  header { padding: 0.9rem 0 0.9rem; }
  .about { margin-bottom: 0.25rem; font-size: 0.8125rem; }
  .chips { margin-top: 0.6rem; gap: 0.35rem; }
  .first { margin-top: 0.75rem; padding: 0.6rem 0.75rem; font-size: 0.9375rem; line-height: 1.4; }
  .scroll.trust { width: 100%; padding: 0.75rem; }
  .tree li { display: block; }
  .tree .node { width: auto; }
  .tree ul { margin-left: 1.1rem; padding-top: 0.35rem; }
  .tree ul::before { display: none; }
  .tree ul > li::before { left: -0.7rem; width: 0.7rem; top: 1.4rem; }
  .tree ul > li::after, .tree ul > li:first-child::after { left: -0.7rem; top: -0.35rem; bottom: 0; }
  .tree ul > li:only-child::after { display: block; }
  .tree ul > li:last-child::after { bottom: auto; height: 1.75rem; }
  .scroll.timeline { padding: 0.4rem 0.75rem 0.75rem; }
  .timeline .row { grid-template-columns: minmax(0, 1fr) auto; }
  .timeline .row + .row, .timeline li.row { padding-top: 0.5rem; }
  .timeline .what { padding: 0; text-align: left; }
  .timeline .end { text-align: right; }
  .timeline .track { grid-row: 2; grid-column: 1 / -1; min-height: 1.1rem; }
  .timeline .tick.odd { display: none; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0.1rem; }
  .facts dt { margin-top: 0.4rem; font-size: 0.8125rem; }
  .inner, main, nav ul, footer { padding-left: 0.9rem; padding-right: 0.9rem; }
  .outcome { font-size: 1.75rem; }
  h1 { font-size: 1.125rem; }
  nav ul { flex-wrap: wrap; gap: 0 1.1rem; padding-top: 0.2rem; padding-bottom: 0.2rem; }
  nav a { padding: 0.3rem 0; }
  .matrix th { padding: 0.35rem 0.5rem; }
  .matrix thead th { padding: 0.35rem 0.15rem; font-size: 0.6875rem; }
  .matrix td { min-width: 3.25rem; }
  .matrix tbody th[scope=row] { min-width: 6.5rem; max-width: 6.5rem; }
  .finding { padding: 0.75rem 0.8rem; }
  .fix { flex-direction: column; }
  .fix pre { width: 100%; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@page { margin: 14mm; }
@media print {
  :root { --ground: #fff; --surface: #fff; --text: #000; --minor: #444; --line: #bbb; --bad: #a00; --bad-ground: #fbe9e7; --soon: #6b4700; --soon-ground: #fdf3da; --good: #14532d; --good-ground: #e8f4ec; --accent: #1a4f94; --accent-ground: #e9f0fa; }
  * { print-color-adjust: exact; }
  body { font-size: 10pt; }
  nav, .skip, .copy, .filter, .close { display: none !important; }
  .panel { display: block; break-inside: avoid; }
  main, header .inner { max-width: none; padding-left: 0; padding-right: 0; }
  .columns { grid-template-columns: 14rem minmax(0, 1fr); }
  .facts { grid-template-columns: 6rem minmax(0, 1fr); }
  .timeline .row { grid-template-columns: 13rem minmax(0, 1fr) 6rem; }
  details.page:not([open]) { display: none; }
  .finding { break-inside: auto; }
  .finding h4 { break-after: avoid; }
  .fix, .lead { break-inside: avoid; }
  .scroll { overflow: visible; border: none; padding: 0; }
  .node, .timeline .row, .matrix, .matrix tr { break-inside: avoid; }
  h2, h3, .lead { break-after: avoid; }
}
`;

import { hierarchy, tree } from 'd3-hierarchy';
import type { Report } from '../../model/report.ts';
import { counted } from '../../model/words.ts';
import { type Markup, markup } from './markup.ts';
import { label, round } from './svg-text.ts';
import { type TrustLink, trustModel, type TrustModel, type TrustNode } from './trust-model.ts';
import { groupBy } from '../../model/group-by.ts';

const nodeWidth = 270;
const nodeHeight = 58;
const margin = 8;

/** The picture of who signed whom; links that do not hold are red and say why. */
export function trustGraph(report: Report): Markup | undefined {
  const model = trustModel(report);
  if (model.nodes.length === 0) return undefined;
  const places = arrange(model);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + nodeWidth / 2 + margin;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + nodeHeight / 2 + margin;
  return markup`<section id="trust" aria-labelledby="trust-title">
<h2 id="trust-title">Trust</h2>
<p class="lead">${lead(model)}</p>
<div class="scroll" role="region" tabindex="0" aria-label="Trust graph"><svg class="trust" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" role="img" aria-label="${describe(model)}">
${model.links.map((link) => linkMarkup(link, places))}
${model.nodes.map((node) => nodeMarkup(node, places))}
</svg></div>
</section>`;
}

function lead({ nodes, links }: TrustModel): string {
  const broken = links.filter((link) => link.broken !== undefined).length;
  const ended = nodes.filter(({ kind, state }) => state === 'bad' && kind !== 'missing').length;
  const parts = [
    broken === 0
      ? 'Every certificate leads to an authority of the set'
      : `${counted(broken, 'link')} broken`,
    ended > 0 && `${counted(ended, 'certificate')} outside ${ended === 1 ? 'its' : 'their'} dates`,
  ];
  return `${parts.filter((part) => part !== false).join('; ')}. Issuers are matched by name and key identifier.`;
}

function describe({ nodes, links }: TrustModel): string {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const sentences = links.slice(0, 40).map(({ from, to, broken }) => {
    const fault = broken === undefined ? '' : ` (broken: ${broken})`;
    return `${titles.get(from) ?? ''} signs ${titles.get(to) ?? ''}${fault}`;
  });
  return `Trust graph. ${sentences.join('; ')}`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Branch {
  readonly id: string;
  readonly children: readonly Branch[];
}

/** Left to right, an issuer beside the middle of what it issued. */
function arrange(model: TrustModel): ReadonlyMap<string, Place> {
  const roots = forestOf(model);
  const layout = tree<Branch>()
    .nodeSize([nodeHeight + 12, nodeWidth + 150])
    .separation(() => 1);
  const placed = layout(hierarchy<Branch>({ id: '', children: roots }, ({ children }) => children));
  // The first is the root that only holds the trees together.
  const [, ...nodes] = placed.descendants();
  const highest = Math.min(...nodes.map(({ x }) => x));
  const leftmost = Math.min(...nodes.map(({ y }) => y));
  return new Map(
    nodes.map(({ data, x, y }) => [
      data.id,
      {
        x: y - leftmost + nodeWidth / 2 + margin,
        y: x - highest + nodeHeight / 2 + margin,
      },
    ]),
  );
}

/** Every node once, below its issuer. Authorities that sign each other in a circle stand at the top. */
function forestOf({ nodes, links }: TrustModel): readonly Branch[] {
  const children = groupBy(links, ({ from }) => from);
  const placed = new Set<string>();
  const branchOf = (id: string): Branch => {
    placed.add(id);
    const below = (children.get(id) ?? []).filter(({ to }) => !placed.has(to));
    for (const { to } of below) placed.add(to);
    return { id, children: below.map(({ to }) => branchOf(to)) };
  };
  const signed = new Set(links.map(({ to }) => to));
  const tops = nodes.filter(({ id }) => !signed.has(id)).map(({ id }) => branchOf(id));
  const circles = nodes.flatMap(({ id }) => (placed.has(id) ? [] : [branchOf(id)]));
  return [...tops, ...circles];
}

function linkMarkup({ from, to, broken }: TrustLink, places: ReadonlyMap<string, Place>): Markup {
  const start = places.get(from) ?? { x: 0, y: 0 };
  const end = places.get(to) ?? { x: 0, y: 0 };
  const x1 = round(start.x + nodeWidth / 2);
  const x2 = round(end.x - nodeWidth / 2);
  const middle = round((x1 + x2) / 2);
  const [y1, y2] = [round(start.y), round(end.y)];
  const path = markup`<path class="link" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
  if (broken === undefined) return markup`<g class="good">${path}</g>`;
  const words = label(broken, {
    x: middle,
    y: round((y1 + y2) / 2) - 5,
    characters: 24,
    kind: 'why',
  });
  return markup`<g class="bad">${path}${words}</g>`;
}

function nodeMarkup(node: TrustNode, places: ReadonlyMap<string, Place>): Markup {
  const { id, title, ends, detail, note, kind, state } = node;
  const { x, y } = places.get(id) ?? { x: 0, y: 0 };
  const [left, top] = [round(x - nodeWidth / 2), round(y - nodeHeight / 2)];
  const inside = left + 12;
  return markup`<g class="node ${kind} ${state}"><rect x="${left}" y="${top}" width="${nodeWidth}" height="${nodeHeight}" rx="6"/>${[
    label(title, { x: inside, y: top + 19, characters: 28, kind: 'strong' }),
    label(ends, { x: left + nodeWidth - 10, y: top + 35, characters: 18, kind: 'minor right' }),
    label(detail, { x: inside, y: top + 35, characters: ends === '' ? 40 : 23, kind: 'minor' }),
    label(note, { x: inside, y: top + 50, characters: 40, kind: 'minor' }),
  ]}</g>`;
}

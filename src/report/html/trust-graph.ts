import { counted, enumerate } from '../../model/words.ts';
import { groupBy } from '../../model/group-by.ts';
import { breakable, type Child, type Markup, markup } from './markup.ts';
import type { Part } from './part.ts';
import type { TrustLink, TrustModel, TrustNode } from './trust-model.ts';

/** The tree of issuers and issued certificates; links that do not hold are red and say why. */
export function trustGraph(part: Part): Markup | undefined {
  const { trust, id, heading } = part;
  if (trust.nodes.length === 0) return undefined;
  return markup`<section id="${id('trust')}" aria-labelledby="${id('trust-title')}">
${heading(id('trust-title'), 'Trust')}
<p class="lead">${lead(trust)}</p>
<div class="scroll trust"><ul class="tree">${forestOf(trust).map((branch) => branchMarkup(branch, part))}</ul></div>
</section>`;
}

function lead({ nodes, links }: TrustModel): string {
  const broken = links.filter((link) => link.broken !== undefined).length;
  const ended = nodes.filter(({ kind, state }) => state === 'bad' && kind !== 'missing').length;
  const parts = [
    broken === 0
      ? 'Every certificate chains to a CA of the set'
      : `${counted(broken, 'link')} broken`,
    ended > 0 &&
      `${counted(ended, 'certificate')} outside ${ended === 1 ? 'its' : 'their'} validity period`,
  ];
  return `${parts.filter((part) => part !== false).join('; ')}. Issuers are matched by name and key identifier.`;
}

interface Branch {
  readonly node: TrustNode;
  /** How it hangs on the branch above. */
  readonly link?: TrustLink;
  readonly below: readonly Branch[];
}

/** Every node once, below its issuer. CAs that sign each other in a circle are at the top. */
function forestOf({ nodes, links }: TrustModel): readonly Branch[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = groupBy(links, ({ from }) => from);
  const placed = new Set<string>();
  const branchOf = (node: TrustNode, link?: TrustLink): Branch => {
    placed.add(node.id);
    const below = (children.get(node.id) ?? []).filter(({ to }) => !placed.has(to));
    for (const { to } of below) placed.add(to);
    return {
      node,
      ...(link && { link }),
      below: below.flatMap((each) => {
        const child = byId.get(each.to);
        return child === undefined ? [] : [branchOf(child, each)];
      }),
    };
  };
  const signed = new Set(links.map(({ to }) => to));
  const tops = nodes.filter(({ id }) => !signed.has(id)).map((node) => branchOf(node));
  const circles = nodes.flatMap((node) => (placed.has(node.id) ? [] : [branchOf(node)]));
  return [...tops, ...circles];
}

function branchMarkup({ node, link, below }: Branch, part: Part): Markup {
  const broken = link?.broken;
  return markup`<li class="${broken === undefined ? 'good' : 'bad'}">${nodeMarkup(node, broken, part)}${below.length > 0 && markup`<ul>${below.map((each) => branchMarkup(each, part))}</ul>`}</li>
`;
}

const mostPlaces = 3;

function nodeMarkup(node: TrustNode, broken: string | undefined, part: Part): Markup {
  const { title, ends, places, detail, note, kind, state, crossSigns } = node;
  const id = part.id(node.id);
  const where = enumerate(places.map(part.paths.tail), mostPlaces);
  return markup`<div class="node ${kind} ${state}"${kind !== 'missing' && markup` id="${id}" tabindex="-1"`}>${broken !== undefined && markup`<span class="why">✕ ${broken}</span>`}<span class="strong data">${breakable(title)}</span>${line(where, 'place data')}${line(ends, 'ends')}${line(detail, 'minor data')}${line(note, 'minor data')}${crossSigns && markup`<span class="minor">cross-signed: same key as <a class="data" href="#${part.id(crossSigns.id)}">${crossSigns.title}</a></span>`}${part.findingLinks(id)}</div>`;
}

function line(words: string, kind: string): Child {
  return words !== '' && markup`<span class="${kind}">${breakable(words)}</span>`;
}

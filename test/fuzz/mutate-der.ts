import type { Random } from '../oracle/random.ts';
import { encode } from '../../testcluster/issue/der.ts';
import { hostileText } from './hostile-text.ts';

/** A DER element whose content is either bytes or elements; strings of octets and bits that hold DER are opened too. */
interface Node {
  tag: number;
  /** The number of unused bits, where a bit string was opened. */
  readonly prefix: Uint8Array;
  content: Uint8Array | Node[];
}

/** The DER with one to three of its elements changed; every length around them is right again. */
export function mutateDer(der: Uint8Array, random: Random): Uint8Array {
  const roots = nodesIn(der) ?? [];
  for (let count = 1 + random.below(3); count > 0; count -= 1) change(roots, random);
  return Buffer.concat(roots.map(encoded));
}

/** The DER with copies of one of its elements, as text of about the length asked for; every length around them is right. */
export function stretchDer(
  der: Uint8Array,
  random: Random,
  asText: (der: Uint8Array) => string,
): (length: number) => string {
  const choice = random.below(2 ** 30);
  return (length) => {
    const roots = nodesIn(der) ?? [];
    const all: (readonly [siblings: Node[], at: number])[] = [];
    const unseen = [roots];
    for (let nodes = unseen.pop(); nodes !== undefined; nodes = unseen.pop()) {
      for (const [at, { content }] of nodes.entries()) {
        all.push([nodes, at]);
        if (Array.isArray(content)) unseen.push(content);
      }
    }
    const [siblings, at] = all[choice % all.length] ?? [roots, 0];
    const [node] = siblings.slice(at, at + 1);
    if (node === undefined) return '';
    // Base64 has four characters for three bytes.
    const count = Math.ceil((length * 3) / 4 / encoded(node).length);
    siblings.splice(at, 0, ...Array.from({ length: count }, () => node));
    return asText(Buffer.concat(roots.map(encoded)));
  };
}

/** Nothing where the bytes are not elements to their end. */
function nodesIn(der: Uint8Array): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < der.length;) {
    const tag = der[at] ?? 0;
    const first = der[at + 1] ?? 0xff;
    const octets = first < 0x80 ? 0 : first - 0x80;
    const start = at + 2 + octets;
    const length =
      octets === 0
        ? first
        : der.subarray(at + 2, start).reduce((sum, octet) => sum * 256 + octet, 0);
    if (octets > 3 || start + length > der.length) return undefined;
    nodes.push(nodeOf(tag, der.subarray(start, start + length)));
    at = start + length;
  }
  return nodes;
}

function nodeOf(tag: number, bytes: Uint8Array): Node {
  const isOpen = (tag & 0x20) !== 0;
  const skipped = tag === 0x03 ? 1 : 0;
  const inner =
    isOpen || tag === 0x03 || tag === 0x04 ? nodesIn(bytes.subarray(skipped)) : undefined;
  const prefix = bytes.subarray(0, skipped);
  if (inner === undefined || inner.length === 0)
    return { tag, prefix: new Uint8Array(), content: bytes };
  return { tag, prefix, content: inner };
}

function encoded({ tag, prefix, content }: Node): Uint8Array {
  return Array.isArray(content)
    ? encode(tag, prefix, ...content.map(encoded))
    : encode(tag, prefix, content);
}

const tags = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1e, 0x24, 0x30,
  0x31, 0x80, 0x81, 0x82, 0x86, 0x87, 0xa0, 0xa1, 0xa3, 0xa4,
];

/** What means something inside some element. */
const contents: readonly string[] = [
  '',
  '00',
  '01',
  'ff',
  '80',
  '7fffffffffffffffffffffff',
  'ff'.repeat(600),
  '2a864886f70d010101',
  '2a8648ce3d0201',
  '551d11',
  '551d1e',
  '551d25',
  '2b0601050507030180808080808080808001',
  '3235303130313030303030305a',
  '39393939313233313233353935395a',
  '30303030303030303030303030305a',
  '00000000',
  '0a0000010a0000020a000003',
  '7f000001',
  '2a2e61',
  '078080',
];

function change(siblings: Node[], random: Random): void {
  if (siblings.length === 0) return;
  const at = random.below(siblings.length);
  const node = siblings[at];
  if (node === undefined) return;
  if (Array.isArray(node.content) && random.below(6) > 0) change(node.content, random);
  else random.pick(accidents)({ siblings, at, node, random });
}

interface Place {
  readonly siblings: Node[];
  readonly at: number;
  readonly node: Node;
  readonly random: Random;
}

const accidents: readonly ((place: Place) => void)[] = [
  ({ siblings, at }) => siblings.splice(at, 1),
  ({ siblings, at, node, random }) =>
    siblings.splice(at, 0, ...Array.from({ length: random.pick([1, 1, 40, 400]) }, () => node)),
  ({ siblings }) => siblings.push(...siblings.splice(0).toReversed()),
  ({ node, random }) => (node.tag = random.pick(tags)),
  ({ node, random }) => (node.content = Buffer.from(random.pick(contents), 'hex')),
  ({ node, random }) => (node.content = Buffer.from(hostileText(random))),
  ({ siblings, at, node, random }) => (siblings[at] = wrapped(node, random.pick([1, 2, 40, 400]))),
  ({ node }) => (node.content = [{ ...node }, structuredClone(node)]),
  ({ siblings, at, random }) => (siblings[at] = structuredClone(random.pick(siblings))),
];

function wrapped(node: Node, depth: number): Node {
  let outer = node;
  for (let count = 0; count < depth; count += 1)
    outer = { tag: 0x30, prefix: new Uint8Array(), content: [outer] };
  return outer;
}

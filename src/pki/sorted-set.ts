/** How the members of a set are ordered, also against what is looked for. */
export interface Order<Item, Value> {
  readonly compare: (left: Item, right: Item) => number;
  /** Whether the second is wholly in the first. */
  readonly isWithin: (outer: Item, inner: Item) => boolean;
  readonly locate: (item: Item, value: Value) => number;
  readonly matches: (item: Item, value: Value) => boolean;
}

/**
 * The set in which Go looks for constraints since 1.26: sorted, without what is in the one before,
 * searched by halves. Where its order is unsound, Go misses constraints, and so does this.
 */
export class SortedSet<Item, Value> {
  readonly items: readonly Item[];
  readonly #order: Order<Item, Value>;

  constructor(items: readonly Item[], order: Order<Item, Value>) {
    const kept: Item[] = [];
    for (const item of items.toSorted(order.compare)) {
      const last = kept.at(-1);
      if (last === undefined || !order.isWithin(last, item)) kept.push(item);
    }
    this.items = kept;
    this.#order = order;
  }

  find(value: Value): Item | undefined {
    const position = this.#lowerBound(value);
    const exact = this.items[position];
    if (exact !== undefined && this.#order.locate(exact, value) === 0) return exact;
    const before = this.items[Math.max(position - 1, 0)];
    return before !== undefined && this.#order.matches(before, value) ? before : undefined;
  }

  /** Of the first item that is not before the value. */
  #lowerBound(value: Value): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.items[middle];
      if (item !== undefined && this.#order.locate(item, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** From the last character to the first, without case, the dot before everything else. */
export function compareDomains(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let back = 1; back <= shorter; back += 1) {
    const difference = weight(left, left.length - back) - weight(right, right.length - back);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function weight(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code === 0x2e) return 0;
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

/** Whether the name ends in the constraint at a label; a leading dot asks for a label before. */
export function isSuffix(constraint: string, name: string): boolean {
  const start = name.length - constraint.length;
  if (start < 0) return false;
  for (let index = 0; index < constraint.length; index += 1) {
    if (!isSameLetter(constraint.charCodeAt(index), name.charCodeAt(start + index))) return false;
  }
  return constraint.startsWith('.') || start === 0 || name[start - 1] === '.';
}

function isSameLetter(left: number, right: number): boolean {
  if (left === right) return true;
  const [low, high] = left < right ? [left, right] : [right, left];
  return low >= 0x41 && low <= 0x5a && high === low + 0x20;
}

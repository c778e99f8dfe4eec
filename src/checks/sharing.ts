import type { Use } from './uses.ts';

/** Who uses a certificate, members and clients apart, each once. */
export function ownersOf(uses: readonly Use[]): {
  readonly members: readonly string[];
  readonly clients: readonly string[];
} {
  const names = (of: readonly Use[]): readonly string[] => [
    ...new Set(of.map(({ owner }) => owner)),
  ];
  return {
    members: names(uses.filter(({ member }) => member !== undefined)),
    clients: names(uses.filter(({ client }) => client !== undefined)),
  };
}

/** Items with the same fingerprint together, in the order of the first of each. */
export function byFingerprint<Item>(
  items: readonly Item[],
  fingerprint: (item: Item) => string,
): readonly (readonly [Item, ...Item[]])[] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = fingerprint(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

import type { Use } from './certificate-uses.ts';

/** Who uses a certificate, members and clients apart, each once. */
export function ownersOf(uses: readonly Use[]): {
  readonly members: readonly string[];
  readonly clients: readonly string[];
} {
  return {
    members: owners(uses.filter(({ member }) => member !== undefined)),
    clients: owners(uses.filter(({ client }) => client !== undefined)),
  };
}

function owners(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map(({ owner }) => owner))];
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

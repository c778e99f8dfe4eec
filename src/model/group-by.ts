type NonEmpty<Item> = readonly [Item, ...Item[]];

/** Items, or what is wanted of each, by key, in order of first appearance. (Node 20 has no Map.groupBy.) */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): Map<Key, NonEmpty<Item>>;
export function groupBy<Item, Key, Value>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
  valueOf: (item: Item) => Value,
): Map<Key, NonEmpty<Value>>;
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
  valueOf: (item: Item) => unknown = (item) => item,
): Map<Key, NonEmpty<unknown>> {
  const groups = new Map<Key, [unknown, ...unknown[]]>();
  for (const item of items) {
    const [key, value] = [keyOf(item), valueOf(item)];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

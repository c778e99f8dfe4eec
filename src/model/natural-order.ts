const order = new Intl.Collator('en', { numeric: true });

/** Sorts names as a person does: `node2` before `node10`. */
export function naturally(one: string, other: string): number {
  return order.compare(one, other);
}

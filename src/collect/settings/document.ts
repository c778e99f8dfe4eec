import type { DocumentNode } from '../../model/settings.ts';

/** What stands under a path of keys, the last of equal keys; undefined where there is nothing. */
export function at(
  node: DocumentNode | undefined,
  ...keys: readonly string[]
): DocumentNode | undefined {
  let current = node;
  for (const key of keys) {
    if (current?.kind !== 'map') return undefined;
    current = current.entries.findLast((entry) => entry.key === key)?.value;
  }
  return current?.kind === 'scalar' && current.value === null ? undefined : current;
}

export function itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
  return node?.kind === 'list' ? node.items : [];
}

export function entriesOf(node: DocumentNode | undefined) {
  return node?.kind === 'map' ? node.entries : [];
}

/** A scalar as text; undefined for anything else. */
export function textOf(node: DocumentNode | undefined): string | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return String(node.value);
}

import type { DocumentNode, LocatedText } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import type { EmbeddedText } from './settings-form.ts';

/** The value under a path of keys, the last of equal keys; undefined where there is nothing. */
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

/** Where a boolean is said to be true. */
export function whereTrue(node: DocumentNode | undefined): Location | undefined {
  return textOf(node) === 'true' ? node?.location : undefined;
}

/** Whether a value is that which Go gives to what is not set: nothing, zero, off, an empty text or list. */
export function isUnset(node: DocumentNode): boolean {
  switch (node.kind) {
    case 'scalar':
      return node.value === null || /^(?:0|false)?$/.test(String(node.value));
    case 'list':
      return node.items.length === 0;
    case 'map':
      return node.entries.length === 0;
  }
}

/** A scalar's text with its place. */
export function locatedText(node: DocumentNode | undefined): LocatedText | undefined {
  const text = textOf(node);
  return node === undefined || text === undefined ? undefined : { text, location: node.location };
}

/** A list of texts, or one text, with their places. */
export function locatedTexts(node: DocumentNode | undefined): readonly LocatedText[] {
  const nodes = node?.kind === 'scalar' ? [node] : itemsOf(node);
  return nodes.flatMap((item) => locatedText(item) ?? []);
}

/** The text of a scalar as a file of its own, which another document holds. */
export function embeddedText(
  node: DocumentNode | undefined,
  path: string,
): EmbeddedText | undefined {
  const text = textOf(node);
  if (node === undefined || text === undefined) return undefined;
  const isBlock = node.kind === 'scalar' && node.isBlock === true;
  const { file, line = 1 } = node.location;
  const first = isBlock ? line + 1 : line;
  return { path, text, within: { file, line: first, ...(!isBlock && { folded: true }) } };
}

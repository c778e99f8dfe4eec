import type { DocumentNode } from '../../model/settings.ts';
import { at, itemsOf, textOf } from './document.ts';

/** The objects of a document, which may be a list of them. */
export function listed(document: DocumentNode): readonly DocumentNode[] {
  const items = at(document, 'items');
  return items === undefined ? [document] : itemsOf(items).flatMap(listed);
}

/** `Kind`, name and namespace of an object. */
export function nameOf(object: DocumentNode) {
  return {
    kind: textOf(at(object, 'kind')) ?? '',
    name: textOf(at(object, 'metadata', 'name')) ?? '',
    namespace: textOf(at(object, 'metadata', 'namespace')) ?? 'default',
  };
}

import type { DocumentNode } from '../../model/settings.ts';
import { textOf } from './document.ts';

/** How a Secret or ConfigMap writes its values: `data` of a Secret is base64. */
export type HeldEncoding = 'base64' | 'utf8';

/**
 * The value of a key of a Secret or ConfigMap; undefined where something else fills it in before Kubernetes gets it:
 * a template, SOPS, or nothing at all. Kubernetes takes standard base64 with its padding, and line breaks in it.
 */
export function heldValue(
  node: DocumentNode | undefined,
  encoding: HeldEncoding,
): Buffer | undefined {
  const text = textOf(node);
  if (text === undefined || toBeFilledIn.test(text)) return undefined;
  if (encoding === 'utf8') return Buffer.from(text);
  const bare = text.replaceAll(/[\r\n]/g, '');
  const isPacked = bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
  return isPacked ? Buffer.from(bare, 'base64') : undefined;
}

const toBeFilledIn = /\{\{|\{%|<%|\$\{|\$\(|^ENC\[/;

import type { DocumentNode } from '../model/settings.ts';
import type { KeyType } from './config-keys.ts';
import type { RawValue } from './raw-settings.ts';
import { type ProblemReason } from '../model/settings-problem.ts';

export type Decoded =
  /** No value when the key holds null, which leaves the default. */
  | { readonly ok: true; readonly value?: RawValue }
  /** JSON's name of what is there, and Go's of what should be. */
  | {
      readonly ok: false;
      readonly found: string;
      readonly wanted: string;
      readonly why?: ProblemReason;
    };

/** Decodes a YAML value into a Go field, by way of JSON as sigs.k8s.io/yaml does. */
export function decodeValue(node: DocumentNode, type: KeyType): Decoded {
  if (node.kind === 'scalar' && node.value === null) return { ok: true };
  switch (type) {
    case 'any':
      return { ok: true, value: describe(node) };
    case 'string':
      return decodeString(node);
    case 'bool':
      return decodeBoolean(node);
    case 'uint':
      return decodeNumber(node);
    case '[]string':
      return decodeList(node);
  }
}

function textOf({ value, asText }: Extract<DocumentNode, { kind: 'scalar' }>): string {
  return asText ?? String(value ?? '');
}

/** Numbers and booleans become text where Go wants text (yaml.go convertToJSONableObject). */
function decodeString(node: DocumentNode): Decoded {
  if (node.kind === 'scalar') return { ok: true, value: textOf(node) };
  return { ok: false, found: jsonType(node), wanted: 'string' };
}

function decodeBoolean(node: DocumentNode): Decoded {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') {
    return { ok: true, value: node.value };
  }
  return {
    ok: false,
    found: jsonType(node),
    wanted: 'bool',
    why: 'quoted-boolean',
  };
}

/** JSON's number has to be one of Go's uint as it is written. */
function decodeNumber(node: DocumentNode): Decoded {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') {
    return { ok: false, found: jsonType(node), wanted: 'uint' };
  }
  const isInteger = /^\d+$/.test(node.asText ?? '');
  const written = isInteger ? (node.asText ?? '') : String(node.value);
  return /^\d+$/.test(written) && BigInt(written) < 2n ** 64n
    ? { ok: true, value: written }
    : { ok: false, found: `number ${written}`, wanted: 'uint' };
}

function decodeList(node: DocumentNode): Decoded {
  if (node.kind !== 'list') {
    return {
      ok: false,
      found: jsonType(node),
      wanted: '[]string',
      why: 'no-list',
    };
  }
  const texts = node.items.map((item) => (item.kind === 'scalar' ? textOf(item) : ''));
  return { ok: true, value: texts };
}

function describe(node: DocumentNode): RawValue {
  if (node.kind === 'list') return node.items.map((item) => String(describe(item)));
  return node.kind === 'map'
    ? ''
    : typeof node.value === 'boolean'
      ? node.value
      : String(node.value);
}

/** What encoding/json calls the kind of a value. */
export function jsonType(node: DocumentNode): string {
  if (node.kind === 'map') return 'object';
  if (node.kind === 'list') return 'array';
  return typeof node.value === 'boolean' ? 'bool' : typeof node.value;
}

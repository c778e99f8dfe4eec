import type { DocumentNode } from '../model/settings.ts';
import type { Misfit } from './json-errors.ts';
import type { KeyType, NumberType } from './config-keys.ts';
import type { RawValue } from './raw-settings.ts';
import type { ProblemReason } from '../model/problem-words.ts';

export type Decoded =
  /** No value when the key holds null, which leaves the default. */
  | { readonly ok: true; readonly value?: RawValue }
  | (Misfit & { readonly ok: false; readonly why?: ProblemReason });

/** Decodes a YAML value into a Go field, by way of JSON as sigs.k8s.io/yaml does. */
export function decodeValue(node: DocumentNode, type: KeyType): Decoded {
  if (node.kind === 'scalar' && node.value === null) return { ok: true };
  return isNumberType(type) ? decodeNumber(node, type) : decoders[type](node);
}

const decoders: Readonly<Record<Exclude<KeyType, NumberType>, (node: DocumentNode) => Decoded>> = {
  any: (node) => ({ ok: true, value: describe(node) }),
  string: decodeString,
  bool: decodeBoolean,
  '[]string': decodeTexts,
  '[]uint16': decodeNumbers,
  'func(*tls.Conn, error)': (node) => misfit(node, 'func(*tls.Conn, error)'),
  'zap.Logger': decodeLogger,
};

function isNumberType(type: KeyType): type is NumberType {
  return type in limits;
}

function textOf({ value, asText }: Extract<DocumentNode, { kind: 'scalar' }>): string {
  return asText ?? String(value ?? '');
}

/** A number or a boolean is no text: etcd's decoder does not know the field that it reads into (yaml.go). */
function decodeString(node: DocumentNode): Decoded {
  const type = jsonType(node);
  return node.kind === 'scalar' && type === 'string'
    ? { ok: true, value: textOf(node) }
    : { ok: false, found: type, wanted: 'string' };
}

function decodeBoolean(node: DocumentNode): Decoded {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') {
    return { ok: true, value: node.value };
  }
  return { ok: false, found: jsonType(node), wanted: 'bool', why: 'quoted-boolean' };
}

/** JSON's number has to be one of Go's integers as it is written. */
function decodeNumber(node: DocumentNode, wanted: NumberType): Decoded {
  if (node.kind !== 'scalar' || typeof node.value !== 'number') {
    return { ok: false, found: jsonType(node), wanted };
  }
  const isInteger = /^-?\d+$/.test(node.asText ?? '');
  const written = isInteger ? (node.asText ?? '') : String(node.value);
  const [least, most] = limits[wanted];
  const fits = /^-?\d+$/.test(written) && BigInt(written) >= least && BigInt(written) <= most;
  if (!fits) return { ok: false, found: `number ${written}`, wanted };
  return { ok: true, value: wanted === 'time.Duration' ? `${written}ns` : written };
}

const signed = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const unsigned = [0n, 2n ** 64n - 1n] as const;
const limits: Readonly<Record<NumberType, readonly [bigint, bigint]>> = {
  uint: unsigned,
  uint16: [0n, 2n ** 16n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: unsigned,
  int: signed,
  int64: signed,
  'time.Duration': signed,
};

function misfit(node: DocumentNode, wanted: string): Decoded {
  return { ok: false, found: jsonType(node), wanted };
}

/** An object, whose keys are no fields; the YAML library has made texts of numbers and booleans for it. */
function decodeLogger(node: DocumentNode): Decoded {
  if (node.kind === 'map') return { ok: true };
  const found = node.kind === 'list' ? 'array' : 'string';
  return { ok: false, found, wanted: 'zap.Logger' };
}

function decodeNumbers(node: DocumentNode): Decoded {
  if (node.kind !== 'list') return misfit(node, '[]uint16');
  for (const [item, each] of node.items.entries()) {
    const decoded = isNull(each) ? undefined : decodeNumber(each, 'uint16');
    if (decoded?.ok === false) return { ...decoded, item };
  }
  return { ok: true };
}

function decodeTexts(node: DocumentNode): Decoded {
  if (node.kind !== 'list') {
    return { ok: false, found: jsonType(node), wanted: '[]string', why: 'no-list' };
  }
  const types = node.items.map((each) => (isNull(each) ? 'string' : jsonType(each)));
  const item = types.findIndex((type) => type !== 'string');
  if (item >= 0) return { ok: false, found: types[item] ?? '', wanted: 'string', item };
  const texts = node.items.map((each) => (each.kind === 'scalar' ? textOf(each) : ''));
  return { ok: true, value: texts };
}

/** An empty text, in a list. */
function isNull(node: DocumentNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The first value that JSON has no way to write: infinity, or what is no number. */
export function unsupportedIn(node: DocumentNode): DocumentNode | undefined {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.asText !== undefined ? node : undefined;
    case 'list':
      return firstOf(node.items);
    case 'map':
      return firstOf(node.entries.map(({ value }) => value));
  }
}

function firstOf(nodes: readonly DocumentNode[]): DocumentNode | undefined {
  return nodes.map(unsupportedIn).find((node) => node !== undefined);
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

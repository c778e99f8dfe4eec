import type * as Yaml from 'yaml';
import { defined } from '../../etcd/defined.ts';
import { resolveGoScalar } from '../../etcd/go-yaml-scalar.ts';
import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { DocumentEntry, DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';

/** YAML 1.1 takes `yes` and `on` for true, as etcd's decoder does; Kubernetes tools write and read the same. */
export type Dialect = '1.1' | '1.2';

export type YamlReading =
  | { readonly ok: true; readonly documents: readonly DocumentNode[] }
  | { readonly ok: false; readonly error: string; readonly location: Location };

/** What is told of a file that should be YAML and is not. */
export function malformedYaml(
  path: string,
  { error, location }: Extract<YamlReading, { readonly ok: false }>,
): UnreadText {
  const reason = `not valid YAML: ${error}`;
  return { path, ...defined({ line: location.line }), reason, malformed: true };
}

/** More than any settings file has; aliases of aliases could make billions out of a few lines. */
const mostNodes = 200_000;
const deepest = 200;

/** Reads YAML or JSON with the place of every value. Never rejects over what the text holds. */
export async function readYaml(file: TextFile, dialect: Dialect = '1.2'): Promise<YamlReading> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const documents = yaml.parseAllDocuments(file.text, {
    version: dialect,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // Old dates and binaries would become objects.
    ...(dialect === '1.1' ? { customTags: (tags) => tags.filter(isPlain) } : {}),
  });
  if (!Array.isArray(documents)) return { ok: true, documents: [] };

  const [error] = documents.flatMap((document) => document.errors);
  if (error !== undefined) {
    return { ok: false, error: error.message, location: place(file.path, lines, error.pos[0]) };
  }
  return convertAll(documents, {
    yaml,
    lines,
    path: file.path,
    dialect,
    left: mostNodes,
    depth: 0,
  });
}

function isPlain(tag: Yaml.Tags[number]): boolean {
  return typeof tag === 'string' || !/(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag);
}

interface Converter {
  readonly yaml: typeof Yaml;
  readonly lines: Yaml.LineCounter;
  readonly path: string;
  readonly dialect: Dialect;
  /** How many nodes may still be made. */
  left: number;
  /** How many nodes are around the one being made; an alias may stand within its own anchor. */
  depth: number;
}

class TooManyNodes extends Error {}

function convertAll(documents: readonly Yaml.Document.Parsed[], converter: Converter): YamlReading {
  try {
    const roots = documents.map((document) => convert(document.contents, document, converter));
    return { ok: true, documents: roots };
  } catch (error) {
    if (!(error instanceof TooManyNodes || error instanceof ReferenceError)) throw error;
    const reason =
      error instanceof TooManyNodes
        ? 'it is too large or nested too deep, perhaps by its aliases'
        : error.message;
    return { ok: false, error: reason, location: { file: converter.path } };
  }
}

function convert(node: unknown, document: Yaml.Document, converter: Converter): DocumentNode {
  converter.left -= 1;
  converter.depth += 1;
  if (converter.left < 0 || converter.depth > deepest) throw new TooManyNodes();

  const converted = converter.yaml.isAlias(node)
    ? convertAlias(node, document, converter)
    : convertValue(node, document, converter);
  converter.depth -= 1;
  return converted;
}

function convertAlias(
  alias: Yaml.Alias,
  document: Yaml.Document,
  converter: Converter,
): DocumentNode {
  const anchored = alias.resolve(document);
  if (anchored === undefined) throw new ReferenceError(`no anchor is named ${alias.source}`);
  return convert(anchored, document, converter);
}

function convertValue(node: unknown, document: Yaml.Document, converter: Converter): DocumentNode {
  const { yaml } = converter;
  const location = placeOf(node, converter);
  if (yaml.isMap(node)) {
    const entries = node.items.flatMap((pair) => convertPair(pair, document, converter));
    return { kind: 'map', location, entries };
  }
  if (yaml.isSeq(node)) {
    const items = node.items.map((item) => convert(item, document, converter));
    return { kind: 'list', location, items };
  }
  return yaml.isScalar(node)
    ? { kind: 'scalar', ...convertScalar(node, location, converter) }
    : { kind: 'scalar', location, value: null };
}

function convertScalar(node: Yaml.Scalar, location: Location, { dialect }: Converter) {
  if (dialect === '1.1' && node.type === 'PLAIN' && node.tag === undefined) {
    return { location, ...resolveGoScalar(node.source ?? '') };
  }
  const value = plain(node.value);
  if (node.type === 'BLOCK_LITERAL') return { location, value, isBlock: true };
  // Folded lines begin below their key, too, and become one.
  if (node.type !== 'BLOCK_FOLDED') return { location, value };
  const { file, line = 0 } = location;
  return { location: { file, line: line + 1 }, value };
}

function convertPair(
  pair: Yaml.Pair,
  document: Yaml.Document,
  converter: Converter,
): readonly DocumentEntry[] {
  const value = convert(pair.value, document, converter);
  const key = keyOf(pair.key, converter);
  if (key === '<<') return merged(value);
  return [{ key, location: placeOf(pair.key, converter), value }];
}

/** As it is written: `yes` stays a name where it stands before a colon. */
function keyOf(key: unknown, { yaml }: Converter): string {
  if (!yaml.isScalar(key)) return '';
  return key.source ?? String(key.value);
}

/** Entries merged in stand before the map's own, which win by being last. */
function merged(value: DocumentNode): readonly DocumentEntry[] {
  if (value.kind === 'map') return value.entries;
  return value.kind === 'list' ? value.items.toReversed().flatMap(merged) : [];
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' ? value : null;
}

function placeOf(node: unknown, { yaml, lines, path }: Converter): Location {
  const range = yaml.isNode(node) ? node.range : undefined;
  return place(path, lines, range?.[0] ?? 0);
}

function place(file: string, lines: Yaml.LineCounter, offset: number): Location {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? { file } : { file, line, column: col };
}

/** The documents of several files, and which of them are no YAML. */
export async function readDocuments(files: readonly TextFile[]): Promise<{
  readonly documents: readonly DocumentNode[];
  readonly notUnderstood: readonly UnreadText[];
}> {
  const documents: DocumentNode[] = [];
  const notUnderstood: UnreadText[] = [];
  for (const file of files) {
    const yaml = await readYaml(file);
    if (yaml.ok) documents.push(...yaml.documents);
    else notUnderstood.push(malformedYaml(file.path, yaml));
  }
  return { documents, notUnderstood };
}

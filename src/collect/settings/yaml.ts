import type * as Yaml from 'yaml';
import { defined } from '../../model/defined.ts';
import { resolveGoScalar } from '../../etcd/go-yaml-scalar.ts';
import type { TextFile, UnreadText } from '../../model/draft.ts';
import type { DocumentEntry, DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';

type YamlParser = typeof import('./yaml-parser.ts');

/** YAML 1.1 reads `yes` and `on` as true, as etcd's decoder does; Kubernetes tools write and read the same. */
export type Dialect = '1.1' | '1.2';

export type YamlReading =
  | { readonly ok: true; readonly documents: readonly DocumentNode[] }
  | { readonly ok: false; readonly error: string; readonly location: Location };

/** What is reported of a file that should be YAML and is not. */
export function malformedYaml(
  path: string,
  { error, location }: Extract<YamlReading, { readonly ok: false }>,
): UnreadText {
  const reason = `not valid YAML: ${error}`;
  return { path, ...defined({ line: location.line }), reason, malformed: true };
}

/**
 * More than any settings file has. Aliases of aliases could make billions of nodes out of a few lines, and a
 * megabyte of plain YAML costs seconds and hundreds of megabytes before a node is seen.
 */
const mostNodes = 100_000;
const mostTokens = 300_000;
const deepest = 200;

/** JSON costs a hundredth of that; lists of Secrets are long. */
const mostJsonNodes = 1_000_000;

/** Reads YAML or JSON with the place of every value. Never rejects over what the text holds. */
export async function readYaml(file: TextFile, dialect: Dialect = '1.2'): Promise<YamlReading> {
  const yaml = await import('./yaml-parser.ts');
  try {
    return compose(file, dialect, yaml);
  } catch (error) {
    // RangeError: the stack of the reader is at its end.
    if (!(error instanceof OverBudget || error instanceof RangeError)) throw error;
    const json = error instanceof OverBudget ? readJson(file) : undefined;
    const reason = 'the document is too large or nested too deeply, possibly through aliases';
    return json ?? { ok: false, error: reason, location: { file: file.path } };
  }
}

class OverBudget extends Error {}

function compose(file: TextFile, dialect: Dialect, yaml: YamlParser): YamlReading {
  const lines = new yaml.LineCounter();
  lines.addNewLine(0);
  const parser = new yaml.Parser(lines.addNewLine);
  const composer = new yaml.Composer({
    version: dialect,
    uniqueKeys: false,
    prettyErrors: false,
    // Old dates and binaries would become objects.
    ...(dialect === '1.1' ? { customTags: (tags) => tags.filter(isPlain) } : {}),
  });
  const documents = [
    ...composer.compose(tokensOf(file.text, parser, yaml), false, file.text.length),
  ];

  const [error] = documents.flatMap((document) => document.errors);
  if (error !== undefined) {
    return { ok: false, error: error.message, location: place(file.path, lines, error.pos[0]) };
  }
  return convertAll(documents, {
    yaml,
    lines,
    path: file.path,
    text: file.text,
    dialect,
    left: mostNodes,
    depth: 0,
  });
}

/** Counts before anything is built; what is nested in one line, or in brackets, has no end of its own. */
function* tokensOf(text: string, parser: Yaml.Parser, yaml: YamlParser): Generator<Yaml.CST.Token> {
  let left = mostTokens;
  let brackets = 0;
  let indicators = 0;
  for (const lexeme of new yaml.Lexer().lex(text)) {
    left -= 1;
    brackets += bracketDepth.get(lexeme) ?? 0;
    if (/^\r?\n$/.test(lexeme)) indicators = 0;
    else if (lexeme === '-' || lexeme === '?') indicators += 1;
    if (left < 0 || Math.max(brackets, indicators) > deepest) throw new OverBudget();
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

const bracketDepth = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
]);

/** What is too long for a reader that knows places, and is JSON: the values without their places. */
function readJson({ path, text }: TextFile): YamlReading | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const budget = { left: mostJsonNodes };
  try {
    return { ok: true, documents: [fromJson(JSON.parse(text), path, budget)] };
  } catch (error) {
    if (
      error instanceof SyntaxError ||
      error instanceof OverBudget ||
      error instanceof RangeError
    ) {
      return undefined;
    }
    throw error;
  }
}

function fromJson(value: unknown, file: string, budget: { left: number }): DocumentNode {
  budget.left -= 1;
  if (budget.left < 0) throw new OverBudget();
  const location = { file };
  if (Array.isArray(value)) {
    return { kind: 'list', location, items: value.map((item) => fromJson(item, file, budget)) };
  }
  if (typeof value !== 'object' || value === null) {
    return { kind: 'scalar', location, value: plain(value) };
  }
  const entries = Object.entries(value).map(([key, item]) => ({
    key,
    location,
    value: fromJson(item, file, budget),
  }));
  return { kind: 'map', location, entries };
}

function isPlain(tag: Yaml.Tags[number]): boolean {
  return typeof tag === 'string' || !/(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag);
}

interface Converter {
  readonly yaml: YamlParser;
  readonly lines: Yaml.LineCounter;
  readonly path: string;
  readonly text: string;
  readonly dialect: Dialect;
  /** How many nodes may still be made. */
  left: number;
  /** How many nodes are around the one being made; an alias may be within its own anchor. */
  depth: number;
}

function convertAll(documents: readonly Yaml.Document[], converter: Converter): YamlReading {
  const roots: DocumentNode[] = [];
  for (const document of documents) {
    const targets = targetsIn(document, converter.yaml);
    const lost = [...targets].find(([, target]) => target === undefined)?.[0];
    if (lost !== undefined) {
      const error = `there is no anchor ${lost.source}`;
      return { ok: false, error, location: placeOf(lost, converter) };
    }
    roots.push(convert(document.contents, targets, converter));
  }
  return { ok: true, documents: roots };
}

/** An alias means the last anchor of its name before it. */
type Targets = ReadonlyMap<Yaml.Alias, Yaml.Node | undefined>;

function targetsIn(document: Yaml.Document, yaml: YamlParser): Targets {
  const anchors = new Map<string, Yaml.Node>();
  const targets = new Map<Yaml.Alias, Yaml.Node | undefined>();
  yaml.visit(document, {
    Alias: (_, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_, node) => void (node.anchor !== undefined && anchors.set(node.anchor, node)),
  });
  return targets;
}

function convert(node: unknown, targets: Targets, converter: Converter): DocumentNode {
  converter.left -= 1;
  converter.depth += 1;
  if (converter.left < 0 || converter.depth > deepest) throw new OverBudget();

  const { yaml } = converter;
  const converted = yaml.isAlias(node)
    ? convert(targets.get(node), targets, converter)
    : convertValue(node, targets, converter);
  converter.depth -= 1;
  return converted;
}

function convertValue(node: unknown, targets: Targets, converter: Converter): DocumentNode {
  const { yaml } = converter;
  const location = placeOf(node, converter);
  if (yaml.isMap(node)) {
    const template = templateIn(node, converter);
    if (template !== undefined) return { kind: 'scalar', location, value: template };
    const entries = node.items.flatMap((pair) => convertPair(pair, targets, converter));
    return { kind: 'map', location, entries };
  }
  if (yaml.isSeq(node)) {
    const items = node.items.map((item) => convert(item, targets, converter));
    return { kind: 'list', location, items };
  }
  return yaml.isScalar(node)
    ? { kind: 'scalar', ...convertScalar(node, location, converter) }
    : { kind: 'scalar', location, value: null };
}

/** `{{ value }}` without quotes, which a template fills in, is a map in a map to YAML. */
function templateIn({ flow, range }: Yaml.YAMLMap, { text }: Converter): string | undefined {
  const [start, end] = range ?? [0, 0];
  return flow === true && text.startsWith('{{', start) ? text.slice(start, end) : undefined;
}

function convertScalar(node: Yaml.Scalar, location: Location, { dialect }: Converter) {
  if (dialect === '1.1' && node.type === 'PLAIN' && node.tag === undefined) {
    return { location, ...resolveGoScalar(node.source ?? '') };
  }
  const value = plain(node.value);
  if (typeof value === 'number') return { location, value, ...asWritten(node) };
  if (node.type === 'BLOCK_LITERAL') return { location, value, isBlock: true };
  // Folded lines begin below their key, too, and become one.
  if (node.type !== 'BLOCK_FOLDED') return { location, value };
  const { file, line = 0 } = location;
  return { location: { file, line: line + 1 }, value };
}

/** Octal to YAML 1.1, and decimal to 1.2. */
function asWritten({ source = '' }: Yaml.Scalar): { readonly asText?: string } {
  return /^0\d/.test(source) ? { asText: source } : {};
}

function convertPair(
  pair: Yaml.Pair,
  targets: Targets,
  converter: Converter,
): readonly DocumentEntry[] {
  const value = convert(pair.value, targets, converter);
  const key = keyOf(pair.key, converter);
  if (key === '<<') return merged(value);
  return [{ key, location: placeOf(pair.key, converter), value }];
}

/** As it is written: `yes` stays a name before a colon. */
function keyOf(key: unknown, { yaml }: Converter): string {
  if (!yaml.isScalar(key)) return '';
  return key.source ?? String(key.value);
}

/** Entries merged in come before the map's own, which win by being last. */
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
    if (!yaml.ok) notUnderstood.push(malformedYaml(file.path, yaml));
    else for (const document of yaml.documents) documents.push(document);
  }
  return { documents, notUnderstood };
}

import type { z } from 'zod';
import { InputError } from '../../input-error.ts';
import type { TextFile } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { readYaml } from '../settings/yaml.ts';
import { table } from '../../model/table.ts';
import { isMissing, issueWords } from '../../schema/issue-words.ts';

/** A checked YAML file that still knows where each value is written. */
export interface YamlFile<Content> {
  readonly content: Content;
  readonly locate: (...path: readonly PropertyKey[]) => Location;
}

/** What says of a file that does not fit its schema where it fails and what to write. */
export interface Advice {
  /** What to do about the file as a whole. */
  readonly hint: string;
  /** What to do about a value in it; the same where absent. */
  readonly hintWithin?: string;
  /** What to write instead of a key. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Of a schema that is a choice: the one that this content was meant for. */
  readonly closest?: (content: unknown) => z.ZodType;
}

/** Reads one of our own YAML files. Throws INVENTORY_MALFORMED with file, line, column and what to write instead. */
export async function readYamlFile<Content>(
  file: TextFile,
  schema: z.ZodType<Content>,
  advice: Advice,
): Promise<YamlFile<Content>> {
  const yaml = await readYaml(file);
  if (!yaml.ok) throw malformed(yaml.location, yaml.error, 'fix the YAML there');

  const [root, second] = yaml.documents;
  if (root === undefined) throw malformed({ file: file.path }, 'the file is empty', advice.hint);
  if (second !== undefined) throw malformed(second.location, 'a second document', 'keep one');
  const twice = findDuplicate(root);
  if (twice !== undefined)
    throw malformed(twice.location, `"${twice.key}" is set twice`, 'keep one');

  const locate = (...path: readonly PropertyKey[]): Location => locationOf(root, path);
  const content = plain(root);
  const checked = schema.safeParse(content);
  if (checked.success) return { content: checked.data, locate };
  const error = advice.closest?.(content).safeParse(content).error ?? checked.error;
  const { message, path, fix } = mistakeOf(error, advice);
  throw malformed(locate(...path), message, fix);
}

/** A misspelt key leaves the right one missing: the misspelling is the mistake to report. */
function mistakeOf({ issues }: z.ZodError, advice: Advice): Explanation & { fix: string } {
  const { hint, hintWithin = hint, keys = noHints } = advice;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) return { path: [], message: 'the file cannot be read', fix: hint };
  const mistake = explain(issue, keys);
  const [key = 'version'] = mistake.path;
  return { fix: key === 'version' ? hint : hintWithin, ...mistake };
}

const noHints = table<string>({});

/** The error for a place in one of our own YAML files. */
export function malformed(
  { file, line, column }: Location,
  what: string,
  hint: string,
): InputError {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return new InputError('INVENTORY_MALFORMED', `${place}: ${what}`, { hint });
}

function explain(issue: z.core.$ZodIssue, keyHints: NonNullable<Advice['keys']>): Explanation {
  const { path, message, wanted } = issueWords(issue, 'the file');
  if (wanted.code === 'unrecognized_keys') {
    const [key = ''] = wanted.keys;
    return {
      path: [...path, key],
      message: `unknown key "${key}" ${path.length === 0 ? 'at the top' : `in ${path.join('.')}`}`,
      fix: keyHints[key] ?? 'check the spelling; the published JSON Schema lists all keys',
    };
  }
  const fix = fixOf(wanted);
  return { path, message, ...(fix !== undefined && { fix }) };
}

/** What to do about a value of another kind. */
function fixOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== 'invalid_type' || isMissing(issue) || issue.path.length === 0)
    return undefined;
  if (issue.expected === 'array') return 'put it in brackets, also where it is one: [VALUE]';
  return issue.expected === 'string'
    ? 'put it in quotes: YAML reads 3.5 as a number and yes as a boolean'
    : undefined;
}

interface Explanation {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly fix?: string;
}

function plain(node: DocumentNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  }
}

/** The place of a value, or of the nearest thing around it that is there. */
function locationOf(root: DocumentNode, path: readonly PropertyKey[]): Location {
  let node = root;
  let { location } = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    ({ node, location } = next);
  }
  return location;
}

function childOf(node: DocumentNode, step: PropertyKey) {
  if (node.kind === 'list') {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { node: item, location: item.location };
  }
  if (node.kind === 'scalar') return undefined;
  const entry = node.entries.findLast(({ key }) => key === step);
  return entry === undefined ? undefined : { node: entry.value, location: entry.location };
}

function findDuplicate(node: DocumentNode): { key: string; location: Location } | undefined {
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'list') return firstOf(node.items.map(findDuplicate));
  const seen = new Set<string>();
  for (const { key, location, value } of node.entries) {
    if (seen.has(key)) return { key, location };
    seen.add(key);
    const below = findDuplicate(value);
    if (below !== undefined) return below;
  }
  return undefined;
}

function firstOf<Value>(values: readonly (Value | undefined)[]): Value | undefined {
  return values.find((value) => value !== undefined);
}

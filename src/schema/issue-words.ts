import type { z } from 'zod';

/** What does not fit a schema, in words for the person who wrote it. */
export interface IssueWords {
  readonly path: readonly PropertyKey[];
  /** `is missing`, `must be a list`, or the schema's own words. */
  readonly what: string;
  /** With the place: `members.0.name is missing`. */
  readonly message: string;
  /** The innermost of what does not fit. */
  readonly wanted: z.core.$ZodIssue;
}

/** zod speaks of types; a person wants to know which key, and what to write. `whole` is what has no key. */
export function issueWords(issue: z.core.$ZodIssue, whole: string): IssueWords {
  const wanted = closest(issue);
  const { path } = wanted;
  const where = path.length === 0 ? whole : path.join('.');
  const demand = demandOf(wanted);
  const what = demand ?? wanted.message;
  const message = demand === undefined ? `${where}: ${what}` : `${where} ${what}`;
  return { path, what, message, wanted };
}

/** Of the forms that something may have, the one that fits best: the one whose mistake is deepest. */
function closest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const [inner] = issue.code === 'invalid_key' ? issue.issues : deepestFirst(issue);
  if (inner === undefined || (issue.code !== 'invalid_key' && inner.path.length === 0))
    return issue;
  return closest({ ...inner, path: [...issue.path, ...inner.path] });
}

function deepestFirst(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [];
  return issue.errors
    .flatMap(([first]) => first ?? [])
    .toSorted((one, other) => other.path.length - one.path.length);
}

/** What follows the name of the place; undefined where the schema has words of its own. */
function demandOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return isMissing(issue) ? 'is missing' : `must be ${kindOf(issue.expected)}`;
  }
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  return issue.code === 'invalid_union' ? demandOfUnion(issue) : demandOfSize(issue);
}

function demandOfSize(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `must have at most ${issue.maximum} characters`;
  }
  if (issue.code === 'invalid_format') return demandOfForm(issue);
  if (issue.code !== 'too_small') return undefined;
  if (issue.origin !== 'number' && issue.origin !== 'int') return 'must not be empty';
  return `must be ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`;
}

/** zod's own words begin so; those of a schema say what to write. */
const ownWords = 'Invalid string';

function demandOfForm({ format, pattern, message }: z.core.$ZodIssueInvalidStringFormat) {
  if (format === 'datetime') return 'must be a time such as 2026-01-31T12:00:00.000Z';
  return pattern !== undefined && message.startsWith(ownWords)
    ? `must match ${pattern}`
    : undefined;
}

function demandOfUnion(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  const kinds = issue.errors.flatMap((errors) =>
    errors.flatMap((each) => (each.code === 'invalid_type' ? kindOf(each.expected) : [])),
  );
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : kinds;
  const names = [...new Set(options.map(String))];
  return names.length === 0 ? undefined : `must be ${names.join(' or ')}`;
}

export function isMissing({ message }: z.core.$ZodIssueInvalidType): boolean {
  return message.endsWith('received undefined');
}

function kindOf(expected: string): string {
  return kinds.get(expected) ?? expected;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
]);

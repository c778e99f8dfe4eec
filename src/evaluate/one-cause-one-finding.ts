import { type About, aboutEdge } from '../model/about.ts';
import { type CatalogueEntry, type Explained, isQuestion } from '../model/check.ts';
import { severityOf } from '../model/finding.ts';
import { type Edge, isRefused, saysWhat } from '../model/forecast.ts';
import type { Result } from '../model/report.ts';
import { severities, type Severity } from '../model/severity.ts';
import type { Unsettled } from './settle.ts';
import { groupBy } from '../model/group-by.ts';

/** What was said, before and after it was known how much each result is worth. */
export interface FoldingInput {
  readonly raw: readonly Unsettled[];
  /** In the same order. */
  readonly settled: readonly Result[];
  readonly edges: readonly Edge[];
  readonly entries: readonly CatalogueEntry[];
}

/** A failure that may explain refusals. */
interface Answer {
  readonly raw: Unsettled;
  readonly settled: Result;
  readonly explains: readonly Explained[];
}

/**
 * Makes each refused connection a part of the failures that explain it: those of a check that explains
 * its rule, about the same thing. A failure never counts less than what is folded into it, and lists it.
 * A connection that no failure explains keeps its own result.
 */
export function foldRefusals({ raw, settled, edges, entries }: FoldingInput): readonly Result[] {
  const explains = new Map(
    entries.filter(isQuestion).map(({ id, explains: rules = [] }) => [id, rules]),
  );
  const answers = settled.flatMap((result, index): readonly Answer[] => {
    const [rules, before] = [explains.get(result.check.id) ?? [], raw[index]];
    return rules.length === 0 || before === undefined
      ? []
      : [{ raw: before, settled: result, explains: rules }];
  });
  const failures = failuresByKey(answers);
  const parts = new Map<Result, Part>();
  const foldedInto = new Map<Result, readonly Answer[]>();
  const foldAll = (refusals: readonly Refusal[]): void => {
    for (const { causes, ...refusal } of refusals) {
      // What is part of another finding has the causes of that one.
      const final = causes.flatMap((cause) => foldedInto.get(cause.settled) ?? [cause]);
      const distinct = [...new Set(final)];
      if (fold({ ...refusal, causes: distinct }, parts)) foldedInto.set(refusal.result, distinct);
    }
  };
  foldAll(rejectionsIn(raw, settled, failures));
  foldAll(
    refusalsIn(raw, settled, { edges, entries }).map(({ edge, result }) => ({
      edge,
      result,
      causes: causesOf(edge, failures),
    })),
  );
  return settled.filter((result) => !foldedInto.has(result)).map((each) => withPart(each, parts));
}

/** What became part of a failure, and how grave that makes it. */
interface Part {
  readonly edges: Edge[];
  severity: Severity;
}

/** Whether a refused connection is reported with its causes, so that it needs no result of its own. */
function fold({ result, edge, causes }: Refusal, parts: Map<Result, Part>): boolean {
  // What rests on an assumption may be a part of a question, but never counts for a finding.
  if (result.verdict.status !== 'fail') {
    return causes.some(({ settled }) => rank(settled) <= rank(result));
  }
  const standing = causes
    .map(({ settled }) => settled)
    .filter(({ verdict }) => verdict.status === 'fail')
    .toSorted((one, other) => rank(one) - rank(other));
  for (const [index, cause] of standing.entries()) {
    const part = parts.get(cause) ?? { edges: [], severity: severityOf(cause) };
    if (edge !== undefined) part.edges.push(edge);
    if (index === 0) part.severity = higher(part.severity, severityOf(result));
    parts.set(cause, part);
  }
  return standing.length > 0;
}

interface Refusal {
  readonly result: Result;
  readonly edge?: Edge;
  readonly causes: readonly Answer[];
}

/** What checks saw to be rejected, with the failures that explain it. */
function rejectionsIn(
  raw: readonly Unsettled[],
  settled: readonly Result[],
  failures: ReadonlyMap<string, readonly Answer[]>,
): readonly Refusal[] {
  return settled.flatMap((result, index) => {
    const verdict = raw[index]?.verdict;
    if (verdict?.status !== 'fail' || verdict.rejectedBy === undefined) return [];
    const causes = causesByKey(verdict.rejectedBy, verdict.about ?? [], failures);
    return [{ result, causes: causes.filter((cause) => !isRejection(cause)) }];
  });
}

function isRejection({ raw: { verdict } }: Answer): boolean {
  return verdict.status === 'fail' && verdict.rejectedBy !== undefined;
}

interface RefusedEdge {
  readonly edge: Edge;
  readonly result: Result;
}

/** The results of connections that are refused, with their connections. */
function refusalsIn(
  raw: readonly Unsettled[],
  settled: readonly Result[],
  { edges, entries }: Pick<FoldingInput, 'edges' | 'entries'>,
): readonly RefusedEdge[] {
  const reporting = new Set(entries.filter((entry) => !isQuestion(entry)).map(({ id }) => id));
  // Two members may be given for one URL: of connections with one name, the rejected one is reported.
  const byName = new Map(
    edges
      .toSorted((one, other) => Number(isRefused(one)) - Number(isRefused(other)))
      .map((edge) => [edge.target.name, edge]),
  );
  return settled.flatMap((result, index) => {
    const verdict = raw[index]?.verdict;
    if (verdict?.status !== 'fail' || !reporting.has(result.check.id)) return [];
    const own = verdict.about?.find((about) => about.kind === 'edge');
    const edge = own === undefined ? undefined : byName.get(own.edge);
    return edge === undefined ? [] : [{ edge, result }];
  });
}

/** Failures by rule and by what they are about: the edges of a large cluster are looked up, not searched. */
function failuresByKey(answers: readonly Answer[]): ReadonlyMap<string, readonly Answer[]> {
  const failures = answers.flatMap((answer) => {
    const { verdict } = answer.raw;
    const about = verdict.status === 'fail' ? (verdict.about ?? []) : [];
    const keys = answer.explains.flatMap((rule) => about.map((each) => keyOf(rule, each)));
    return keys.map((key) => ({ key, answer }));
  });
  return groupBy(
    failures,
    ({ key }) => key,
    ({ answer }) => answer,
  );
}

function causesOf(edge: Edge, failures: ReadonlyMap<string, readonly Answer[]>): readonly Answer[] {
  // Of what was refused in fact alone, nothing is known but which connection it was.
  const isPredicted = edge.outcome === 'refused';
  const rule = isPredicted ? edge.rule : 'seen-refused';
  const about = [aboutEdge(edge), ...((isPredicted && edge.about) || [])];
  return causesByKey(rule, about, failures);
}

function causesByKey(
  rule: string,
  about: readonly About[],
  failures: ReadonlyMap<string, readonly Answer[]>,
): readonly Answer[] {
  const keys = about.flatMap(covering).map((each) => keyOf(rule, each));
  return [...new Set(keys.flatMap((key) => failures.get(key) ?? []))];
}

/** A failure of the whole certificate covers the lack of any one name. */
function covering(about: About): readonly About[] {
  if (about.kind !== 'certificate' || about.name === undefined) return [about];
  return [about, { kind: 'certificate', sha256: about.sha256 }];
}

function keyOf(rule: string, about: About): string {
  switch (about.kind) {
    case 'certificate':
      return JSON.stringify([rule, about.kind, about.sha256, about.name]);
    case 'setting':
      return JSON.stringify([rule, about.kind, about.owner, about.setting]);
    case 'file':
      return JSON.stringify([rule, about.kind, about.path, about.host]);
    case 'edge':
      return JSON.stringify([rule, about.kind, about.edge, about.next]);
  }
}

function withPart(result: Result, parts: ReadonlyMap<Result, Part>): Result {
  const part = parts.get(result);
  if (part === undefined) return quoting(result, []);
  const { severity, edges } = part;
  const isRaised = severity !== severityOf(result);
  const folded = edges.map(({ target }) => target.name);
  return {
    ...quoting(result, edges),
    ...(isRaised && { severity }),
    ...(folded.length > 0 && { folded }),
  };
}

/** Quotes no connection but those that are part of the finding, as those alone are listed with it. */
function quoting(result: Result, [edge]: readonly Edge[]): Result {
  if (result.verdict.status !== 'fail') return result;
  const { quotesConnection, rejectedBy: _rule, ...failure } = result.verdict;
  if (quotesConnection === undefined) return { ...result, verdict: failure };
  const cause = edge && saysWhat(edge);
  return { ...result, verdict: { ...failure, ...(cause !== undefined && { cause }) } };
}

function rank(result: Result): number {
  return severities.indexOf(severityOf(result));
}

function higher(one: Severity, other: Severity): Severity {
  return severities.indexOf(other) < severities.indexOf(one) ? other : one;
}
